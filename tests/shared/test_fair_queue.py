import threading

from shared.fair_queue import FairQueue


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
