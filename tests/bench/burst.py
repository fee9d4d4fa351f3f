"""Visits through the hub's loop, in a burst and one at a time: how many a second, at what cost.

python -m tests.bench.burst [--visits 600 --rounds 5]
"""

import argparse
import itertools
import math
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from types import FrameType
from typing import Any
from unittest.mock import patch

import broker.hub.loop
from broker.handlers.context import Hub
from broker.hub.loop import HubLoop
from broker.hub.opening import open_hub
from shared.clock import now
from shared.codec import encode
from shared.messages import Message, NodeKind, ReportKind, StaffReport
from shared.mqtt import Delivery
from shared.node import Node
from shared.sealed_file import sqlite3
from shared.topics import topic_of
from tests.bench.large_site import CONSULTANTS, PEOPLE, POLICY, check_in
from tests.bench.table import table
from tests.fakes import SITE, FakeSent

BURST = "in a burst"
AT_LEAST = {BURST: 250.0, "one at a time": 150.0}
"""Visits a second, each on the disk; one at a time, a disk may be too slow for its two commits."""
WORK_MS, STATEMENTS = 2.5, 40.0
"""What a visit may cost at most."""


@dataclass(slots=True)
class Wire:
    """A link whose deliveries wait already; what is sent is encoded, as for the MQTT server."""

    waiting: deque[Delivery] = field(default_factory=deque)
    sent: int = 0
    connected_count: int = 1

    def send(self, message: Message) -> FakeSent:
        topic_of(message, site=SITE)
        encode(message)
        self.sent += 1
        return FakeSent(is_taken=True)

    def receive(self, _wait_s: float) -> Delivery | None:
        return self.waiting.popleft() if self.waiting else None

    def wake(self) -> None:
        """Nothing waits here."""

    def flooding(self) -> frozenset[str]:
        return frozenset()

    def deliver(self, message: Message) -> None:
        self.waiting.append(Delivery(topic_of(message, site=SITE), encode(message), False))


@dataclass(frozen=True, slots=True)
class Cost:
    """What visits cost on average."""

    a_second: float
    work_ms: float


def visit(hub: Hub, wire: Wire, number: int) -> None:
    """Let a visitor check in, and the host before finish: as many come as go."""
    wire.deliver(check_in(number, hub, None))
    host = CONSULTANTS[number % len(CONSULTANTS)]
    report = StaffReport(
        report_id=f"bench-{number}",
        staff_id=host,
        kind=ReportKind.FINISHED,
        reported_at=hub.clock(),
    )
    wire.deliver(report)


@contextmanager
def counted() -> Iterator[list[int]]:
    """How often SQLite is asked within the block; what is measured meanwhile takes longer."""
    count = [0]

    def look(_frame: FrameType, event: str, asked: Any) -> None:
        if event == "c_call" and asked.__name__ in ("execute", "executemany"):
            count[0] += isinstance(asked.__self__, sqlite3.Connection | sqlite3.Cursor)

    sys.setprofile(look)
    try:
        yield count
    finally:
        sys.setprofile(None)


def measure(hub: Hub, numbers: range, *, is_burst: bool) -> Cost:
    """Let these visitors come, all at once or each after the one before."""
    wire = Wire()
    loop = HubLoop(hub, wire, Node(SITE, "hub", NodeKind.HUB, "0"))
    if is_burst:
        for number in numbers:
            visit(hub, wire, number)
    began_s, worked_s = time.perf_counter(), time.process_time()
    for number in numbers:
        if not is_burst:
            visit(hub, wire, number)
        while wire.waiting:
            loop.step(0)
    took_s, worked_s = time.perf_counter() - began_s, time.process_time() - worked_s
    return Cost(len(numbers) / took_s, worked_s / len(numbers) * 1000)


def main() -> int:
    """Print the median of some rounds; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    is_missed, rows = False, []
    chunks = itertools.count(0, asked.visits)
    with tempfile.TemporaryDirectory() as folder:
        hub = open_hub(Path(folder), PEOPLE, POLICY, now)

        def some(*, is_burst: bool) -> Cost:
            first = next(chunks)
            return measure(hub, range(first, first + asked.visits), is_burst=is_burst)

        costs: dict[str, list[Cost]] = {name: [] for name in AT_LEAST}
        for _ in range(asked.rounds):  # they take turns, so that noise hits both alike
            for name, found in costs.items():
                found.append(some(is_burst=name == BURST))
        for name, found in costs.items():
            with counted() as asked_of_sqlite, patch.object(broker.hub.loop, "BATCH_S", math.inf):
                some(is_burst=name == BURST)
            statements = asked_of_sqlite[0] / asked.visits
            a_second = median(cost.a_second for cost in found)
            work_ms = median(cost.work_ms for cost in found)
            is_missed |= a_second < AT_LEAST[name] or work_ms > WORK_MS or statements > STATEMENTS
            rows.append((name, f"{a_second:.0f}", f"{work_ms:.2f}", f"{statements:.1f}"))
    print(table(["visits", "a second", "ms of work", "statements"], rows))
    return 1 if is_missed else 0


if __name__ == "__main__":
    sys.exit(main())
