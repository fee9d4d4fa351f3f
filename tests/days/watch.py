"""What must hold at each step of any day: nobody overtaken, no turn twice, protections kept."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Registration
from broker.rules.fold import after
from broker.rules.line import is_busy, is_long_away, may_be_called, queue
from broker.rules.state import SiteState, Visit
from tests.days.make_ups import MakeUpBook
from tests.days.protections import counts, owner_of, runs
from tests.office import Office


@dataclass(slots=True)
class Watch:
    """Checks every step of a day, and fails where somebody is treated unfairly."""

    office: Office
    received: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """For each consultant in line: how many visitors by turns each other has received since."""
    make_ups: MakeUpBook = field(default_factory=MakeUpBook)

    def take(self, command: c.Command) -> None:
        """Give ``command`` to the office, and check what follows, event for event."""
        state = self.office.state
        events = self.office.take(command)
        for event in events:
            self._check_event(state, event)
            state = after(state, (event,))
            _check_state(state)
            self._forget_who_does_not_stand(state)
        assert state == self.office.state
        self.make_ups.check(state)
        _check_owner(self.office, command, events)
        _check_entry(self.office, command, events)

    def _check_event(self, state: SiteState, event: e.Event) -> None:
        self.make_ups.note(event)
        if isinstance(event, e.Decided):
            self._check_call(state, event)
        elif isinstance(event, n.PassedOver):
            self.received.pop(event.consultant_id or "", None)
            if event.called_at is not None:
                self._was_not_received(event.consultant_id)
        elif isinstance(event, n.CallWithdrawn | n.TurnGivenBack):
            self._was_not_received(event.consultant_id)

    def _was_not_received(self, who: str | None) -> None:
        for seen in self.received.values():
            seen[who or ""] = max(0, seen[who or ""] - 1)

    def _check_call(self, state: SiteState, event: e.Decided) -> None:
        """Whom the line gives a visitor is first in it, and receives no second before others."""
        visit, who = state.visits.get(event.visit_id), event.turn_of
        if visit is None or who is None or who == visit.turn_of:
            return
        if event.ownership.owner_id == who:  # their own customer, whom they pay for with a turn
            self.received.pop(who, None)
            return
        assert event.host_id == who
        assert who in queue(state), "only who stands in line is called"
        assert may_be_called(state, who)
        assert who not in visit.passed, "nobody is called again for whom they were passed over for"
        if event.make_up is not None:
            self._check_make_up_order(state, visit, event)
            return
        self.received.pop(who, None)
        for waiting in queue(state):
            if waiting != who and _can_be_called(state, self.office, waiting, visit, event):
                self.received[waiting][who] += 1
                assert self.received[waiting][who] <= 1, f"{waiting} was overtaken by {who}"

    def _check_make_up_order(self, state: SiteState, visit: Visit, event: e.Decided) -> None:
        for earlier in state.make_ups:
            if event.make_up is not None and earlier.make_up_id == event.make_up.make_up_id:
                return
            holder = earlier.consultant_id
            is_able = _can_be_called(state, self.office, holder, visit, event)
            assert not (holder in queue(state) and is_able), "make-ups are used as granted"
        raise AssertionError("a make-up turn that nobody was granted")

    def _forget_who_does_not_stand(self, state: SiteState) -> None:
        standing = {
            who for who in queue(state) if may_be_called(state, who) and not is_busy(state, who)
        }
        for gone in set(self.received) - standing:
            del self.received[gone]


def _check_state(state: SiteState) -> None:
    turns = Counter(visit.turn_of for visit in state.visits.values() if visit.turn_of)
    assert all(count == 1 for count in turns.values()), "no turn is used twice"
    hosts: dict[str, list[Visit]] = defaultdict(list)
    for visit in state.visits.values():
        if visit.host_id in state.roster and visit.host_id:
            hosts[visit.host_id].append(visit)
    for visits in hosts.values():
        assert len(visits) == 1 or _is_one_party(visits), "one host, one party at a time"
    assert len(state.line) == len(set(state.line))
    here = {who for who in state.here if not state.roster[who].has_left}
    assert here == set(state.here), "nobody who left the company is in line"


def _check_owner(office: Office, command: c.Command, events: tuple[e.Event, ...]) -> None:
    """A check-in goes to the protected owner, found here in another way; R6 to nobody else."""
    decided = [
        event
        for event in events
        if isinstance(event, e.Decided) and event.visit_id == getattr(command, "visit_id", None)
    ]
    checked_in = any(isinstance(event, e.CheckedIn) for event in events)
    if not isinstance(command, c.CheckIn) or not decided or not checked_in:
        return
    late = {event.registration_id for event in events if isinstance(event, n.LateEntry)}
    known = [
        entry
        for entry in office.journal[-1].known.registrations
        if entry.registration_id not in late
    ]
    visit = office.state.visits[command.visit_id]
    owner = owner_of(known, visit, office.state, office.policy, decided[0].at)
    found = decided[0].ownership
    if found.rule == "R6" or (owner is not None and found.rule != "R5"):
        assert (found.rule, found.owner_id) == ("R6", owner), "the protected owner is the owner"
    if found.rule == "R5" and owner is not None:
        assert found.owner_id in (owner, None), "a plan takes no protected customer away"


def _check_entry(office: Office, command: c.Command, events: tuple[e.Event, ...]) -> None:
    """Nobody enters or books what a colleague's protection covers (R2)."""
    late = {event.registration_id for event in events if isinstance(event, n.LateEntry)}
    for event in events:
        if isinstance(event, n.Registered):
            new = event.registration
            if new.registration_id in late:
                continue
            owner, keys = new.consultant_id, {new.phone, *new.plates}
        elif isinstance(event, e.Planned) and event.expected.flag == "appointment":
            owner = event.expected.host_id or ""
            keys = {event.expected.phone, *event.expected.plates}
        else:
            continue
        for known in office.journal[-1].known.registrations:
            is_other = known.consultant_id != owner and known.registration_id not in late
            is_running = counts(known, office.state) and runs(known, office.policy, command.at)
            assert not (is_other and is_running and _covers(known, keys)), "R2"


def _covers(known: Registration, keys: set[str | None]) -> bool:
    held = ({known.phone, *known.plates} - {None}) - set(known.overruled_keys)
    return not held.isdisjoint(keys)


def _can_be_called(
    state: SiteState, office: Office, who: str, visit: Visit, event: e.Decided
) -> bool:
    is_long = is_long_away(state, office.policy, who, event.at)
    is_out = who in visit.passed or who in visit.declined
    return may_be_called(state, who) and not is_long and not is_out


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
