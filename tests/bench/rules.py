"""The house rules on a large site: how fast a customer is found, a visitor decided on, a hub up.

python -m tests.bench.rules [--customers 1000000 --registrations 2000000 --entries 1000000]
"""

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.journal.entries import FILE_NAME
from broker.rules.commands import CheckIn, Command, Consultant, Finish, SetRoster
from broker.rules.facts import NOTHING_KNOWN, Keys, Registration
from broker.rules.fold import apply
from broker.rules.judge import decide
from broker.rules.match import likeliest_plate
from broker.rules.state import SiteState
from shared.messages import Answer3
from shared.plate import DIGITS, LETTERS
from tests.bench.large_site import (
    CONSULTANTS,
    POLICY,
    Scratch,
    customers,
    journal_folder,
    plate,
    serve,
    site_folder,
    started_hub,
)
from tests.fakes import NINE

QUESTIONS = 2_000
AT_MOST = {
    "exact match p99 ms": 0.3,
    "fuzzy hint p99 ms": 20.0,
    "hub memory MB": 300.0,
    "start-up s": 3.0,
    "cost, long / short journal": 1.2,
}
AT_LEAST = {"decisions/s, pure rules": 7_000.0}


@dataclass(slots=True)
class Figures:
    """What was measured, and whether anything missed its limit."""

    is_missed: bool = False

    def tell(self, name: str, value: float, note: str = "") -> None:
        most, least = AT_MOST.get(name), AT_LEAST.get(name)
        is_missed = (most is not None and value > most) or (least is not None and value < least)
        self.is_missed |= is_missed
        wanted = f"at most {most:g}" if most else f"at least {least:g}" if least else ""
        print(f"{name:28}{value:12,.3f}  {wanted:14}{'MISSED ' if is_missed else ''}{note}")


def quantiles(took: Sequence[float]) -> tuple[float, float]:
    """Median and 99th percentile, milliseconds."""
    ranked = sorted(took)
    return ranked[len(ranked) // 2] * 1000, ranked[int(len(ranked) * 0.99)] * 1000


def timed(act: Callable[[], object]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def worked(act: Callable[[], object]) -> float:
    """Seconds of this process's own work: others on the machine do not count."""
    before = time.process_time()
    act()
    return time.process_time() - before


def hint(hub: Hub, read: str) -> object:
    return likeliest_plate(read, hub.register.look_alikes(read))


def misread(text: str, chance: random.Random) -> str:
    """A plate with one character read as another."""
    at = chance.randrange(2, len(text))
    return text[:at] + chance.choice(DIGITS + LETTERS) + text[at + 1 :]


def measure_search(hub: Hub, count: int, figures: Figures) -> None:
    """Look-ups among all customers, spread over the whole register."""
    chance = random.Random(7)
    every = max(1, count // QUESTIONS)
    known = [customer for at, customer in enumerate(customers(count, count)) if at % every == 0]
    chance.shuffle(known)
    kinds: dict[str, Callable[[Registration], object]] = {
        "exact match": lambda customer: hub.register.find(
            Keys(phone=customer.phone, plates=customer.plates)
        ),
        "fuzzy hint": lambda customer: hint(hub, misread(customer.plates[0], chance)),
        "piece of a plate": lambda customer: hub.register.search(customer.plates[0][2:]),
        "name of many": lambda customer: hub.register.search(
            f"{customer.surname}{customer.salutation}"
        ),
    }
    for name, ask in kinds.items():
        took = [timed(partial(ask, customer)) for customer in known]
        p50, p99 = quantiles(took)
        figures.tell(f"{name} p50 ms", p50)
        figures.tell(f"{name} p99 ms", p99, f"{len(took):,} look-ups among {count:,} customers")


START = """
import sys, time
from pathlib import Path
from tests.bench.rules import a_busy_day, started_hub
before = time.perf_counter()
hub = started_hub(Path(sys.argv[1]))
print(time.perf_counter() - before)
a_busy_day(hub)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""The whole program is imported before: what is measured is what grows with the years."""


def a_busy_day(hub: Hub) -> None:
    """Returning customers, look-alike plates, searches: the memory of a hub at work."""
    chance = random.Random(8)
    serve(hub, range(300), known=1_000)
    for _ in range(300):
        hint(hub, plate(chance))
        hub.register.search(plate(chance)[3:])


def measure_start(folder: Path, figures: Figures) -> None:
    """A hub as its own process: until it is open, and its largest memory after a busy day."""
    with Scratch(folder) as copy:
        done = subprocess.run(
            [sys.executable, "-c", START, str(copy)], stdout=subprocess.PIPE, text=True, check=True
        )
    seconds, kilobytes = done.stdout.split()
    figures.tell("start-up s", float(seconds))
    figures.tell("hub memory MB", int(kilobytes) / 1024, "largest resident size")


def measure_pure(decisions: int, figures: Figures) -> None:
    """Visitors through the pure rules: a decision each, and the end of the reception."""
    people = tuple(Consultant(id=consultant, name=consultant) for consultant in CONSULTANTS)
    state = _played(SiteState(), SetRoster(at=NINE, consultants=people, order=CONSULTANTS))
    natural = CheckIn(
        at=NINE, visit_id="", first_visit=Answer3.YES, family=Answer3.NO, contacted=Answer3.NO
    )
    before = time.perf_counter()
    for number in range(decisions):
        at, name = NINE + timedelta(seconds=number), f"v{number}"
        state = _played(state, replace(natural, at=at, visit_id=name))
        state = _played(state, Finish(at=at, visit_id=name))
    rate = decisions / (time.perf_counter() - before)
    figures.tell("decisions/s, pure rules", rate, "each with the end of its reception")


def _played(state: SiteState, command: Command) -> SiteState:
    for event in decide(state, POLICY, command, NOTHING_KNOWN):
        state = apply(state, event)
    return state


def measure_hub(folder: Path, decisions: int, figures: Figures) -> None:
    """Visitors through the hub, each step on the disk, beside this disk's bare fsync."""
    with Scratch(folder) as copy:
        raw = _fsync_rate(copy / "fsync", decisions)
        figures.tell("fsync/s of this disk", raw, "4 KB appended and synced")
        hub = started_hub(copy)
        took = timed(partial(serve, hub, range(decisions)))
        # A decision and the end of its reception are two commits, forgetting what was sent a third.
        figures.tell("decisions/s, durable", decisions / took)
        figures.tell(
            "commits/s, durable", 3 * decisions / took, f"{3 * decisions / took / raw:.0%}"
        )


def _fsync_rate(path: Path, count: int) -> float:
    with path.open("wb") as file:
        before = time.perf_counter()
        for _ in range(count):
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
        return count / (time.perf_counter() - before)


def measure_growth(entries: int, decisions: int, figures: Figures) -> None:
    """A decision's cost behind a short and a long journal; processor time, without fsync.

    They take turns, so that noise hits both alike.
    """
    lengths = (min(1_000, entries), entries)
    rounds: tuple[list[float], list[float]] = ([], [])
    with Scratch(journal_folder(lengths[0])) as short, Scratch(journal_folder(entries)) as long:
        hubs = [started_hub(copy) for copy in (short, long)]
        for hub in hubs:
            hub.inbox.db.conn.execute("pragma synchronous = off")
        for at in range(10_000_000, 10_000_000 + decisions, 20):
            for hub, took in zip(hubs, rounds, strict=True):
                took.append(worked(partial(serve, hub, range(at, at + 20))))
    costs = [sorted(took)[len(took) // 2] / 20 * 1000 for took in rounds]
    for length, cost in zip(lengths, costs, strict=True):
        figures.tell("ms a decision", cost, f"behind {length:,} entries of the journal")
    figures.tell("cost, long / short journal", costs[1] / costs[0])


def main() -> int:
    """Measure everything; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--registrations", type=int, default=2_000_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--decisions", type=int, default=1_000)
    asked = parser.parse_args()
    figures = Figures()
    measure_pure(asked.decisions, figures)
    measure_growth(asked.entries, asked.decisions, figures)
    folder = site_folder(asked.customers, asked.registrations)
    figures.tell("file of the site MB", (folder / FILE_NAME).stat().st_size / 2**20)
    measure_start(folder, figures)
    measure_hub(folder, min(asked.decisions, 300), figures)
    with Scratch(folder) as copy:
        measure_search(started_hub(copy), asked.customers, figures)
    return 1 if figures.is_missed else 0


if __name__ == "__main__":
    sys.exit(main())
