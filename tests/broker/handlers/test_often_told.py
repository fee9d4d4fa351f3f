from broker.alerts.calls import Call
from broker.handlers.often_told import ALARMS, ALARMS_WITHIN_S, MANY, WITHIN_S, OftenTold
from broker.rules.state import MANAGER
from shared.messages import Level
from tests.fakes import FakeClock

REFUSED = Call("refused", role=MANAGER)


def told(often: OftenTold, call: Call, times: int) -> list[str]:
    return [each.words for _ in range(times) for each in often.bounded(call)]


def test_the_manager_hears_of_one_thing_ten_times_an_hour_and_then_that_there_are_more() -> None:
    often = OftenTold(FakeClock().running_s)
    assert told(often, REFUSED, 3 * MANY) == ["refused"] * MANY + ["more_notices"]


def test_other_kinds_of_notices_still_ring() -> None:
    often = OftenTold(FakeClock().running_s)
    told(often, REFUSED, 3 * MANY)
    assert told(often, Call("claimed", role=MANAGER), 1) == ["claimed"]


def test_after_an_hour_it_rings_again() -> None:
    clock = FakeClock()
    often = OftenTold(clock.running_s)
    told(often, REFUSED, 3 * MANY)
    clock.pass_s(WITHIN_S + 1)
    assert told(often, REFUSED, 1) == ["refused"]


def test_a_waiting_visitor_and_whom_a_notice_concerns_always_ring() -> None:
    often = OftenTold(FakeClock().running_s)
    urgent = Call("escalated", role=MANAGER, level=Level.URGENT)
    own = Call("refused", staff_id="li")
    assert told(often, urgent, 3 * MANY) == ["escalated"] * 3 * MANY
    assert told(often, own, 3 * MANY) == ["refused"] * 3 * MANY


def test_of_many_alarms_by_one_person_the_manager_hears_once_until_it_is_calm_again() -> None:
    clock = FakeClock()
    often = OftenTold(clock.running_s)
    heard = [often.are_many_alarms("mallory") for _ in range(10)]
    assert heard == [False] * ALARMS + [True] + [False] * (9 - ALARMS)
    assert not often.are_many_alarms("lin"), "another phone's alarm is one of few"
    clock.pass_s(ALARMS_WITHIN_S + 1)
    assert [often.are_many_alarms("mallory") for _ in range(ALARMS + 1)][-1]
