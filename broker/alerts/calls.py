"""Who is told what when a car passes, a visitor checks in, is served and leaves (提醒).

An alert carries codes and fields; each reader gets its sentence in their own language
(``wording.alert_text``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import msgspec

from broker.alerts.life import Kind
from broker.alerts.what_is_asked import asked_by
from broker.rules.notices import Notice
from broker.rules.state import MANAGER
from shared.messages import Alert, AlertKind, Level

PLATELESS_POSTS = frozenset({"bar", "showflat", "cart"})
"""They meet people, not cars: they need no plates and are shown none."""


class Guest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A visitor as staff may greet them."""

    plate: str | None = None
    surname: str | None = None
    salutation: str | None = None
    """As it came: ``女士``."""
    is_uncertain: bool = False
    """The plate was not read for sure; no alert states it as a fact."""
    party_size: int | None = None
    needs: tuple[str, ...] = ()
    drinks: tuple[str, ...] = ()
    place: str | None = None
    """Where they are: a word of the catalogue, or what a person typed."""
    number: str | None = None
    """The number that their tablet showed."""
    arrival_id: str | None = None
    candidates: tuple[str, ...] = ()
    """The plates that an uncertain reading may be."""

    def as_known_to(self, role: str | None) -> "Guest":
        """What a post may know of them."""
        is_plateless = role in PLATELESS_POSTS
        return msgspec.structs.replace(self, plate=None) if is_plateless else self


class Saying(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words to be said in each language: their code in the catalogue, and their fields."""

    code: str
    """``alert_word.hall``; what the catalogue does not know is said as it came."""
    fields: "Mapping[str, Value]" = {}


Value: TypeAlias = str | Saying | Guest | tuple[str | Saying | Guest, ...]
"""A field of a sentence; a text is said as it is."""


def word(name: str) -> Saying:
    """A single word: a need, a place, a trouble."""
    return Saying(f"alert_word.{name}")


def part(name: str, /, **fields: Value) -> Saying:
    """A part of a sentence."""
    return Saying(f"alert_part.{name}", fields)


def post(role: str) -> Saying:
    """A post as colleagues call it."""
    return Saying(f"alert_post.{role}")


@dataclass(frozen=True, slots=True)
class Call:
    """An alert to raise, for a role or a person."""

    words: str
    """Its sentence: a key of ``alert_title`` and ``alert_text`` in the catalogue."""
    role: str | None = None
    staff_id: str | None = None
    level: Level = Level.NORMAL
    kind: Kind = Kind.NOTICE
    actions: tuple[str, ...] = ("claim",)
    """The buttons that the page shows."""
    fields: Mapping[str, Value] = field(default_factory=dict)
    """What the sentence needs besides the guest."""
    notice: Notice | None = None
    """The rules' notice that it tells; its sentence is the notice's."""
    instead_of: Value | None = None
    """Who was asked before and did not answer."""
    unanswered: Alert | None = None
    """The alert that they did not answer."""

    @property
    def needs_claim(self) -> bool:
        """Whether somebody must claim it; mere information rings once."""
        return self.level is not Level.INFO

    @property
    def asks(self) -> AlertKind:
        """What it asks of whoever reads it."""
        return asked_by(self.words, is_news=self.kind is Kind.NOTICE or not self.needs_claim)


GO = ("claim", "pass_on")
RECEIVE = (*GO, "seat")
PHONED = ("owner_reached", "owner_silent")
"""What came of phoning the owner before receiving for them (R6)."""


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
    yield from calls_of_doubt(guest)
    if owner_id is not None:
        yield Call("own_car", staff_id=owner_id, kind=Kind.HOST, actions=GO)
    elif next_id is not None:
        yield Call("next_car", staff_id=next_id, kind=Kind.HOST, actions=GO)


def calls_of_doubt(guest: Guest) -> Iterator[Call]:
    """The guard looks at a plate that was not read for sure."""
    if guest.is_uncertain:
        yield _post("check_plate", "gate", "correct", "no_plate")


def calls_of_look_alikes(read: str, alike: tuple[str, ...]) -> Iterator[Call]:
    """A hint that shows both plates; if several are equally near, only the manager is told."""
    if len(alike) == 1:
        hint = _post("look_alike", "gate", "correct", "no_plate")
        yield replace(hint, fields={"plate": read, "alike": alike[0]})
    elif alike:
        both: Mapping[str, Value] = {"plate": read, "alike": alike}
        yield Call("look_alikes", MANAGER, level=Level.INFO, fields=both)


def calls_of_no_plate() -> Iterator[Call]:
    """A car without a plate (无牌): parking asks who comes."""
    yield _post("no_plate_parking", "parking")
    yield _post("no_plate_door", "door")


def calls_at_check_in(
    *, host_id: str, host: Value, owner: str | None = None, is_expected: bool = False
) -> Iterator[Call]:
    """Who hears that a visitor checked in: the host to come, the door to know who comes.

    ``owner`` is the name of the owner whom the host phones before receiving for them.
    """
    role, staff_id = (MANAGER, None) if host_id == MANAGER else (None, host_id)
    first: Value = part("phone_first", owner=owner) if owner else ""
    actions = (*RECEIVE, *PHONED) if owner else RECEIVE
    yield Call("host", role, staff_id, Level.URGENT, Kind.HOST, actions, {"first": first})
    yield replace(_post("host_known", "door"), fields={"host": host})
    if is_expected:
        yield replace(_post("host_expected", "steward"), fields={"host": host})


def call_of_help(owner_id: str, host: Value) -> Call:
    """The owner hears who receives for them."""
    return Call("helped", staff_id=owner_id, level=Level.INFO, actions=(), fields={"host": host})


def calls_of_needs(guest: Guest) -> Iterator[Call]:
    """An umbrella is brought from the car park or the door, a wheelchair too."""
    if guest.needs:
        yield _post("needs", "parking")
        yield _post("needs", "door")


def calls_when_leaving(guest: Guest, posts: Iterable[str] = ()) -> Iterator[Call]:
    """Who says good-bye: door, parking, the gate for a car, and the posts that had a part."""
    at_the_gate = ("gate",) if guest.plate else ()
    for role in dict.fromkeys(("door", "parking", *at_the_gate, *posts)):
        yield Call("leaving", role, level=Level.INFO, actions=())


def call_of_trouble(gate_id: str, trouble: str) -> Iterator[Call]:
    """A gate's camera fails: the guard and the manager are told."""
    fields: Mapping[str, Value] = {"gate": gate_id, "trouble": word(trouble)}
    for role in ("gate", MANAGER):
        yield Call("camera", role, level=Level.URGENT, fields=fields)


def call_of_unreadable(count: int) -> Call:
    """Messages of the hub's own could not be read again and were not sent."""
    return Call("unreadable", MANAGER, level=Level.URGENT, fields={"count": str(count)})


def call_of_clock(who: tuple[str, str], ahead_s: float) -> Call:
    """A sender's clock is minutes off; ``who`` is its kind and its name."""
    direction = "fast" if ahead_s > 0 else "slow"
    fields: Mapping[str, Value] = {
        "who": _sender(*who),
        "off": Saying(f"alert_part.clock_{direction}", {"minutes": str(round(abs(ahead_s) / 60))}),
    }
    return Call("clock", MANAGER, fields=fields)


def call_of_clock_refused(shown: str, ours: str) -> Call:
    """The clock of the hub's machine jumped to ``shown``; the hub goes on by ``ours``."""
    fields: Mapping[str, Value] = {"shown": shown, "ours": ours}
    return Call("clock_refused", MANAGER, level=Level.URGENT, fields=fields)


def call_of_clock_set(was: str, at: str) -> Call:
    """The hub's own clock was wrong, and was set."""
    return Call("clock_set", MANAGER, fields={"was": was, "at": at})


def call_of_flood(who: tuple[str, str]) -> Call:
    """A sender sends more than the hub takes; ``who`` is its kind and its name."""
    return Call("flood", MANAGER, fields={"who": _sender(*who)})


def call_of_more(words: str, count: int) -> Call:
    """Notices of these words have come so often that further ones do not ring for a while."""
    fields: Mapping[str, Value] = {"what": Saying(f"alert_title.{words}"), "count": str(count)}
    return Call("more_notices", MANAGER, fields=fields)


def _sender(kind: str, name: str) -> Value:
    return Saying(f"node.{kind}", {"node_id": name}) if kind != "staff" else name


def call_of_mended(trouble: str, saved: int, lost: int | None, *, has_copy: bool) -> Call:
    """The hub's own file was damaged, empty or gone when it started.

    ``lost``: how many entries its journal lacks; None: nobody can tell.
    """
    amount = {None: "unknown", 0: "nothing"}.get(lost, "some")
    is_whole = lost == 0 and not has_copy
    rest = part("from_copy" if has_copy else "needs_no_copy" if is_whole else "without_copy")
    fields: Mapping[str, Value] = {
        "trouble": word(f"file_{trouble}"),
        "count": str(saved),
        "rest": rest,
        "lost": Saying(f"alert_part.lost_{amount}", {"count": str(lost)}),
    }
    return Call("mended", MANAGER, level=Level.URGENT, fields=fields)


def call_of_mended_node(node: str) -> Call:
    """The file of a gate or a tablet was damaged, empty or gone when it started."""
    return Call("mended_node", MANAGER, level=Level.URGENT, fields={"node": node})


def call_of_disk(trouble: str, folder: str, free_mb: int, needed_mb: int) -> Call:
    """The disk under the hub's file refuses to take anything."""
    fields: Mapping[str, Value] = {"trouble": word(trouble), "folder": folder}
    fields = {**fields, "free": str(free_mb), "needed": str(needed_mb)}
    return Call("disk", MANAGER, level=Level.URGENT, fields=fields)


def call_of_node_disk(kind: str, node_id: str, trouble: str) -> Call:
    """The disk of a gate or a tablet refuses to take anything."""
    fields: Mapping[str, Value] = {"who": _sender(kind, node_id), "trouble": word(trouble)}
    return Call("node_disk", MANAGER, level=Level.URGENT, fields=fields)


def call_of_failed_backup() -> Call:
    """The hourly backup could not be made."""
    return Call("backup", MANAGER, level=Level.URGENT)


def call_of_failed_check() -> Call:
    """The nightly check found the hub's file damaged, or could not read it to its end."""
    return Call("file_check", MANAGER, level=Level.URGENT)


def call_of_missing_staff(names: Iterable[str]) -> Call:
    """People whose block was taken out of ``site.toml``."""
    return Call("missing_staff", MANAGER, fields={"names": " · ".join(names)})


def call_of_update_taken_back(version: str) -> Call:
    """A release was tried, did not work, and was taken back."""
    return Call("update_taken_back", MANAGER, level=Level.URGENT, fields={"version": version})


def _post(words: str, role: str, *actions: str) -> Call:
    return Call(words, role, kind=Kind.POST, actions=("claim", *actions))
