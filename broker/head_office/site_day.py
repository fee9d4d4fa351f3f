"""A site's day as its journal's public part tells it: what happened when, and nobody's data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from broker.head_office.day_counts import CHINA, COUNTED
from broker.journal.public_chain import PublicEntry

DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class DayLine:
    """Something that happened."""

    at: datetime
    what: str
    """As ``COUNTED`` calls it, or ``DECIDED``."""
    visit: str
    """The end of its id, by which the lines of a visit are known."""
    who: str
    """Whom it names by id; empty: nobody."""
    rule: str
    """By which it was decided; empty: it is no decision."""


class _DayEvent(msgspec.Struct, frozen=True):
    type: str = ""
    at: datetime | None = None
    visit_id: str | None = None
    consultant_id: str | None = None
    host_id: str | None = None
    rule: str | None = None


class _ToldStep(msgspec.Struct, frozen=True):
    events: tuple[_DayEvent, ...] = ()


_decode = msgspec.json.Decoder(_ToldStep).decode


def day_lines(steps: Iterable[PublicEntry]) -> Iterator[DayLine]:
    """What these steps tell; one of another release tells nothing."""
    for step in steps:
        try:
            events = _decode(step.public).events
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            continue
        for event in events:
            what = COUNTED.get(event.type) or (DECIDED if event.type == DECIDED else None)
            if what and event.at and event.at.tzinfo:
                yield DayLine(
                    at=event.at.astimezone(CHINA),
                    what=what,
                    visit=(event.visit_id or "")[-6:],
                    who=event.host_id or event.consultant_id or "",
                    rule=event.rule or "",
                )
