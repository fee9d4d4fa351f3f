"""What a scenario file may say: its parts and steps, and the command for each step."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from broker.rules import commands as c
from broker.rules.policy import Policy
from shared.keys import Keyed, Name, Phone, Plate
from shared.messages import Answer3, Evidence


class Part(Keyed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all parts of the file; unknown keys are refused."""


class ScenarioConsultant(Part, frozen=True, kw_only=True):
    """A consultant."""

    id: str
    name: Name
    team: str | None = None
    has_left: bool = False


class Customer(Part, frozen=True, kw_only=True):
    """A registration made before the first step."""

    consultant: str
    at: datetime
    surname: Name | None = None
    salutation: Name | None = None
    phone: Phone | None = None
    plates: tuple[Plate, ...] = ()


class VipPlan(Part, frozen=True, kw_only=True):
    """A VIP who is expected; ``at`` is the arrival."""

    name: Name = "VIP"
    plates: tuple[Plate, ...] = ()
    phone: Phone | None = None
    level: str = "B"
    host: str | None = None
    at: datetime | None = None
    until: datetime | None = None
    exclusive: bool = False


class Booking(Part, frozen=True, kw_only=True, rename={"starts": "from", "ends": "to"}):
    """A customer who is expected between two times."""

    host: str
    starts: datetime
    ends: datetime
    phone: Phone | None = None
    plate: Plate | None = None


class Expect(Part, frozen=True, kw_only=True):
    """What the latest decision (on ``visit``) or the event must be; only given fields count."""

    event: str | UnsetType = UNSET
    visit: str | UnsetType | None = UNSET
    consultant: str | UnsetType | None = UNSET
    owner: str | UnsetType | None = UNSET
    host: str | UnsetType | None = UNSET
    rule: str | UnsetType = UNSET
    turn_used: bool | UnsetType = UNSET
    flags: tuple[str, ...] | UnsetType = UNSET
    """In any order."""


class ScenarioStep(
    Part, frozen=True, kw_only=True, rename={"for_": "for", "starts": "from", "ends": "to"}
):
    """An item of ``steps``: something that happens (``do``), or what must be true now."""

    yaml_line: int
    """The step's line; filled in by the reader of the file."""
    at: datetime | None = None
    do: str | None = None
    expect: Expect | None = None
    expect_queue: tuple[str, ...] | None = None
    visit: str | None = None
    consultant: str | None = None
    for_: str | None = None
    phone: Phone | None = None
    plate: Plate | None = None
    plates: tuple[Plate, ...] = ()
    surname: Name | None = None
    salutation: Name | None = None
    first_visit: Answer3 = Answer3.UNSURE
    family: Answer3 = Answer3.UNSURE
    contacted: Answer3 = Answer3.UNSURE
    named: Name | None = None
    evidence: Evidence = Evidence.NONE
    party_size: Annotated[int, Meta(ge=1, le=99)] | None = None
    excused: bool = False
    reason: str = ""
    order: tuple[str, ...] | None = None
    name: Name = "VIP"
    level: str = "B"
    host: str | None = None
    arrives: datetime | None = None
    until: datetime | None = None
    exclusive: bool = False
    starts: datetime | None = None
    ends: datetime | None = None

    def __post_init__(self) -> None:
        """Check that the step has only the keys of its kind."""
        super().__post_init__()
        kinds = [
            word for word in ("do", "expect", "expect_queue") if getattr(self, word) is not None
        ]
        if len(kinds) != 1:
            raise ValueError("a step has one of `do`, `expect`, `expect_queue`")
        if self.do is not None:
            self._check_words(self.do)

    def _check_words(self, do: str) -> None:
        if do not in WORDS:
            raise ValueError(f"`do: {do}` is unknown; it is one of {', '.join(WORDS)}")
        needed, allowed = WORDS[do]
        given = {name for name in _OWN_WORDS if getattr(self, name) != _OWN_WORDS[name]}
        if missing := [name for name in needed if name not in given]:
            raise ValueError(f"`do: {do}` needs `{_written(missing[0])}`")
        if odd := sorted(given - {*needed, *allowed}):
            raise ValueError(f"`do: {do}` knows no `{_written(odd[0])}`")


class Scenario(Part, frozen=True, kw_only=True):
    """A whole file."""

    site: Policy = Policy()
    consultants: Annotated[tuple[ScenarioConsultant, ...], Meta(min_length=1)]
    order: tuple[str, ...] | None = None
    duty: tuple[str, ...] = ()
    registered: tuple[Customer, ...] = ()
    vips: tuple[VipPlan, ...] = ()
    appointments: tuple[Booking, ...] = ()
    steps: tuple[ScenarioStep, ...]


_OWN_WORDS: dict[str, Any] = {
    field.name: field.default
    for field in msgspec.structs.fields(ScenarioStep)
    if field.name not in ("yaml_line", "at", "do", "expect", "expect_queue")
}
_CUSTOMER = ("phone", "plate", "surname", "salutation")
_QUESTIONS = ("first_visit", "family", "contacted", "named", "evidence", "party_size")
WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "arrive": (("plate",), ("visit",)),
    "depart": (("plate",), ()),
    "check_in": ((), ("visit", *_CUSTOMER, *_QUESTIONS)),
    "ack": (("consultant", "visit"), ()),
    "finish": (("visit",), ()),
    "away": (("consultant",), ("excused",)),
    "back": (("consultant",), ()),
    "join": (("consultant",), ()),
    "leave": (("consultant",), ()),
    "stand_in": (("consultant", "for_"), ("visit",)),
    "owner_found": (("visit", "consultant"), ()),
    "register": (("consultant",), (*_CUSTOMER, "plates", "visit")),
    "look_up": (("consultant",), ("phone", "plate", "name")),
    "rule": (("visit", "consultant", "reason"), ()),
    "vip": ((), ("name", "plates", "phone", "level", "host", "arrives", "until", "exclusive")),
    "book": (("host", "starts", "ends"), ("phone", "plate")),
    "tick": ((), ()),
    "next_day": ((), ("order",)),
}
"""For each ``do``: the keys that it needs, and the keys that it may have."""


def _written(name: str) -> str:
    return {"for_": "for", "starts": "from", "ends": "to"}.get(name, name)


def command_of(step: ScenarioStep, at: datetime, visit_id: str, policy: Policy) -> c.Command:
    """The command for ``step``; ``visit_id`` also serves as a registration's id."""
    return _COMMANDS[step.do or ""](step, at, visit_id, policy)


def _check_in(step: ScenarioStep, at: datetime, visit_id: str, _policy: Policy) -> c.Command:
    return c.CheckIn(
        at=at,
        visit_id=visit_id,
        phone=step.phone,
        plate=step.plate,
        surname=step.surname,
        salutation=step.salutation,
        first_visit=step.first_visit,
        family=step.family,
        contacted=step.contacted,
        named=step.named,
        evidence=step.evidence,
        party_size=step.party_size,
    )


def _register(step: ScenarioStep, at: datetime, visit_id: str, _policy: Policy) -> c.Command:
    return c.Register(
        at=at,
        registration_id=visit_id,
        consultant_id=step.consultant or "",
        phone=step.phone,
        plates=(*step.plates, *((step.plate,) if step.plate else ())),
        surname=step.surname,
        salutation=step.salutation,
    )


def _vip(step: ScenarioStep, at: datetime, _visit_id: str, _policy: Policy) -> c.Command:
    return c.PlanVip(
        at=at,
        name=step.name,
        plates=step.plates,
        phone=step.phone,
        level=step.level,
        host_id=step.host,
        arrives_at=step.arrives or at,
        ends_at=step.until,
        is_exclusive=step.exclusive,
    )


def _book(step: ScenarioStep, at: datetime, _visit_id: str, _policy: Policy) -> c.Command:
    return c.MakeAppointment(
        at=at,
        host_id=step.host or "",
        starts_at=step.starts or at,
        ends_at=step.ends or at,
        phone=step.phone,
        plate=step.plate,
    )


def _next_day(step: ScenarioStep, at: datetime, _visit_id: str, policy: Policy) -> c.Command:
    return c.NextDay(at=at, on=policy.local(at).date(), order=step.order)


_COMMANDS: dict[str, Callable[[ScenarioStep, datetime, str, Policy], c.Command]] = {
    "arrive": lambda s, at, v, _: c.Arrive(at=at, visit_id=v, plate=s.plate or ""),
    "depart": lambda s, at, _v, _: c.Depart(at=at, plate=s.plate or ""),
    "check_in": _check_in,
    "ack": lambda s, at, v, _: c.Ack(at=at, consultant_id=s.consultant or "", visit_id=v),
    "finish": lambda _s, at, v, _: c.Finish(at=at, visit_id=v),
    "away": lambda s, at, _v, _: c.Away(
        at=at, consultant_id=s.consultant or "", is_excused=s.excused
    ),
    "back": lambda s, at, _v, _: c.Back(at=at, consultant_id=s.consultant or ""),
    "join": lambda s, at, _v, _: c.Join(at=at, consultant_id=s.consultant or ""),
    "leave": lambda s, at, _v, _: c.Leave(at=at, consultant_id=s.consultant or ""),
    "stand_in": lambda s, at, _v, _: c.StandIn(
        at=at, consultant_id=s.consultant or "", for_id=s.for_ or ""
    ),
    "owner_found": lambda s, at, v, _: c.OwnerFound(
        at=at, visit_id=v, consultant_id=s.consultant or ""
    ),
    "register": _register,
    "look_up": lambda s, at, _v, _: c.LookUp(
        at=at, consultant_id=s.consultant or "", phone=s.phone, plate=s.plate
    ),
    "rule": lambda s, at, v, _: c.Rule(
        at=at, visit_id=v, consultant_id=s.consultant or "", reason=s.reason
    ),
    "vip": _vip,
    "book": _book,
    "tick": lambda _s, at, _v, _: c.Tick(at=at),
    "next_day": _next_day,
}


def time_of(step: ScenarioStep, now: datetime | None, policy: Policy) -> datetime | None:
    """When ``step`` happens: its ``at``; else ``next_day`` at opening and other steps at once."""
    if step.at is not None or step.do != "next_day" or now is None:
        return step.at or now
    hours, minutes = (int(part) for part in policy.open.split(":"))
    tomorrow = policy.local(now) + timedelta(days=1)
    return tomorrow.replace(hour=hours, minute=minutes, second=0, microsecond=0)
