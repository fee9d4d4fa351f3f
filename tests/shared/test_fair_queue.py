import threading

from shared.fair_queue import FairQueue, Pace
from tests.fakes import FakeClock


def all_of(queue: FairQueue[int]) -> list[int]:
    found = []
    while (item := queue.take(0)) is not None:
        found.append(item)
    return found


def test_who_sends_little_waits_for_one_of_each_other_and_keeps_their_order() -> None:
    queue: FairQueue[int] = FairQueue(1_000)
    for number in range(900):
        assert queue.put("kiosk/lobby", number)
    assert queue.put("kiosk/hall", 1_001)
    assert queue.put("gate/north", 1_002)
    assert queue.put("kiosk/hall", 1_003)
    assert all_of(queue)[:6] == [0, 1_001, 1_002, 1, 1_003, 2]


def test_what_one_sender_may_leave_waiting_is_limited_and_nobody_else_loses_by_it() -> None:
    queue: FairQueue[int] = FairQueue(3)
    assert [queue.put("kiosk/lobby", number) for number in range(5)] == [True] * 3 + [False] * 2
    assert queue.put("kiosk/hall", 9)
    assert queue.flooding() == {"kiosk/lobby"}
    assert not queue.flooding()
    assert all_of(queue) == [0, 9, 1, 2]
    assert queue.put("kiosk/lobby", 10)


def test_a_call_to_wake_ends_the_wait_once() -> None:
    queue: FairQueue[int] = FairQueue(3)
    threading.Timer(0.01, queue.wake).start()
    assert queue.take(60) is None
    threading.Timer(0.01, queue.put, ("gate/north", 1)).start()
    assert queue.take(60) == 1


def test_who_sends_too_fast_waits_for_their_pace_and_nobody_else_does() -> None:
    clock = FakeClock()
    queue: FairQueue[int] = FairQueue(100, lambda _sender: Pace(2, 4.0), clock.running_s)
    for number in range(5):
        queue.put("staff/li", number)
    assert all_of(queue) == [0, 1]
    queue.put("staff/wang", 9)
    assert all_of(queue) == [9]
    clock.pass_s(0.25)
    assert all_of(queue) == [2]
    clock.pass_s(60)
    assert all_of(queue) == [3, 4]


def test_a_wait_ends_when_the_sender_s_pace_allows_the_next() -> None:
    queue: FairQueue[int] = FairQueue(100, lambda _sender: Pace(1, 20.0))
    for number in range(2):
        queue.put("staff/li", number)
    assert [queue.take(60), queue.take(60)] == [0, 1]
