"""The soaked site itself: opened, busy for as long as was planned, and then quiet."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from broker.mqtt_server.accounts import Account, new_account
from shared.topics import Party
from tests.bench.crowd import Crowd
from tests.bench.hub_process import HubProcess
from tests.bench.soak.bounds import Sample
from tests.bench.soak.edges import READY
from tests.bench.soak.pages import screens
from tests.bench.soak.people import People, site_toml, staff_accounts
from tests.bench.soak.plan import STAY_S, Plan
from tests.bench.soak.watch import Watch, child_of
from tests.servers import mqtt_server
from tests.site import ROOT
from tests.waiting import eventually

SPEED = 16.0
LOOKS = 30
HEARD_OUT_S = 60.0
"""Longer than the last visitor is there."""
POLICY = 'open = "00:00"\nclose = "24:00"\nbulk_per_hour = 1000\n'
"""Always open; at 16 times the speed a consultant enters more customers an hour."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was seen of it."""

    cars: int
    samples: tuple[Sample, ...]
    """One each thirtieth of the time, and one when all was quiet again."""
    unheard: frozenset[str]
    doubled: int
    pages: int
    pages_wrong: str | None
    rejected: tuple[str, ...]

    @property
    def wrong(self) -> list[str]:
        """What was lost, doubled or refused."""
        found = [f"never heard: {what}" for what in sorted(self.unheard)[:5]]
        if self.doubled:
            found.append(f"rings that came to a phone more than once: {self.doubled}")
        if self.pages_wrong:
            found.append(f"a page: {self.pages_wrong}")
        return found + [f"rejected: {reason}" for reason in self.rejected[:5]]


def live_through(folder: Path, plan: Plan) -> Day:
    """The site from its opening until all is quiet; its files lie in ``folder``."""
    staff, hub_account = staff_accounts(), new_account(Party.HUB, "hub")
    nodes = [new_account(Party.GATE, name) for name in ("north", "south")]
    nodes += [new_account(Party.KIOSK, name) for name in ("lobby", "hall")]
    with (
        mqtt_server(folder, "mosquitto", [hub_account, *nodes, *staff]) as server,
        _hub(folder, server.port, hub_account) as hub,
    ):
        people = People(Crowd(server.port), plan, random.Random(1))
        people.join(staff)
        if not people.crowd.are_ready(within_s=30):
            raise SystemExit("not everybody could connect")
        people.crowd.run(2)  # the hub hears who is there
        with _edges(folder, server.port, plan) as edges, screens(hub.url, "bench", SPEED) as asked:
            pids = (hub.pid, child_of(server.process.pid), edges)
            watch = Watch(folder, hub.file, pids, time.monotonic(), plan.speed)
            samples = _samples(people, watch, plan)
        people.crowd.leave()
        rejected = watch.rejected()
    return Day(
        cars=len(plan.arrivals),
        samples=samples,
        unheard=frozenset(people.awaited),
        doubled=people.doubled,
        pages=asked.count,
        pages_wrong=asked.wrong,
        rejected=rejected,
    )


def _samples(people: People, watch: Watch, plan: Plan) -> tuple[Sample, ...]:
    """Let the time of ``plan`` pass, then wait until nobody and nothing waits."""
    samples: list[Sample] = []
    for _ in range(LOOKS):
        people.crowd.run(plan.seconds / LOOKS)
        samples.append(watch.look())
    people.crowd.run(STAY_S)
    give_up_at = time.monotonic() + HEARD_OUT_S
    while (last := watch.look()).waiting or people.awaited:
        if time.monotonic() > give_up_at:
            break
        people.crowd.run(1)
    return (*samples, last)


@contextmanager
def _hub(folder: Path, port: int, account: Account) -> Iterator[HubProcess]:
    hub = HubProcess(folder, port, account.password, people=site_toml(), policy=POLICY)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


@contextmanager
def _edges(folder: Path, port: int, plan: Plan) -> Iterator[int]:
    """The process id of the gates and tablets, until the block ends."""
    (folder / "edges").mkdir()
    words = [str(folder), str(port), str(plan.seconds), str(plan.speed)]
    command = [sys.executable, "-m", "tests.bench.soak.edges", *words]
    with (folder / "edges.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stderr=log)
    try:
        if not eventually((folder / READY).exists):
            raise SystemExit("the gates and tablets did not start")
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)
