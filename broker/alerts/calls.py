"""Who is told what when a car passes, a visitor checks in, is served and leaves (提醒). Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from broker.alerts.life import Kind
from broker.rules import events
from broker.rules.events import Notice, snake_case
from broker.rules.state import MANAGER
from broker.wording.alert_words import CHINESE, POSTS, TEXTS, TITLES, WORDS, listed, said
from shared.messages import Level

PLATELESS_POSTS = frozenset({"bar", "showflat", "cart"})
"""They meet people, not cars: a plate is nobody's business there."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor as staff may greet him."""

    plate: str | None = None
    name: str | None = None
    """Surname and salutation: ``张女士``."""
    is_uncertain: bool = False
    """The plate was not read for sure; nobody is told it as a fact."""
    party_size: int | None = None
    needs: tuple[str, ...] = ()
    drinks: tuple[str, ...] = ()
    place: str | None = None
    """Where he is; a word of the table, or what a person typed."""
    number: str | None = None
    """Stands on his tablet."""
    arrival_id: str | None = None
    candidates: tuple[str, ...] = ()
    """What an uncertain plate may be."""

    def label(self, language: str = CHINESE) -> str:
        """``浙A88888 张女士 2 位，需要雨伞``, as far as known."""
        plate = self.plate
        if plate and self.is_uncertain:
            plate = said(WORDS, "perhaps", language, plate=plate)
        who = " ".join(part for part in (plate, self.name) if part)
        count = str(self.party_size or "")
        people = f" {said(WORDS, 'people', language, count=count)}" if count else ""
        needs = listed(self.needs, language)
        needing = said(WORDS, "needing", language, needs=needs) if needs else ""
        return (who or said(WORDS, "visitor", language)) + people + needing

    def as_known_to(self, role: str | None) -> "Guest":
        """What a post may know of him."""
        return replace(self, plate=None) if role in PLATELESS_POSTS else self


@dataclass(frozen=True, slots=True)
class Call:
    """One alert to raise: to a role or to a person."""

    words: str
    """Its sentence: a key of ``alert_words``."""
    role: str | None = None
    staff_id: str | None = None
    level: Level = Level.NORMAL
    kind: Kind = Kind.NOTICE
    actions: tuple[str, ...] = ("claim",)
    """What the page makes buttons of."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What the sentence needs besides the guest."""
    why: str | None = None
    """The sentence itself, where the rules told it."""
    instead_of: str | None = None
    """Who was asked before and did not answer."""

    @property
    def needs_claim(self) -> bool:
        """Whether somebody must take it up; what is only told rings once."""
        return self.level is not Level.INFO

    def title(self, language: str = CHINESE) -> str:
        """Its head line."""
        return said(TITLES, self.words, language)

    def text(self, guest: Guest, language: str = CHINESE) -> str:
        """Its sentence."""
        if self.why is not None:
            return self.why
        known = guest.as_known_to(self.role)
        words = {
            "guest": known.label(language),
            "plate": known.plate or "",
            "place": said(WORDS, guest.place or "hall", language),
            "drinks": listed(guest.drinks or ("usual_drink",), language),
        }
        return said(TEXTS, self.words, language, **{**words, **self.fields})


GO = ("claim", "pass_on")
RECEIVE = (*GO, "seat")


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of one kind of notice, and how loudly."""

    roles: tuple[str, ...] = ()
    is_consultant_told: bool = True
    level: Level = Level.NORMAL


NOTICES: dict[type[Notice], Told] = {
    events.PassedOver: Told((MANAGER,)),
    events.Declined: Told((MANAGER,), is_consultant_told=False, level=Level.INFO),
    events.CallWithdrawn: Told(level=Level.INFO),
    events.MakeUpGranted: Told(level=Level.INFO),
    events.MakeUpCarried: Told(level=Level.INFO),
    events.MakeUpExpired: Told(level=Level.INFO),
    events.LateEntry: Told((MANAGER,)),
    events.LookThenClaim: Told((MANAGER,), is_consultant_told=False),
    events.DisputeOpened: Told((MANAGER,)),
    events.Ruled: Told((MANAGER,)),
    events.Refused: Told((MANAGER,)),
    events.Escalated: Told((MANAGER, "steward"), level=Level.URGENT),
    events.KeysCorrected: Told((MANAGER,)),
    events.Transferred: Told(),
    events.AppointmentMissed: Told(level=Level.INFO),
}
"""What is not in it (a registration, a look-up, a make-up used) rings nowhere."""

NEIGHBOURS: Mapping[str, str] = {
    "parking": "door",
    "door": "parking",
    "steward": "door",
    "bar": "steward",
    "showflat": "steward",
    "cart": "parking",
}
"""The post that is asked when nobody of a post answers; the gate has none that could go."""


def calls_at_gate(
    guest: Guest, *, owner_id: str | None, next_id: str | None, expected: str | None = None
) -> Iterator[Call]:
    """Who hears that a car arrived: parking and door always, then the owner or the next in line.

    ``expected`` is the name of the VIP or the appointment that this plate was announced for.
    """
    yield _post("car_parking", "parking")
    yield _post("car_door", "door")
    if expected is not None:
        for role in ("steward", "gate"):
            yield replace(_post("car_announced", role), fields={"name": expected})
    if guest.is_uncertain:
        yield _post("check_plate", "gate", "correct", "no_plate")
    if owner_id is not None:
        yield Call("own_car", staff_id=owner_id, kind=Kind.HOST, actions=GO)
    elif next_id is not None:
        yield Call("next_car", staff_id=next_id, kind=Kind.HOST, actions=GO)


def calls_of_look_alikes(read: str, alike: tuple[str, ...]) -> Iterator[Call]:
    """A hint, both plates shown; of two equally near ones only the manager hears."""
    if len(alike) == 1:
        fields = {"plate": read, "alike": alike[0]}
        yield replace(_post("look_alike", "gate", "correct", "no_plate"), fields=fields)
    elif alike:
        fields = {"plate": read, "alike": "、".join(alike)}
        yield Call("look_alikes", MANAGER, level=Level.INFO, fields=fields)


def calls_of_no_plate() -> Iterator[Call]:
    """A car without a plate (无牌): parking asks who comes."""
    yield _post("no_plate_parking", "parking")
    yield _post("no_plate_door", "door")


def calls_at_check_in(*, host_id: str, host_name: str, is_expected: bool = False) -> Iterator[Call]:
    """Who hears that a visitor checked in: the host to come, the door to know who comes."""
    role, staff_id = (MANAGER, None) if host_id == MANAGER else (None, host_id)
    yield Call("host", role, staff_id, Level.URGENT, Kind.HOST, RECEIVE)
    yield replace(_post("host_known", "door"), fields={"host": host_name})
    if is_expected:
        yield replace(_post("host_expected", "steward"), fields={"host": host_name})


def calls_of_needs(guest: Guest) -> Iterator[Call]:
    """An umbrella is brought from the car park or the door, a wheelchair too."""
    if guest.needs:
        yield _post("needs", "parking")
        yield _post("needs", "door")


def calls_when_leaving(guest: Guest, posts: Iterable[str] = ()) -> Iterator[Call]:
    """Who says good-bye: door and parking, the gate for a car, and who had a part in the visit."""
    at_the_gate = ("gate",) if guest.plate else ()
    for role in dict.fromkeys(("door", "parking", *at_the_gate, *posts)):
        yield Call("leaving", role, level=Level.INFO, actions=())


def calls_of_notice(notice: Notice, why: str) -> Iterator[Call]:
    """Who is told of ``notice``: the consultant whom it concerns, and posts."""
    told = NOTICES.get(type(notice))
    if told is None:
        return
    is_about_a_car = (
        isinstance(notice, events.Refused) and notice.consultant_id is None and notice.rule != "R24"
    )
    call = Call(snake_case(type(notice).__name__), level=told.level, why=why)
    for role in (*told.roles, "gate") if is_about_a_car else told.roles:
        yield replace(call, role=role)
    if told.is_consultant_told and notice.consultant_id not in (None, MANAGER):
        yield replace(call, staff_id=notice.consultant_id)


def call_of_trouble(gate_id: str, trouble: str, language: str) -> Iterator[Call]:
    """A gate sees nothing: the guard and the manager hear of it."""
    fields = {"gate": gate_id, "trouble": said(WORDS, trouble, language)}
    for role in ("gate", MANAGER):
        yield Call("camera", role, level=Level.URGENT, fields=fields)


def post_name(role: str, language: str = CHINESE) -> str:
    """``停车场礼宾``."""
    return said(POSTS, role, language)


def _post(words: str, role: str, *actions: str) -> Call:
    return Call(words, role, kind=Kind.POST, actions=("claim", *actions))
