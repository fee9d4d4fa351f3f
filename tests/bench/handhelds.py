"""A site under load: real clients, a real MQTT server and a real hub, all on this machine.

python -m tests.bench.handhelds [--minutes 5] [--speed 20]

40 handhelds, 5 tablets and a gate with 300 cars an hour, at 20 × the speed: a car or a check-in is
published, and the time counts until its alert is at the right phone. People claim, phones say that
they show it, hosts finish. Targets: p95 under 500 ms, p99 under 2 s, none lost, nothing rung after
its end, hub and MQTT server together under 300 MB.
"""

import argparse
import logging
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from broker.mqtt_server.accounts import Account, new_account
from shared.sealed_file import connect
from shared.topics import Party
from tests.bench.crowd import Crowd
from tests.bench.handheld_site import STAFF, Figures, LoadedSite, site_toml
from tests.bench.hub_process import HubProcess
from tests.bench.table import table
from tests.servers import mqtt_server

ARRIVALS_AN_HOUR = 300
TARGETS_MS = {"p95": 500, "p99": 2000}
TARGET_MB = 300
SILENT_MS = 1000
DRAIN_S = 15
"""What is under way at the end is heard out."""


def main() -> int:
    """Print the figures beside their targets; 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--speed", type=float, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        figures, memory_mb = measure(Path(name), asked.minutes * 60, asked.speed)
    return told(figures, memory_mb)


def measure(folder: Path, seconds: float, speed: float) -> tuple[Figures, dict[str, float]]:
    """What the phones saw, and the memory of each program at the end."""
    accounts = {
        "hub": new_account(Party.HUB, "hub"),
        "gate": new_account(Party.GATE, "north"),
        **{f"kiosk-{number}": new_account(Party.KIOSK, f"k{number}") for number in range(5)},
        **{
            staff_id: new_account(Party.STAFF, staff_id, (role,))
            for staff_id, role in STAFF.items()
        },
    }
    with (
        mqtt_server(folder, "mosquitto", list(accounts.values())) as server,
        _hub(folder, server.port, accounts["hub"]) as hub,
    ):
        crowd = Crowd(server.port)
        site = LoadedSite(crowd, accounts, random.Random(1))
        site.join()
        if not crowd.are_ready(within_s=20):
            raise SystemExit("not everybody could connect")
        crowd.run(3)  # the hub hears who is there
        site.open(every_s=3600 / ARRIVALS_AN_HOUR / speed, for_s=seconds)
        crowd.run(seconds + DRAIN_S)
        site.figures.hub_load = _worked_s(hub.pid) / (seconds + DRAIN_S + 3)
        memory = {"hub": rss_mb(hub.pid), **_server_memory(server.process.pid)}
        crowd.leave()
        with closing(connect(hub.file)) as db:
            found = db.execute("select reason from rejected").fetchall()
        site.figures.rejected = [reason for (reason,) in found]
    return site.figures, memory


def told(figures: Figures, memory_mb: dict[str, float]) -> int:
    """Print it all; the exit status."""
    rows, is_good = [], True
    for name, took in figures.took_ms.items():
        row = [name, str(len(took))]
        for part, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
            value = percentile(took, share)
            row.append(f"{value:.0f} ms")
            is_good &= value < TARGETS_MS.get(part, 2000)
        rows.append([*row, f"{max(took):.0f} ms"])
    print(table(["event published → alert at its phone", "n", "p50", "p95", "p99", "worst"], rows))
    print("  targets: p95 < 500 ms, p99 < 2 s")
    silent = percentile(figures.silent_ms, 0.95) if figures.silent_ms else 0.0
    print(f"claim → the other phones silent: p95 {silent:.0f} ms (target {SILENT_MS} ms)")
    total = sum(memory_mb.values())
    parts = " + ".join(f"{name} {size:.0f}" for name, size in memory_mb.items())
    print(f"memory: {parts} = {total:.0f} MB (target {TARGET_MB} MB)")
    print(f"lost: {len(figures.lost)}; rung after its end: {figures.rung_after_end}")
    print(f"refused by the hub: {len(figures.rejected)}", *sorted(set(figures.rejected))[:3])
    print(f"the hub worked {figures.hub_load:.0%} of one processor's time")
    print(f"waited because nobody was free: {figures.waited}; claims: {figures.claims}")
    is_good &= silent < SILENT_MS and total < TARGET_MB
    return 0 if is_good and not figures.lost and not figures.rung_after_end else 1


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of ``values`` lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def rss_mb(pid: int) -> float:
    """The memory of a process that is in RAM."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _worked_s(pid: int) -> float:
    """Seconds of a processor's work that a process has done."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _server_memory(pid: int) -> dict[str, float]:
    """Our watcher of mosquitto, and mosquitto itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return {"mqtt": rss_mb(pid), "mosquitto": sum(rss_mb(int(child)) for child in children)}


@contextmanager
def _hub(folder: Path, port: int, account: Account) -> Iterator[HubProcess]:
    """The real program, until the block ends."""
    policy = 'open = "00:00"\nclose = "24:00"\n'
    hub = HubProcess(folder, port, account.password, people=site_toml(), policy=policy)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
