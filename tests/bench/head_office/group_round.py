"""One round: sites fill a head office, live on at a pace, and everything that can break breaks."""

import gzip
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from broker.shipping.shipper import BACKLOG_PAUSE_S
from tests.bench.head_office.offices import (
    RunningOffice,
    join_all,
    postgres_cpu_s,
    running_offices,
)
from tests.bench.head_office.pushing import Crowd, Day
from tests.bench.head_office.rough_way import RoughWay
from tests.bench.head_office.simulated_site import SimulatedSite, simulated_sites
from tests.postgres import Postgres
from tests.waiting import eventually


@dataclass(frozen=True, slots=True)
class Cost:
    """Of so many entries: seconds that passed, and seconds that each part computed."""

    entries: int
    wall_s: float
    simulator_s: float
    office_s: float
    postgres_s: float

    @property
    def per_s(self) -> float:
        return self.entries / self.wall_s


@dataclass
class GroupRound:
    """A group of sites, and the head offices that they reach."""

    server: Postgres
    offices: list[RunningOffice]
    sites: list[SimulatedSite]
    seed: int

    def crowd(self, sites: list[SimulatedSite], roughness: float = 0.0) -> Crowd:
        """Ways of these sites, dealt out to the instances."""
        urls = [office.url for office in self.offices]
        return Crowd(
            [
                RoughWay(site, urls[place % len(urls)], random.Random(self.seed + place), roughness)
                for place, site in enumerate(sites)
            ]
        )

    def fill(self, entries: int) -> Cost:
        """All sites together have so many more, which are sent as fast as they are taken."""
        before = self._used()
        crowd = self.crowd(self.sites)
        for place, site in enumerate(self.sites):
            site.owed += entries // len(self.sites) + (place < entries % len(self.sites))
        wall_s = crowd.drain()
        assert not crowd.problems, crowd.problems
        used = [after - was for after, was in zip(self._used(), before, strict=True)]
        _hang_up(crowd)
        return Cost(entries, wall_s, *used)

    def live(self, per_s: float, for_s: float) -> tuple[list[float], Cost]:
        """So many entries happen in a second; for how long each waited, sorted."""
        before, crowd = self._used(), self.crowd(self.sites)
        day, began = Day(crowd, per_s, for_s, self.seed), time.monotonic()
        day.live()
        assert not crowd.problems, crowd.problems
        used = [after - was for after, was in zip(self._used(), before, strict=True)]
        _hang_up(crowd)
        return sorted(day.lags), Cost(len(day.lags), time.monotonic() - began, *used)

    def come_back(self, share: float, entries: int, per_s: float, for_s: float) -> list[float]:
        """A cut ends behind which each of some sites has so many; how long the others waited."""
        cut = self.sites[: round(len(self.sites) * share)]
        for site in cut:
            site.owed += entries
        day = Day(self.crowd(self.sites[len(cut) :]), per_s, for_s, self.seed)
        backlogs = self.crowd(cut)

        def step(way: RoughWay) -> float | None:
            _, wait_s = backlogs.send(way)
            return max(wait_s, BACKLOG_PAUSE_S) if way.site.has_more else None

        live = threading.Thread(target=day.live)
        live.start()
        backlogs.work(step, live.join)
        problems = day.crowd.problems + backlogs.problems
        assert not problems, problems
        _hang_up(day.crowd)
        _hang_up(backlogs)
        return sorted(day.lags)

    def break_everything(self, entries: int, kills: int, roughness: float = 0.3) -> Crowd:
        """While all sites send on a bad network, head office and PostgreSQL are killed in turns."""
        for site in self.sites:
            site.owed += entries // len(self.sites)
        crowd = self.crowd(self.sites, roughness)

        def kill() -> None:
            for number in range(kills):
                wanted = entries * (number + 1) // (kills + 1)
                eventually(lambda: crowd.stored >= wanted or bool(crowd.problems))  # noqa: B023
                if number % 2:
                    victim = self.offices[number // 2 % len(self.offices)]
                    victim.kill()
                    victim.start()
                else:
                    self.server.stop("immediate")
                    self.server.start()

        crowd.drain(kill)
        _hang_up(crowd)
        return crowd

    def _used(self) -> tuple[float, float, float]:
        of_offices = sum(office.cpu_s for office in self.offices)
        return time.process_time(), of_offices, postgres_cpu_s(self.server)


def alone(sites: int, entries: int, seed: int) -> float:
    """Entries a second that the simulator makes, chains, signs and packs when nobody takes them."""
    group, began = simulated_sites(sites, seed), time.process_time()
    for site in group:
        site.owed = max(1, entries // sites)
        while site.has_more:
            batch = site.batch()
            gzip.compress(msgspec.json.encode(batch), 1)
            for _ in batch.entries:
                site.waiting.popleft()
    return max(1, entries // sites) * sites / (time.process_time() - began)


@contextmanager
def group_round(
    server: Postgres, folder: Path, sites: int, instances: int, seed: int
) -> Iterator[GroupRound]:
    """Sites that have joined, and head offices that run."""
    group = simulated_sites(sites, seed)
    join_all(server.url, group)
    with running_offices(folder, server.url, instances) as offices:
        yield GroupRound(server, offices, group, seed)


def _hang_up(crowd: Crowd) -> None:
    for way in crowd.ways:
        way.close()
