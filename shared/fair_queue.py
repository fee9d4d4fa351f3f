"""What waits for a main loop: whoever sends much waits behind everybody who sends little."""

import threading
from collections import OrderedDict, deque
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Takes one from each sender in turn, and each sender's in order; may be used by any thread."""

    def __init__(self, each: int) -> None:
        self._each = each
        self._changed = threading.Condition()
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        """The sender whose turn it is stands first; who has nothing waiting is not kept."""
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
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_woken, wait_s)
            self._is_woken = False
            if not self._waiting:
                return None
            sender, own = self._waiting.popitem(last=False)
            item = own.popleft()
            if own:
                self._waiting[sender] = own
            return item

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
