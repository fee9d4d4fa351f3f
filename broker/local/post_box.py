"""What pages and commands of this machine ask for: any thread posts, the hub's thread acts."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from shared.errors import OperatorError
from shared.messages import Message
from shared.outbox import is_of_the_file

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 20.0
"""The loop turns at once, but erasing from a large file takes a while."""


class PostBox:
    """A queue of messages, each with a future that is done once its effects are on the disk."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[Message, Future[None]]] = SimpleQueue()
        self.wake: Callable[[], None] = lambda: None
        """Lets the hub's loop turn at once; the loop sets it."""

    def post(self, message: Message) -> None:
        """Post ``message`` and wait until the hub has acted on it.

        Raises:
            OperatorError: the hub refuses it, and says why.
            TimeoutError: the hub is busy; it will still act.
        """
        done: Future[None] = Future()
        self._waiting.put((message, done))
        self.wake()
        done.result(ANSWER_WITHIN_S)

    def take(self, act: Callable[[Message], object]) -> None:
        """Act on the oldest message; the next has its turn after what came by MQTT meanwhile.

        If that fails, whoever posted it is told.

        Raises:
            OSError, sqlite3.Error: the hub's file cannot be written; only a restart may help.
        """
        try:
            message, done = self._waiting.get_nowait()
        except Empty:
            return
        self._take_one(act, message, done)
        if not self._waiting.empty():
            self.wake()

    def _take_one(
        self, act: Callable[[Message], object], message: Message, done: "Future[None]"
    ) -> None:
        try:
            act(message)
            done.set_result(None)
        except OperatorError as error:
            done.set_exception(error)
        except Exception as error:  # a bug: tell the log and whoever asked
            done.set_exception(error)
            if is_of_the_file(error):
                raise
            log.exception("%s failed", type(message).__name__)
