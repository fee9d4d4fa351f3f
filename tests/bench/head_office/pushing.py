"""Threads that send what the sites have: as fast as it is taken, or as it happens."""

import heapq
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from broker.shipping.shipper import LOOK_EVERY_S
from broker.shipping.way_up import BusyError
from tests.bench.head_office.rough_way import RoughWay

THREADS = 12
AGAIN_AFTER_S = 0.2


@dataclass
class Crowd:
    """The sites' ways, each of which one thread works on at a time."""

    ways: list[RoughWay]
    stored: int = 0
    problems: list[str] = field(default_factory=list)
    refused: int = 0
    _due: list[tuple[float, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, step: Callable[[RoughWay], float | None], meanwhile: Callable[[], None]) -> None:
        """``step`` each way until it says None, else again after so many seconds."""
        self._due = [(0.0, place) for place in range(len(self.ways))]
        threads = [
            threading.Thread(target=self._work, args=[step], daemon=True) for _ in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        meanwhile()
        for thread in threads:
            thread.join()

    def _work(self, step: Callable[[RoughWay], float | None]) -> None:
        while (due := self._next()) is not None:
            at, place = due
            time.sleep(max(0.0, at - time.monotonic()))
            try:
                wait_s = step(self.ways[place])
            except AssertionError as problem:
                self.problems.append(str(problem))
                wait_s = None
            if wait_s is not None:
                with self._lock:
                    heapq.heappush(self._due, (time.monotonic() + wait_s, place))

    def _next(self) -> tuple[float, int] | None:
        with self._lock:
            return heapq.heappop(self._due) if self._due else None

    def send(self, way: RoughWay) -> tuple[int, float]:
        """How many are stored that were not, and for how long to wait because of trouble."""
        try:
            count = way.send()
        except BusyError as busy:
            return 0, busy.wait_s
        except OSError:
            self.refused += 1
            return 0, AGAIN_AFTER_S
        with self._lock:
            self.stored += count
        return count, 0.0

    def drain(self, meanwhile: Callable[[], None] = lambda: None) -> float:
        """Send all that there is; how many seconds it took."""

        def step(way: RoughWay) -> float | None:
            _, wait_s = self.send(way)
            return wait_s if way.site.has_more else None

        began = time.monotonic()
        self.work(step, meanwhile)
        return time.monotonic() - began


@dataclass
class Day:
    """What happens at the sites as time passes, and how long it takes to be stored above."""

    crowd: Crowd
    per_s: float
    """At all sites together."""
    for_s: float
    seed: int
    lags: list[float] = field(default_factory=list)

    def live(self) -> None:
        """Live through it."""
        began, chance = time.monotonic(), random.Random(self.seed)
        ways = self.crowd.ways
        each_s = len(ways) / self.per_s
        come = {id(way): deque[float]() for way in ways}
        next_at = {id(way): began + chance.expovariate(1 / each_s) for way in ways}

        def step(way: RoughWay) -> float | None:
            now, key = time.monotonic(), id(way)
            while next_at[key] < min(now, began + self.for_s):
                come[key].append(next_at[key])
                next_at[key] += chance.expovariate(1 / each_s)
                way.site.owed += 1
            wait_s = 0.0
            if way.site.has_more:
                count, wait_s = self.crowd.send(way)
                stored_at = time.monotonic()
                self.lags += [stored_at - come[key].popleft() for _ in range(count)]
            is_over = now > began + self.for_s and not way.site.has_more
            return None if is_over else (wait_s or LOOK_EVERY_S)

        self.crowd.work(step, lambda: None)
