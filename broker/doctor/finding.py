"""A check and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from broker.doctor.patient import Patient
from broker.health.site_figures import Condition


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, could be better or is not known: a sentence ``doctor.KEY``."""

    key: str
    values: dict[str, Any]
    condition: Condition

    @property
    def is_wrong(self) -> bool:
        """Whether something must be done about it."""
        return self.condition is Condition.WRONG


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table of checks.

    ``needs``: the parts of the patient that it looks at, and the checks that must be fine before.
    ``is_quick``: the page makes it anew each time; of the others it shows the last result.
    """

    name: str
    look: Callable[[Patient], Iterator[Finding]]
    needs: tuple[str, ...] = ()
    is_quick: bool = False


def wrong(key: str, **values: Any) -> Finding:
    """A finding about which something must be done."""
    return Finding(key, values, Condition.WRONG)


def hint(key: str, **values: Any) -> Finding:
    """A finding that is good to know; the site works."""
    return Finding(key, values, Condition.HINT)


def unknown(key: str, **values: Any) -> Finding:
    """What cannot be known here, and so is neither right nor wrong."""
    return Finding(key, values, Condition.UNKNOWN)
