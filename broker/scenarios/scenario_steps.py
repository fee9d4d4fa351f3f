"""What a scenario file may say: its parts, its steps, and the keys of each step."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from broker.rules.policy import Policy
from shared.keys import Keyed, Name, Phone, Plate
from shared.messages import Answer3, Evidence, Ground, Outcome

FOLLOW_UP = "follow_up"
"""An owner called a customer, or says when they will."""
Shown = Literal["none", "name", "sms", "card", "wechat", "registration", "reason"]
"""``Evidence`` of a visitor, or the ``Ground`` on which somebody else says whose they are."""


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
    received: bool = True
    """No: entered without a reception, by phone (R2)."""


class VipPlan(Part, frozen=True, kw_only=True):
    """A VIP who is expected; ``at`` or ``arrives`` is the arrival."""

    name: Name = "VIP"
    plates: tuple[Plate, ...] = ()
    phone: Phone | None = None
    level: str = "B"
    host: str | None = None
    at: datetime | None = None
    arrives: datetime | None = None
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
    by: str | None = None
    """Who asks for it, where that is not the host."""
    phone: Phone | None = None
    plate: Plate | None = None
    plates: tuple[Plate, ...] = ()
    surname: Name | None = None
    salutation: Name | None = None
    first_visit: Answer3 = Answer3.UNSURE
    family: Answer3 = Answer3.UNSURE
    contacted: Answer3 = Answer3.UNSURE
    named: Name | None = None
    family_named: Name | None = None
    family_phone: Phone | None = None
    evidence: Shown | None = None
    channel: str | None = None
    party_size: Annotated[int, Meta(ge=1, le=99)] | None = None
    excused: bool = False
    outcome: Outcome | None = None
    days: Annotated[int, Meta(ge=0, le=365)] | None = None
    reason: str = ""
    order: tuple[str, ...] | None = None
    name: Name | None = None
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
        kind = _EVIDENCE.get(do)
        if kind is not None and self.evidence not in (None, *kind):
            raise ValueError(f"`evidence` is one of {', '.join(kind)}")

    @property
    def all_plates(self) -> tuple[str, ...]:
        """Those of ``plates``, then ``plate``."""
        return (*self.plates, *((self.plate,) if self.plate else ()))


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
_KEYS = ("phone", "plate", "plates")
_QUESTIONS = (
    *("first_visit", "family", "contacted"),
    *("named", "family_named", "family_phone", "evidence"),
)
WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "arrive": (("plate",), ("visit",)),
    "depart": (("plate",), ()),
    "check_in": ((), ("visit", *_CUSTOMER, *_QUESTIONS, "party_size")),
    "ack": (("consultant", "visit"), ()),
    "finish": (("visit",), ()),
    "met": (("visit",), ()),
    "let_in": (("visit",), ("by",)),
    "left": (("visit",), ()),
    "still_here": (("visit",), ()),
    "away": (("consultant",), ("excused",)),
    "back": (("consultant",), ()),
    "join": (("consultant",), ()),
    "leave": (("consultant",), ()),
    "stand_in": (("consultant", "for_"), ("visit",)),
    "take_over": (("visit", "consultant"), ()),
    "take_back_skip": (("visit", "consultant"), ("reason",)),
    "hand_over": (("visit", "consultant"), ("by",)),
    "owner_found": (("visit", "consultant"), ("by", "evidence")),
    "family": (("visit",), ("by", "phone", "plate")),
    "register": (("consultant",), (*_CUSTOMER, "plates", "visit", "channel")),
    "release": (("consultant",), ()),
    "look_up": (("consultant",), ("phone", "plate", "name")),
    FOLLOW_UP: (("consultant",), (*_KEYS, "outcome", "days", "reason")),
    "rule": (("visit", "consultant", "reason"), ("by",)),
    "leaves_company": (("consultant",), ()),
    "hand_over_customers": (("consultant", "for_", "reason"), _KEYS),
    "vip": ((), ("name", "plates", "phone", "level", "host", "arrives", "until", "exclusive")),
    "book": (("host", "starts", "ends"), ("phone", "plate", "by")),
    "tick": ((), ()),
    "close_day": ((), ()),
    "next_day": ((), ("order",)),
}
"""For each ``do``: the keys that it needs, and the keys that it may have."""


_EVIDENCE: dict[str, tuple[str, ...]] = {
    "check_in": tuple(Evidence),
    "owner_found": tuple(Ground),
}


def _written(name: str) -> str:
    return {"for_": "for", "starts": "from", "ends": "to"}.get(name, name)


def time_of(step: ScenarioStep, now: datetime | None, policy: Policy) -> datetime | None:
    """When ``step`` happens: its ``at``; else ``next_day`` at opening and other steps at once."""
    if step.at is not None or step.do != "next_day" or now is None:
        return step.at or now
    hours, minutes = (int(part) for part in policy.open.split(":"))
    tomorrow = policy.local(now) + timedelta(days=1)
    return tomorrow.replace(hour=hours, minute=minutes, second=0, microsecond=0)
