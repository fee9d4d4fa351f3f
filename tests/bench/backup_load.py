"""Alerts while a backup is made, against alerts without one, in turn in the same run.

python -m tests.bench.backup_load [--entries 100000] [--rounds 1] [--seconds 40]

The loaded site of ``handhelds`` on a hub with a long journal; in half of the windows backups are
made one after the other, as the hub makes its own. Target: p95 of a car's and a visitor's alert at
most 20 % above that of the windows without, and 10 ms for what no clock tells apart.
"""

import argparse
import logging
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Protocol

from broker.mqtt_server.accounts import Account, new_account
from broker.site_key.key import FILE_NAME as KEY_NAME
from broker.site_key.key import make_key
from shared.topics import Party
from tests.bench.crowd import Crowd
from tests.bench.grown_site import grown_folder
from tests.bench.handheld_site import STAFF, Figures, LoadedSite, site_toml
from tests.bench.handhelds import DRAIN_S, percentile
from tests.bench.hub_process import HubProcess
from tests.bench.table import table
from tests.servers import mqtt_server
from tests.site import FROM_THE_TREE, ROOT

EVERY_S = 0.6
"""Between two cars: 300 an hour at twenty times the speed."""
AT_MOST, UNTOLD_MS = 1.2, 10.0
QUIET, BUSY = "without a backup", "while backups are made"
WARM_UP = "not counted"
"""The first window: a hub that has just started."""


def main() -> int:
    """Print the p95 of both kinds of windows; 1 if backups are felt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(grown_folder(asked.entries), folder / "hub")
        took_ms, made = measure(folder, asked.rounds, asked.seconds, _Backups)
    return told(took_ms, made)


class Beside(Protocol):
    """What goes on beside the hub in the busy windows."""

    made: int
    """How much of it was done."""

    def has_ended(self) -> bool:
        """Begin no more; whether all of it has come to its end."""


def measure(
    folder: Path, rounds: int, seconds: float, beside: Callable[[Path], Beside]
) -> tuple[dict[str, list[list[float]]], int]:
    """What alerts took in the windows of both kinds, and how much was done beside."""
    accounts = {
        "hub": new_account(Party.HUB, "hub"),
        "gate": new_account(Party.GATE, "north"),
        **{f"kiosk-{number}": new_account(Party.KIOSK, f"k{number}") for number in range(5)},
        **{who: new_account(Party.STAFF, who, (role,)) for who, role in STAFF.items()},
    }
    took_ms: dict[str, list[list[float]]] = {WARM_UP: [], QUIET: [], BUSY: []}
    made = 0
    with mqtt_server(folder, "mosquitto", list(accounts.values())) as server:
        hub = _hub(folder, server.port, accounts["hub"])
        try:
            crowd = Crowd(server.port)
            site = LoadedSite(crowd, accounts, random.Random(1))
            site.join()
            if not crowd.are_ready(within_s=60):
                raise SystemExit("not everybody could connect")
            crowd.run(3)  # the hub hears who is there
            for window in (WARM_UP, *(QUIET, BUSY, BUSY, QUIET) * rounds):
                site.figures = Figures()
                busy = beside(folder) if window == BUSY else None
                site.open(every_s=EVERY_S, for_s=seconds)
                crowd.run(seconds + DRAIN_S)
                while busy and not busy.has_ended():
                    crowd.run(1.0)  # nobody's connection may lapse meanwhile
                made += busy.made if busy else 0
                took_ms[window].append([*chain.from_iterable(site.figures.took_ms.values())])
            del took_ms[WARM_UP]
            crowd.leave()
        finally:
            hub.stop()
    return took_ms, made


class _Backups:
    """Backups made one after the other, each by a process of its own as the hub starts them."""

    def __init__(self, folder: Path) -> None:
        self._command = [
            "nice",
            "-n",
            "19",
            *FROM_THE_TREE,
            "backup",
            "--config",
            str(folder / "hub.toml"),
        ]
        self._command += ["--to", str(folder / "disk")]
        self._is_over, self.made = threading.Event(), 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._is_over.is_set():
            done = subprocess.run(self._command, cwd=ROOT, capture_output=True, check=False)
            self.made += done.returncode == 0

    def has_ended(self) -> bool:
        """Begin no other; whether the last one has come to its end."""
        self._is_over.set()
        return not self._thread.is_alive()


def _hub(folder: Path, port: int, account: Account) -> HubProcess:
    policy = 'open = "00:00"\nclose = "24:00"\n'
    hub = HubProcess(folder, port, account.password, people=site_toml(), policy=policy)
    make_key(folder / KEY_NAME)
    (folder / "disk").mkdir()
    hub.start()
    return hub


def told(took_ms: dict[str, list[list[float]]], made: int) -> int:
    """Print the figures; the exit status."""
    rows = []
    for name, windows in took_ms.items():
        for took in windows:
            shares = (f"{percentile(took, share):.0f} ms" for share in (0.5, 0.95))
            rows.append([name, str(len(took)), *shares])
    print(table(["window", "alerts", "p50", "p95"], rows))
    quiet, busy = (percentile([*chain(*took_ms[name])], 0.95) for name in (QUIET, BUSY))
    allowed = quiet * AT_MOST + UNTOLD_MS
    print(f"{made} backups; p95 {quiet:.0f} → {busy:.0f} ms (target {allowed:.0f} ms)")
    return int(busy > allowed or made == 0)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
