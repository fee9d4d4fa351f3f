"""What waits for a main loop: whoever sends much waits behind everybody who sends little."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from shared.clock import Stopwatch, running_s

T = TypeVar("T")


class Pace(NamedTuple):
    """How fast a sender's are taken: so many at once, then so many a second."""

    at_once: int
    a_second: float


class FairQueue(Generic[T]):
    """Takes one from each sender in turn, and each sender's in order; may be used by any thread.

    Who sends faster than their pace waits for it, so that the loop has time for everybody else.
    """

    def __init__(
        self,
        each: int,
        pace_of: Callable[[str], Pace | None] = lambda _sender: None,
        stopwatch: Stopwatch = running_s,
    ) -> None:
        self._each, self._pace_of, self._stopwatch = each, pace_of, stopwatch
        self._changed = threading.Condition()
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        """The sender whose turn it is stands first; who has nothing waiting is not kept."""
        self._even_at_s: dict[str, float] = {}
        """When a sender who sent in advance of the pace will be even with it."""
        self._flooding: set[str] = set()
        self._is_woken = False

    def put(self, sender: str, item: T) -> bool:
        """Let ``item`` wait; False, and it is not kept, if so many of its sender's wait already."""
        with self._changed:
            own = self._waiting.setdefault(sender, deque())
            if len(own) >= self._each:
                self._flooding.add(sender)
                return False
            own.append(item)
            self._changed.notify()
            return True

    def take(self, wait_s: float) -> T | None:
        """The next one; None when ``wait_s`` seconds pass without one, or on ``wake``."""
        give_up_at_s = self._stopwatch() + wait_s
        with self._changed:
            while True:
                now_s = self._stopwatch()
                due = {sender: self._due_at_s(sender) for sender in self._waiting}
                ready = next((sender for sender, at_s in due.items() if at_s <= now_s), None)
                if ready is not None or self._is_woken or now_s >= give_up_at_s:
                    self._is_woken = False
                    return None if ready is None else self._taken(ready, now_s)
                self._changed.wait(min([give_up_at_s, *due.values()]) - now_s)

    def wake(self) -> None:
        """Let a waiting ``take`` return."""
        with self._changed:
            self._is_woken = True
            self._changed.notify()

    def flooding(self) -> frozenset[str]:
        """Who sent more than may wait since this was last asked."""
        with self._changed:
            flooding = frozenset(self._flooding)
            self._flooding.clear()
        return flooding

    def _due_at_s(self, sender: str) -> float:
        pace = self._pace_of(sender)
        if pace is None:
            return 0.0
        return self._even_at_s.get(sender, 0.0) - (pace.at_once - 1) / pace.a_second

    def _taken(self, sender: str, now_s: float) -> T:
        """The oldest of this sender's, who then stands last."""
        own = self._waiting.pop(sender)
        item = own.popleft()
        if own:
            self._waiting[sender] = own
        if pace := self._pace_of(sender):
            even_at_s = max(now_s, self._even_at_s.get(sender, 0.0))
            self._even_at_s[sender] = even_at_s + 1 / pace.a_second
        return item
