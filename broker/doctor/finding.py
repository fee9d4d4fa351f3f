"""A check and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from broker.doctor.patient import Patient


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or could be better: a sentence ``doctor.KEY`` and its values."""

    key: str
    values: dict[str, Any]
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table of checks.

    ``needs``: the parts of the patient that it looks at, and the checks that must be fine before.
    """

    name: str
    look: Callable[[Patient], Iterator[Finding]]
    needs: tuple[str, ...] = ()


def wrong(key: str, **values: Any) -> Finding:
    """A finding about which something must be done."""
    return Finding(key, values, is_wrong=True)


def hint(key: str, **values: Any) -> Finding:
    """A finding that is good to know; the site works."""
    return Finding(key, values, is_wrong=False)
