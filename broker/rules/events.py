"""What the rules decide: facts and decisions. The journal keeps them; state is their fold.

A fact notes a step that was taken. A decision gives a visitor to a consultant. What people are told
besides is a notice (``notices``).
"""

from datetime import date, datetime

import msgspec

from broker.rules.commands import CheckIn, Consultant
from broker.rules.state import Expected, MakeUp, Ownership


def snake_case(name: str) -> str:
    """``PassedOver`` as ``passed_over``."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag=snake_case):
    """Base of all events; ``at`` is aware."""

    at: datetime


class Fact(Event, frozen=True, kw_only=True):
    """A step taken, as the journal keeps it."""


class CommandTaken(Fact, frozen=True, kw_only=True):
    """A command was decided on; counts the commands and moves the time on."""


class RosterSet(Fact, frozen=True, kw_only=True):
    """Who works here."""

    consultants: tuple[Consultant, ...]
    line: tuple[str, ...]
    here: tuple[str, ...]


class DayBegan(Fact, frozen=True, kw_only=True):
    """A new day: visits left open are over, who ended no day with ``leave`` is at their post."""

    on: date
    line: tuple[str, ...]
    here: tuple[str, ...]
    visits: tuple[str, ...] = ()
    """Open visits of this very day: the clock was set to it after they had begun."""
    off_duty: tuple[str, ...] = ()
    """Who would be at their post but is off today, by the shifts."""


class ClockSet(Fact, frozen=True, kw_only=True):
    """The hub's clock was set from ``was`` to ``at``: by ``days`` on the site's calendar.

    Every moment from ``since`` on was told by the wrong clock and moves along.
    """

    was: datetime
    since: datetime
    days: int = 0

    def moved(self, moment: datetime) -> datetime:
        """``moment``, as the right clock would have told it."""
        return moment + (self.at - self.was) if moment >= self.since else moment


class Arrived(Fact, frozen=True, kw_only=True):
    """A car came."""

    visit_id: str
    plate: str


class PlateCorrected(Fact, frozen=True, kw_only=True):
    """The car's plate is not the one that was read."""

    visit_id: str
    plate: str


class CheckedIn(Fact, frozen=True, kw_only=True):
    """The visitor said who they are."""

    visit_id: str
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None
    unseen: CheckIn | None = None
    """Answers from their own phone, which wait until a post has seen them (R23)."""


class VisitorCorrected(Fact, frozen=True, kw_only=True):
    """The visitor corrected their data; a field that is None was not given."""

    visit_id: str
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None


class KeysLearnt(Fact, frozen=True, kw_only=True):
    """The host learnt the visitor's phone, plate or name; None: it was known, or is not."""

    visit_id: str
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None


class Acknowledged(Fact, frozen=True, kw_only=True):
    """Somebody goes: the host, a manager, or, before a decision, anybody told of the car."""

    visit_id: str
    consultant_id: str


class VisitorMet(Fact, frozen=True, kw_only=True):
    """Somebody at a post has seen the visitor."""

    visit_id: str
    by: str


class CameIn(Fact, frozen=True, kw_only=True):
    """Somebody let the visitor in while the house is kept, or took what they were offered."""

    visit_id: str
    by: str | None = None


class StayedOn(Fact, frozen=True, kw_only=True):
    """The car left, its visitor is still here."""

    visit_id: str


class FamilyLinked(Fact, frozen=True, kw_only=True):
    """The visitor's phone and plate, and those of their family: one party from now on."""

    visit_id: str
    keys: tuple[str, ...]
    others: tuple[str, ...]
    by: str | None = None
    """Who says so; None: the visitor, at the tablet."""


class OwnerPhoned(Fact, frozen=True, kw_only=True):
    """Who receives for the owner, ``consultant_id``, has phoned them first."""

    visit_id: str
    consultant_id: str
    by: str
    is_reached: bool = False


class DayClosed(Fact, frozen=True, kw_only=True):
    """The manager closed the day."""


class Finished(Fact, frozen=True, kw_only=True):
    """The visit is over."""

    visit_id: str
    consultant_id: str | None = None


class Rejoined(Fact, frozen=True, kw_only=True):
    """A consultant is at the end of the line again."""

    consultant_id: str


class WentAway(Fact, frozen=True, kw_only=True):
    """A consultant left their post."""

    consultant_id: str
    is_excused: bool = False


class CameBack(Fact, frozen=True, kw_only=True):
    """A consultant is at their post."""

    consultant_id: str
    goes_to: str | None = None
    """The visit that waits and that they go to, though they were passed over for it (R25)."""


class Joined(Fact, frozen=True, kw_only=True):
    """A consultant started their day."""

    consultant_id: str
    keeps_place: bool = False
    """Before opening: in yesterday's order, not at the end (R21)."""


class Left(Fact, frozen=True, kw_only=True):
    """A consultant ended their day."""

    consultant_id: str


class Planned(Fact, frozen=True, kw_only=True):
    """A VIP or an appointment is expected."""

    expected: Expected


class Decided(Event, frozen=True, kw_only=True):
    """Whose customer this visitor is, and who receives them now (判客)."""

    visit_id: str
    owner_id: str | None = None
    host_id: str | None = None
    rule: str
    is_turn_used: bool = False
    flags: tuple[str, ...] = ()
    ownership: Ownership
    """The row of the decision table that fits; used again when the host changes."""
    turn_of: str | None = None
    """Whose turn is used; not the host's if they stand in for somebody."""
    make_up: MakeUp | None = None
    """The make-up turn that is used instead of a place in the line."""
    given_by: str | None = None
    """Who gave the visitor to this owner (R12)."""
    renews: tuple[str, ...] = ()
    """Registrations whose protection starts again, because their owner receives (R2)."""
