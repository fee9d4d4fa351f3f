"""Finds the consultant that visitors mean by what they type or scan. Pure.

``kiosk.js`` narrows the list by the same rule while they type.
"""

import re
from collections.abc import Iterable

from shared.messages import RosterEntry

_IGNORED = re.compile(r"[\s·'’\-]+")


def consultants_like(typed: str, consultants: Iterable[RosterEntry]) -> tuple[RosterEntry, ...]:
    """Those whose name holds ``typed``, or whose pinyin or initials begin with it."""
    wanted = _IGNORED.sub("", typed).lower()
    return tuple(entry for entry in consultants if wanted and _is_like(wanted, entry))


def _is_like(wanted: str, entry: RosterEntry) -> bool:
    name = _IGNORED.sub("", entry.name).lower()
    return wanted in name or any(spelling.startswith(wanted) for spelling in entry.spellings)


def consultant_on_card(
    card: str, site: str, consultants: Iterable[RosterEntry]
) -> RosterEntry | None:
    """The consultant whose card was scanned; None: no card of this site's."""
    return next(
        (entry for entry in consultants if card == f"yingbin:card:{site}:{entry.consultant_id}"),
        None,
    )
