"""What pages ask from their threads is done in the hub's one thread; each is told the outcome."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from broker.local.post_box import PostBox
from broker.local.questions import OwnErasure
from shared.errors import MessageError
from shared.messages import Message
from shared.sealed_file import sqlite3
from tests.fakes import NINE
from tests.waiting import eventually


def wish(number: int) -> OwnErasure:
    return OwnErasure(erasure_id=f"e-{number}", check_in_id="c-1", asked_at=NINE)


def test_every_wish_is_acted_on_by_the_one_thread_that_takes_them() -> None:
    box, taken, by = PostBox(), list[Message](), set[int]()

    def act(message: Message) -> None:
        taken.append(message)
        by.add(threading.get_ident())

    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(box.post, wish(number)) for number in range(40)]
        while not all(answer.done() for answer in waiting):
            box.take(act)
    assert {wish.erasure_id for wish in taken if isinstance(wish, OwnErasure)} == {
        f"e-{number}" for number in range(40)
    }
    assert by == {threading.get_ident()}


def posted(box: PostBox, error: Exception) -> BaseException | None:
    """What ``post`` raises when the hub fails with ``error``."""

    def fail(_message: Message) -> None:
        raise error

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(box.post, wish(1))
        while not waiting.done():
            box.take(fail)
        return waiting.exception()


@pytest.mark.parametrize("error", [MessageError("error.hub_busy"), ZeroDivisionError("a bug")])
def test_who_asked_hears_why_it_failed_and_the_next_is_taken(error: Exception) -> None:
    box, taken = PostBox(), list[Message]()
    assert posted(box, error) is error
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(box.post, wish(2))
        while not waiting.done():
            box.take(taken.append)
    assert len(taken) == 1


def test_when_the_hub_s_file_is_in_trouble_the_hub_ends_and_who_asked_hears_of_it() -> None:
    with pytest.raises(sqlite3.OperationalError):
        posted(PostBox(), sqlite3.OperationalError("disk full"))


def test_a_wish_wakes_the_loop_and_has_a_turn_of_its_own_between_the_messages() -> None:
    box, taken, woken = PostBox(), list[Message](), list[int]()
    box.wake = lambda: woken.append(len(taken))
    with ThreadPoolExecutor(3) as pool:
        for number in range(3):
            pool.submit(box.post, wish(number))
        assert eventually(lambda: len(woken) == 3)
        for number in range(1, 4):
            box.take(taken.append)
            assert len(taken) == number
    assert woken == [0, 0, 0, 1, 2]
