"""Arrivals that waited through an outage: how soon the hub has them, each once, also if killed.

python -m tests.bench.queued [--arrivals 10000 --kills 5]
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from broker.hub.loop import HubLoop
from broker.hub.opening import open_hub
from broker.journal.entries import open_read_only
from broker.journal.verify import verify
from shared.clock import now
from shared.messages import Message, NodeKind, Receipt
from shared.node import Node
from tests.bench.burst import Wire
from tests.bench.large_site import PEOPLE, POLICY
from tests.fakes import SITE, FakeSent
from tests.samples import arrival

AT_MOST_S = 3.0
ONCE = """select count(*), count(distinct arrival_id),
    (select count(*) from journal where kind = 'arrival') from arrivals"""


@dataclass(slots=True)
class Gate(Wire):
    """A gate that counts its receipts, which come in order."""

    receipts: int = 0

    def send(self, message: Message) -> FakeSent:
        self.receipts += isinstance(message, Receipt)
        return Wire.send(self, message)


def take(folder: Path, first: int, end: int) -> float:
    """Take the arrivals from ``first`` on; prints after each commit up to where it came."""
    hub, gate = open_hub(folder, PEOPLE, POLICY, now), Gate()
    loop = HubLoop(hub, gate, Node(SITE, "hub", NodeKind.HUB, "0"))
    loop.step(0)  # what a hub does once, when it starts
    waited_since = now() - timedelta(hours=1)
    for number in range(first, end):
        waited = arrival("浙A12345", number, seen_at=waited_since)
        gate.deliver(replace(waited, sent_at=now()))
    began_s = time.perf_counter()
    while gate.waiting:
        loop.step(0)
        print(first + gate.receipts, flush=True)
    return time.perf_counter() - began_s


def take_killed(folder: Path, count: int, kills: int) -> None:
    """Let a hub take them that is killed without warning, and each time started again."""
    chance, has = random.Random(1), 0
    deaths = sorted(chance.sample(range(count), kills))
    while has < count:
        command = [sys.executable, "-m", "tests.bench.queued", "--child", str(folder), str(has)]
        command += ["--arrivals", str(count)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hub:
            assert hub.stdout is not None
            for line in hub.stdout:
                has = int(line)
                if deaths and has >= deaths[0]:
                    deaths.pop(0)
                    hub.kill()
                    break
        if hub.returncode not in (0, -signal.SIGKILL):
            raise SystemExit("the hub failed")


def wrong_in(folder: Path, count: int) -> list[str]:
    """What is missing in the hub's file, or there twice."""
    file, said = folder / "hub.sqlite3", list[str]()
    found = open_read_only(file).execute(ONCE).fetchone()
    wrong = [] if found == (count,) * 3 else [f"rows, arrivals, entries: {found}"]
    return wrong + (said if verify(file, said.append) else [])


def main() -> int:
    """Print how long it took; 1 when too long, or when one was lost or taken twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arrivals", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        folder, first = asked.child
        print(take(Path(folder), int(first), asked.arrivals), file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as killed:
        command = [sys.executable, "-m", "tests.bench.queued", "--child", whole, "0"]
        command += ["--arrivals", str(asked.arrivals)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        took_s = float(done.stderr.splitlines()[-1])
        take_killed(Path(killed), asked.arrivals, asked.kills)
        wrong = [*wrong_in(Path(whole), asked.arrivals), *wrong_in(Path(killed), asked.arrivals)]
    print(f"{asked.arrivals:,} arrivals in {took_s:.2f} s (at most {AT_MOST_S} for 10,000)")
    print(f"killed {asked.kills} times: each is there once" if not wrong else "\n".join(wrong))
    return 1 if wrong or took_s > AT_MOST_S * max(1.0, asked.arrivals / 10_000) else 0


if __name__ == "__main__":
    sys.exit(main())
