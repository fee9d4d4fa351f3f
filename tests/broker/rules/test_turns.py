from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.any_event import AnyEvent
from broker.rules.commands import AnyCommand
from broker.rules.fold import after
from broker.rules.judge import decide
from broker.rules.policy import END_OF_LINE, KEEP_ORDER, Policy
from broker.rules.state import SiteState
from shared.messages import Ground
from tests.office import MORNING, NO, YES, Office

ALL_DAY = Policy(open="00:00", close="24:00")


def test_a_turn_sends_the_consultant_to_the_end_when_the_reception_is_over() -> None:
    office = Office()
    office.check_in("v1")
    assert list(office.line) == ["wang", "zhao"]
    office.take(c.Finish(at=office.now, visit_id="v1"))
    assert list(office.line) == ["wang", "zhao", "li"]


def test_a_courtesy_host_who_does_not_come_gets_no_make_up_turn() -> None:
    office = Office(("li", "zhao", "sun"))
    office.known("sun")
    office.take(c.Leave(at=office.now, consultant_id="sun"))
    office.check_in("v1", phone="13800138000")
    office.wait(121)
    assert office.host("v1") == "zhao"
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]


def test_with_nobody_in_line_no_turn_is_used() -> None:
    office = Office()
    for consultant in ("li", "wang", "zhao"):
        office.take(c.Leave(at=office.now, consultant_id=consultant))
    decided = office.check_in("v1")
    assert (decided.rule, decided.host_id, decided.is_turn_used) == ("R25", None, False)


@pytest.mark.parametrize(("seconds", "host"), [(119, "li"), (120, "li"), (121, "wang")])
def test_the_first_in_line_has_two_minutes(seconds: int, host: str) -> None:
    office = Office()
    office.check_in("v1")
    office.wait(seconds)
    assert office.host("v1") == host


@pytest.mark.parametrize("is_tick_first", [True, False])
def test_an_acknowledgement_in_the_last_instant_beats_the_skip(is_tick_first: bool) -> None:
    office = Office()
    office.check_in("v1")
    office.now += timedelta(seconds=120)
    both = [c.Tick(at=office.now), c.Ack(at=office.now, consultant_id="li", visit_id="v1")]
    for command in both if is_tick_first else both[::-1]:
        office.take(command)
    office.wait(600)
    assert office.host("v1") == "li"


@pytest.mark.parametrize("is_tick_first", [True, False])
def test_a_second_later_the_skip_beats_the_acknowledgement(is_tick_first: bool) -> None:
    office = Office()
    office.check_in("v1")
    office.now += timedelta(seconds=121)
    both = [c.Tick(at=office.now), c.Ack(at=office.now, consultant_id="li", visit_id="v1")]
    for command in both if is_tick_first else both[::-1]:
        office.take(command)
    assert office.host("v1") == "wang"
    assert [
        event.consultant_id for event in office.told(n.Refused) if isinstance(event, n.Notice)
    ] == ["li"]


@pytest.mark.parametrize("after_reception", [END_OF_LINE, KEEP_ORDER])
def test_when_receptions_take_equally_long_nobody_gets_two_more_than_another(
    after_reception: str,
) -> None:
    order = ("li", "wang", "zhao", "chen", "sun")
    office = Office(order, Policy(after_reception=after_reception, close="24:00"))
    received: Counter[str] = Counter()
    for number in range(61):
        visit = f"v{number}"
        if number >= 3:
            office.take(c.Finish(at=office.now, visit_id=f"v{number - 3}"))
        host = office.check_in(visit).host_id or ""
        office.take(c.Ack(at=office.now, consultant_id=host, visit_id=visit))
        received[host] += 1
        office.now += timedelta(minutes=7)
    assert set(received) == set(order)
    assert max(received.values()) - min(received.values()) <= 1


def test_in_a_ring_a_long_reception_costs_nobody_a_place() -> None:
    ring = Office(("li", "wang", "zhao"), Policy(after_reception=KEEP_ORDER))
    queue = Office(("li", "wang", "zhao"))
    for office in (ring, queue):
        for visit, host in (("v1", "li"), ("v2", "wang")):
            office.check_in(visit)
            office.take(c.Ack(at=office.now, consultant_id=host, visit_id=visit))
        office.take(c.Finish(at=office.now, visit_id="v2"))
        office.take(c.Finish(at=office.now, visit_id="v1"))
    assert ring.line == ("zhao", "li", "wang")
    assert queue.line == ("zhao", "wang", "li")


def test_a_make_up_turn_is_extra_and_costs_no_place_in_the_line() -> None:
    office = Office(("li", "wang", "zhao", "sun"))
    office.known("sun")
    office.check_in("v1")
    office.take(c.Ack(at=office.now, consultant_id="li", visit_id="v1"))
    office.take(c.CorrectVisitor(at=office.now, visit_id="v1", phone="13800138000"))
    office.take(
        c.OwnerFound(at=office.now, visit_id="v1", consultant_id="sun", ground=Ground.REGISTRATION)
    )
    assert office.line == ("li", "wang", "zhao", "sun")
    office.check_in("v2")
    assert office.host("v2") == "li"
    office.take(c.Ack(at=office.now, consultant_id="li", visit_id="v2"))
    office.check_in("v3")
    office.take(c.Ack(at=office.now, consultant_id="wang", visit_id="v3"))
    office.take(c.Finish(at=office.now, visit_id="v3"))
    office.take(c.Finish(at=office.now, visit_id="v2"))
    assert office.line == ("zhao", "sun", "li", "wang")


def test_an_excused_leave_after_the_call_gives_the_make_up_turn_back() -> None:
    office = Office(("li", "wang", "zhao", "sun"))
    office.check_in("v1")
    office.take(c.OwnerFound(at=office.now, visit_id="v1", consultant_id="sun"))
    office.check_in("v2")
    office.take(c.Away(at=office.now, consultant_id="li", is_excused=True))
    assert office.host("v2") == "wang"
    assert [turn.consultant_id for turn in office.state.make_ups] == ["li"]
    office.take(c.Back(at=office.now, consultant_id="li"))
    assert office.line[0] == "li"


def test_who_is_excused_after_the_call_stands_behind_those_who_were_in_front() -> None:
    office = Office(("li", "wang", "zhao"))
    office.take(c.Away(at=office.now, consultant_id="li", is_excused=True))
    office.check_in("v1")
    office.take(c.Away(at=office.now, consultant_id="wang", is_excused=True))
    assert office.line == ("li", "wang")
    assert office.host("v1") == "zhao"


def test_leaving_in_the_middle_of_a_call_passes_it_on_at_once() -> None:
    office = Office()
    office.check_in("v1")
    office.take(c.Leave(at=office.now, consultant_id="li"))
    assert office.host("v1") == "wang"


@pytest.mark.parametrize("busy", ["away", "serving", "himself"])
def test_only_somebody_free_at_the_post_stands_in(busy: str) -> None:
    office = Office()
    office.known("wang")
    office.check_in("v1")
    who = "li" if busy == "himself" else "wang"
    if busy == "away":
        office.take(c.Away(at=office.now, consultant_id=who))
    if busy == "serving":
        office.check_in("v2", phone="13800138000")
    office.take(c.StandIn(at=office.now, consultant_id=who, for_id="li"))
    assert office.host("v1") == "li"
    assert len(office.told(n.Refused)) == 1


def test_the_day_begins_by_itself_with_the_first_thing_that_happens_on_it() -> None:
    office = Office()
    office.check_in("v1")
    office.take(c.Ack(at=office.now, consultant_id="li", visit_id="v1"))
    office.now += timedelta(days=1)
    office.take(c.Tick(at=office.now))
    assert office.state.visits == {}
    assert office.line == ("wang", "zhao", "li")
    assert len(office.told(e.DayBegan)) == 2


def test_commands_and_events_survive_the_journal() -> None:
    office = Office()
    office.known("sun" if "sun" in office.state.roster else "zhao")
    office.check_in("v1", phone="13800138000")
    office.check_in("v2")
    office.wait(121)
    for taken in office.journal:
        again = msgspec.json.decode(msgspec.json.encode(taken.command), type=AnyCommand)
        assert again == taken.command
        for event in taken.events:
            assert msgspec.json.decode(msgspec.json.encode(event), type=AnyEvent) == event


def test_the_state_does_not_grow_with_the_years() -> None:
    office = Office(policy=ALL_DAY)
    sizes = []
    for day in range(40):
        for number in range(5):
            visit = f"v{day}-{number}"
            host = office.check_in(visit).host_id or ""
            office.take(c.Ack(at=office.now, consultant_id=host, visit_id=visit))
            office.take(c.Finish(at=office.now, visit_id=visit))
        office.now += timedelta(days=1)
        office.take(c.Tick(at=office.now))
        sizes.append(len(msgspec.json.encode(office.state)))
    assert max(sizes) < 1.1 * min(sizes)


def test_deciding_reads_no_clock_and_changes_no_value() -> None:
    office = Office()
    command = c.CheckIn(at=office.now, visit_id="v1", first_visit=YES, family=NO, contacted=NO)
    before = msgspec.json.encode(office.state)
    first, second = (decide(office.state, office.policy, command) for _ in range(2))
    assert first == second
    assert msgspec.json.encode(office.state) == before
    assert after(office.state, first) != office.state
    assert decide(SiteState(), Policy(), c.Tick(at=MORNING)) != ()


def test_a_visit_that_changes_hands_twice_is_made_up_for_once() -> None:
    office = Office(("wang", "zhao", "li"))
    office.known("wang")
    office.take(c.Away(at=office.now, consultant_id="wang", is_excused=True))
    office.take(c.Away(at=office.now, consultant_id="li", is_excused=True))
    office.check_in("v1", phone="13800138000")
    office.take(c.Ack(at=office.now, consultant_id="zhao", visit_id="v1"))
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]
    office.take(c.Back(at=office.now, consultant_id="li"))
    office.take(c.Rule(at=office.now, visit_id="v1", consultant_id="li", reason="他的客户"))
    assert office.host("v1") == "li"
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao"]


def test_whoever_is_called_after_an_excused_courtesy_host_is_owed_the_turn() -> None:
    office = Office(("wang", "zhao", "sun"))
    office.known("wang")
    office.take(c.Away(at=office.now, consultant_id="wang", is_excused=True))
    office.check_in("v1", phone="13800138000")
    office.take(c.Away(at=office.now, consultant_id="zhao", is_excused=True))
    assert office.host("v1") == "sun"
    assert [turn.consultant_id for turn in office.state.make_ups] == ["sun"]


def test_who_does_not_come_loses_no_turn_that_a_colleague_is_owed() -> None:
    office = Office(("wang", "zhao", "chen", "sun"))
    office.known("wang")
    office.known("wang", phone="13900001111")
    office.take(c.Away(at=office.now, consultant_id="wang", is_excused=True))
    office.check_in("v1", phone="13800138000")
    office.take(c.Ack(at=office.now, consultant_id="zhao", visit_id="v1"))
    office.check_in("v2", phone="13900001111")
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao", "chen"]
    office.wait(121)
    assert [turn.consultant_id for turn in office.state.make_ups] == ["zhao", "sun"]
