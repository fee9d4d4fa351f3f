"""A day as it went (回放): what happened, and how line and visits stood after it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

SAID = {
    "told": "replay.told",
    "day_began": "replay.day_began",
    "day_closed": "replay.day_closed",
    "joined": "replay.joined",
    "left": "replay.left",
    "went_away": "replay.went_away",
    "excused": "replay.excused",
    "came_back": "replay.came_back",
    "rejoined": "replay.rejoined",
}
"""Sentences of what concerns no visit, by the event; ``excused``: away with leave."""


@dataclass(frozen=True, slots=True)
class ReplayVisit:
    """A visitor in the house."""

    visitor: str
    """A name, or a masked plate."""
    state: str
    """``arrived``, ``waiting``, ``called``, ``serving``."""
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A moment of the day."""

    at: datetime
    text: str
    kind: str
    """``decision``, ``notice``, ``fact``, ``alert``."""
    visit_id: str | None = None
    rule: str | None = None
    line: tuple[tuple[str, str | None], ...] | None = None
    """The names in the line, each with what keeps them from being called; None: as before."""
    visits: tuple[ReplayVisit, ...] | None = None
    """Who is in the house; None: as before."""


@dataclass(frozen=True, slots=True)
class DayReplay:
    """A day, moment by moment."""

    on: date
    frames: tuple[Frame, ...] = ()
    is_cut: bool = False
    """Its end is left out: more happened than a page can show."""
