"""Random days at a sales office, and what must hold on every one of them."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.fold import after
from broker.rules.judge import decide, keys_of
from broker.rules.line import is_busy, is_long_away, may_be_called, queue
from broker.rules.policy import END_OF_LINE, KEEP_ORDER, Policy
from broker.rules.protection import is_protected
from broker.rules.state import SiteState, Visit
from shared.messages import Answer3
from tests.office import Office

PHONES = ("13800000001", "13800000002", "13800000003", "13800000004")
PLATES = ("浙A00001", "浙A00002", "浙A00003")
KINDS = (
    *("check_in",) * 6,
    *("finish",) * 4,
    *("ack",) * 3,
    *("arrive", "depart", "away", "excused", "back", "back", "join", "leave", "stand_in"),
    *("owner_found", "owner_found", "owner_found", "rule", "register", "register", "register"),
    *("arrive", "look_up", "book", "tick", "tick", "claim"),
)


@dataclass(frozen=True, slots=True)
class Move:
    """What happens ``wait_s`` after the last move; ``a`` and ``b`` choose whom it concerns."""

    kind: str
    wait_s: int
    a: int
    b: int
    answers: tuple[Answer3, Answer3, Answer3]


moves = st.builds(
    Move,
    kind=st.sampled_from(KINDS),
    wait_s=st.sampled_from((0, 0, 1, 30, 60, 119, 120, 121, 300, 1800)),
    a=st.integers(0, 11),
    b=st.integers(0, 11),
    answers=st.tuples(*(st.sampled_from(tuple(Answer3)) for _ in range(3))),
)
lines = st.sampled_from((END_OF_LINE, KEEP_ORDER))
days = st.tuples(st.integers(2, 6), lines, st.lists(moves, min_size=5, max_size=60))
"""How many consultants, which line, what happens."""


def command_of(move: Move, office: Office, number: int) -> c.Command | None:
    """The command that ``move`` stands for in this office now; None where there is none."""
    visits = tuple(office.state.visits)
    visit_id = visits[move.a % len(visits)] if visits else None
    of_visits = _of_visit(move, office, visit_id) if visit_id else {}
    possible = _of_staff(move, office) | _of_customers(move, office, number) | of_visits
    return possible.get(move.kind)


def _who(move: Move, office: Office) -> tuple[str, str]:
    staff = tuple(office.state.roster)
    return staff[move.a % len(staff)], staff[move.b % len(staff)]


def _of_staff(move: Move, office: Office) -> dict[str, c.Command]:
    at, (who, other) = office.now, _who(move, office)
    return {
        "away": c.Away(at=at, consultant_id=who),
        "excused": c.Away(at=at, consultant_id=who, is_excused=True),
        "back": c.Back(at=at, consultant_id=who),
        "join": c.Join(at=at, consultant_id=who),
        "leave": c.Leave(at=at, consultant_id=who),
        "stand_in": c.StandIn(at=at, consultant_id=who, for_id=other),
        "tick": c.Tick(at=at),
    }


def _of_customers(move: Move, office: Office, number: int) -> dict[str, c.Command]:
    at, (who, _) = office.now, _who(move, office)
    phone, plate = PHONES[move.b % len(PHONES)], PLATES[move.a % len(PLATES)]
    first_visit, family, contacted = move.answers
    return {
        "arrive": c.Arrive(at=at, visit_id=f"v{number}", plate=plate),
        "depart": c.Depart(at=at, plate=plate),
        "check_in": c.CheckIn(
            at=at,
            visit_id=_open_car(office, move) or f"v{number}",
            phone=phone if move.b < 8 else None,
            first_visit=first_visit,
            family=family,
            contacted=contacted,
            named=who if move.b % 3 == 0 else None,
        ),
        "register": c.Register(
            at=at, registration_id=f"r{number}", consultant_id=who, phone=phone, plates=(plate,)
        ),
        "look_up": c.LookUp(at=at, consultant_id=who, phone=phone),
        "book": c.MakeAppointment(
            at=at, host_id=who, starts_at=at, ends_at=at + timedelta(hours=1), phone=phone
        ),
    }


def _of_visit(move: Move, office: Office, visit_id: str) -> dict[str, c.Command]:
    at, (who, _) = office.now, _who(move, office)
    host = office.state.visits[visit_id].host_id
    acks = host is not None and host in office.state.roster
    return {
        "finish": c.Finish(at=at, visit_id=visit_id),
        "ack": c.Ack(at=at, consultant_id=host if acks and host else who, visit_id=visit_id),
        "claim": c.Claim(at=at, visit_id=visit_id, staff_id=who),
        "owner_found": c.OwnerFound(at=at, visit_id=visit_id, consultant_id=who),
        "rule": c.Rule(at=at, visit_id=visit_id, consultant_id=who, reason="证据"),
    }


def _open_car(office: Office, move: Move) -> str | None:
    cars = [visit.visit_id for visit in office.state.visits.values() if visit.ownership is None]
    return cars[0] if cars and move.a % 2 else None


@dataclass(slots=True)
class Watch:
    """Checks every step of a day, and fails where somebody is treated unfairly."""

    office: Office
    received: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """For each consultant in line: how many visitors by turns each other has received since."""
    used_make_ups: set[str] = field(default_factory=set)

    def take(self, command: c.Command) -> None:
        """Give ``command`` to the office, and check what follows, event for event."""
        state = self.office.state
        for event in self.office.take(command):
            self._check_event(state, event)
            state = after(state, (event,))
            self._check_state(state)
            self._forget_who_does_not_stand(state)
        assert state == self.office.state

    def _check_event(self, state: SiteState, event: e.Event) -> None:
        if isinstance(event, e.Decided):
            self._check_decision(state, event)
        elif isinstance(event, n.MakeUpUsed | n.MakeUpExpired):
            assert event.make_up_id not in self.used_make_ups, "a make-up turn is used once"
            if isinstance(event, n.MakeUpUsed):
                self.used_make_ups.add(event.make_up_id)
        elif isinstance(event, n.PassedOver):
            self.received.pop(event.consultant_id or "", None)
        elif isinstance(event, n.CallWithdrawn):
            self._take_back(event)
        elif isinstance(event, n.Registered):
            self._check_registration(event)

    def _take_back(self, event: n.CallWithdrawn) -> None:
        if event.make_up:
            self.used_make_ups.discard(event.make_up.make_up_id)
        for seen in self.received.values():
            seen[event.consultant_id or ""] -= 1

    def _check_decision(self, state: SiteState, event: e.Decided) -> None:
        visit = state.visits[event.visit_id]
        self._check_protection(visit, event)
        is_new_turn = event.turn_of is not None and event.turn_of != visit.turn_of
        if not is_new_turn:
            return
        who = event.turn_of or ""
        assert event.host_id == who
        assert who in queue(state), "only who stands in line is called"
        assert may_be_called(state, who)
        if event.make_up is not None:
            self._check_make_up_order(state, visit, event)
            return
        self.received.pop(who, None)
        for waiting in queue(state):
            if waiting != who and _can_be_called(state, self.office, waiting, visit):
                self.received[waiting][who] += 1
                assert self.received[waiting][who] <= 1, f"{waiting} was overtaken by {who}"

    def _check_make_up_order(self, state: SiteState, visit: Visit, event: e.Decided) -> None:
        for earlier in state.make_ups:
            if event.make_up is not None and earlier.make_up_id == event.make_up.make_up_id:
                return
            holder = earlier.consultant_id
            is_able = holder in queue(state) and _can_be_called(state, self.office, holder, visit)
            assert not is_able, "make-up turns are used in the order granted"
        raise AssertionError("a make-up turn that nobody was granted")

    def _check_protection(self, visit: Visit, event: e.Decided) -> None:
        book, policy, at = self.office.book, self.office.policy, event.at
        before = [
            known
            for known in book.registrations.values()
            if ((known.phone and known.phone == visit.phone) or visit.plate in known.plates)
            and (known.registered_at, known.entry) < (visit.arrived_at, visit.entry)
            and is_protected(known, policy, at)
        ]
        if event.ownership.rule == "R6" and visit.ownership is None:
            owners = {known.consultant_id for known in before}
            assert event.owner_id in owners, "what is entered after the arrival gives nothing"
        honest = [known for known in before if not known.is_late and not known.is_overruled]
        if honest and event.ownership.rule not in ("R5", "R12", "R15"):
            first = min(honest, key=lambda known: (known.registered_at, known.entry))
            is_decided_anew = visit.ownership is not None
            assert is_decided_anew or event.owner_id == first.consultant_id

    def _check_registration(self, event: n.Registered) -> None:
        new, policy = event.registration, self.office.policy
        for known in self.office.book.registrations.values():
            is_same = (known.phone and known.phone == new.phone) or set(known.plates) & set(
                new.plates
            )
            is_before = (known.registered_at, known.entry) < (new.registered_at, new.entry)
            if is_same and is_before and known.consultant_id != new.consultant_id:
                counts = not known.is_late and not known.is_overruled
                assert not (counts and is_protected(known, policy, event.at)), "R2"

    def _check_state(self, state: SiteState) -> None:
        turns = Counter(visit.turn_of for visit in state.visits.values() if visit.turn_of)
        assert all(count == 1 for count in turns.values()), "no turn is used twice"
        hosts: dict[str, list[Visit]] = defaultdict(list)
        for visit in state.visits.values():
            if visit.host_id in state.roster and visit.host_id:
                hosts[visit.host_id].append(visit)
        for visits in hosts.values():
            assert len(visits) == 1 or _is_one_party(visits), "one host, one party at a time"
        assert len(state.line) == len(set(state.line))

    def _forget_who_does_not_stand(self, state: SiteState) -> None:
        standing = {
            who for who in queue(state) if may_be_called(state, who) and not is_busy(state, who)
        }
        for gone in set(self.received) - standing:
            del self.received[gone]


def _can_be_called(state: SiteState, office: Office, who: str, visit: Visit) -> bool:
    is_long = is_long_away(state, office.policy, who, office.now)
    return may_be_called(state, who) and not is_long and who not in visit.passed


def _is_one_party(visits: list[Visit]) -> bool:
    """Whether each visit shares a phone or a plate with another of them."""
    return all(
        any(
            visit is not other
            and (
                (visit.phone is not None and visit.phone == other.phone)
                or (visit.plate is not None and visit.plate == other.plate)
            )
            for other in visits
        )
        for visit in visits
    )


def live(day: tuple[int, str, list[Move]], restart_every: int = 7) -> Office:
    """Live through ``day`` and check each step, with restarts and messages that come twice."""
    count, after_reception, moved = day
    ids = ("li", "wang", "zhao", "chen", "sun", "zhou")[:count]
    office = Office(ids, Policy(after_reception=after_reception))
    watch = Watch(office)
    for number, move in enumerate(moved, start=1):
        office.now += timedelta(seconds=move.wait_s)
        command = command_of(move, office, number)
        if command is None:
            continue
        watch.take(command)
        assert_second_delivery_changes_nothing(office, command)
        if number % restart_every == 0:
            office.state = msgspec.json.decode(msgspec.json.encode(office.state), type=SiteState)
    return office


def assert_second_delivery_changes_nothing(office: Office, command: c.Command) -> None:
    """The same command again may be answered, but moves nobody's place and no visitor."""
    before = office.state
    known = office.book.known(keys_of(before, command), command.at, office.policy)
    events = decide(before, office.policy, command, known)
    same_count = replace(after(before, events), entry=before.entry)
    assert same_count == before, f"a second {type(command).__name__} changed the state"


def assert_replay_equals_live(office: Office) -> None:
    """The journal, decided on again from the start, says the same and leads to the same state."""
    state = SiteState()
    for taken in office.journal:
        assert decide(state, office.policy, taken.command, taken.known) == taken.events
        state = after(state, taken.events)
    assert state == office.state
