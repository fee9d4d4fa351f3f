"""The bench's stages: each prints its figures and gives back which of them miss their target."""

import argparse
import time

from broker.head_office.connections import Stores
from broker.head_office.office_app import create_office
from broker.head_office.readers import ALL_SITES
from shared.clock import now
from tests.bench.head_office.group_round import Cost, GroupRound
from tests.bench.head_office.offices import stored_bytes
from tests.bench.table import table

PER_S, LAG_S, FLAT = 2500.0, 5.0, 0.9
FIRST_PART = 100_000
LIST_MS = 200.0


def fill(group: GroupRound, asked: argparse.Namespace) -> list[str]:
    """Entries a second, as what is stored grows."""
    part = min(FIRST_PART, asked.entries)
    costs, done = list[tuple[int, Cost]](), 0
    while done < asked.entries:
        done += (count := min(max(part, done), asked.entries - done))
        costs.append((done, group.fill(count)))
    head = ("stored", "entries/s", "CPU ms per 1,000: simulator", "head office", "PostgreSQL")
    print(table(head, [_row(f"{end:,}", cost) for end, cost in costs]), flush=True)
    (_, first), (_, last) = costs[0], costs[-1]
    print(f"an entry takes {stored_bytes(group.server.url) / done:,.0f} bytes there", flush=True)
    slow = f"{last.per_s:,.0f} entries/s, wanted {PER_S:,.0f}"
    grows = f"{last.per_s / first.per_s:.2f} of the first rows' pace, wanted {FLAT}"
    return [slow] * (last.per_s < PER_S) + [grows] * (last.per_s < FLAT * first.per_s)


def list_sites(url: str) -> list[str]:
    """How long the page with all sites takes, once somebody has logged in."""
    stores = Stores(url)
    browser = create_office(stores, now).test_client()
    code = stores.store().readers.admit("bench", "figures", (ALL_SITES,), now())
    csrf = browser.get("/login").text.partition('name="csrf" value="')[2].partition('"')[0]
    browser.post("/login", data={"csrf": csrf, "code": code})
    took = []
    for _ in range(20):
        began = time.perf_counter()
        size = len(browser.get("/").data)
        took.append((time.perf_counter() - began) * 1000)
    stores.close()
    found_ms = sorted(took)[len(took) // 2]
    print(f"the list of sites: {found_ms:.0f} ms, {size:,} bytes", flush=True)
    return [f"list in {found_ms:.0f} ms, wanted {LIST_MS:.0f}"] * (found_ms > LIST_MS)


def live(group: GroupRound, asked: argparse.Namespace) -> list[str]:
    """How long an entry waits at a pace, and while half of the sites catch up."""
    lags, cost = group.live(asked.pace, asked.pace_s)
    print(table(("lag, s", "p50", "p95", "p99"), [_lag("all live", lags)]))
    cores = (cost.simulator_s + cost.office_s + cost.postgres_s) / cost.wall_s
    print(f"{cost.per_s:,.0f} entries/s keep {cores:.2f} cores busy", flush=True)
    others = group.come_back(0.5, asked.cut, asked.pace / 2, asked.pace_s)
    print(table(("lag, s", "p50", "p95", "p99"), [_lag("others' backlogs", others)]), flush=True)
    return [
        f"lag p95 {_at(found, 0.95):.1f} s, wanted {LAG_S}"
        for found in (lags, others)
        if _at(found, 0.95) > LAG_S
    ]


def break_everything(group: GroupRound, asked: argparse.Namespace) -> list[str]:
    """Kills, and a network that harms batches."""
    crowd = group.break_everything(max(asked.entries // 10, len(group.sites) * 50), asked.kills)
    harmed = sum(way.harmed for way in crowd.ways)
    print(f"{asked.kills} kills, {harmed} batches harmed, {crowd.refused} tries failed", flush=True)
    return crowd.problems


def _row(name: str, cost: Cost) -> tuple[str, ...]:
    used = (cost.simulator_s, cost.office_s, cost.postgres_s)
    return (name, f"{cost.per_s:,.0f}", *(f"{1e6 * one / cost.entries:,.0f}" for one in used))


def _lag(name: str, lags: list[float]) -> tuple[str, ...]:
    return (name, *(f"{_at(lags, share):.2f}" for share in (0.5, 0.95, 0.99)))


def _at(lags: list[float], share: float) -> float:
    return lags[min(len(lags) - 1, int(share * len(lags)))] if lags else 0.0
