"""What a day at a site came to, counted from the public parts of its steps."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone

import msgspec

from broker.journal.public_chain import PublicEntry
from broker.journal.steps import STEP

CHINA = timezone(timedelta(hours=8))
"""One time for all of the country's sites, summer and winter."""
COUNTED: Mapping[str, str] = {
    "arrived": "arrivals",
    "checked_in": "check_ins",
    "acknowledged": "answers",
    "passed_over": "passed_over",
    "registered": "registrations",
    "finished": "receptions",
    "dispute_opened": "disputes",
}
"""Which events of a step count, and as what."""
DayCount = tuple[str, str]
"""A day, ``2026-11-23``, and what is counted."""


class _ToldEvent(msgspec.Struct, frozen=True):
    type: str = ""


class _Step(msgspec.Struct, frozen=True):
    events: tuple[_ToldEvent, ...] = ()


_decode = msgspec.json.Decoder(_Step).decode


def day_counts(
    entries: Iterable[PublicEntry], instead_of: Iterable[PublicEntry] = ()
) -> Counter[DayCount]:
    """What ``entries`` add to each day when they stand where ``instead_of`` stood."""
    found = Counter[DayCount]()
    for sign, some in ((1, entries), (-1, instead_of)):
        for entry in some:
            if entry.kind == STEP and (day := _day(entry.at)):
                for what in _counted(entry.public):
                    found[day, what] += sign
    return found


def _counted(public: str) -> list[str]:
    try:
        events = _decode(public).events
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return []  # of another release: kept as it is, and counted nowhere
    return [COUNTED[one.type] for one in events if one.type in COUNTED]


def _day(at: str) -> str | None:
    try:
        moment = datetime.fromisoformat(at)
        return moment.astimezone(CHINA).date().isoformat() if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
