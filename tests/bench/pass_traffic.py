"""An hour of 300 known cars among 1,000 passes: who is told, and what it costs visitors' cars.

python -m tests.bench pass_traffic [--passes 1000] [--cars 300]
"""

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from broker.site_file import Pass, Staff
from shared.messages import Alert, Message, PassKind, ReportKind
from tests.fakes import FakeClock
from tests.hub_answers import answers, report, time_passes
from tests.hub_fixtures import PEOPLE, clocked
from tests.samples import arrival

KINDS = (PassKind.STAFF, PassKind.STAFF, PassKind.TOUR, PassKind.OWNER, PassKind.SUPPLIER)
QUIET = frozenset({PassKind.STAFF, PassKind.TOUR})
GUARD = Staff(id="zhou", name="老周", roles=("gate",), pin="1111")


def main() -> int:
    """Run the hour, and print who was told and what a visitor's car took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passes", type=int, default=1000)
    parser.add_argument("--cars", type=int, default=300)
    asked = parser.parse_args()
    logging.disable()
    held = tuple(
        Pass(id=f"p-{n}", plate=f"浙B{n:05}", kind=KINDS[n % len(KINDS)], number=f"{n:04}")
        for n in range(asked.passes)
    )
    with tempfile.TemporaryDirectory() as with_passes, tempfile.TemporaryDirectory() as without:
        hub = _opened(Path(with_passes), held)
        counted, wrong = _hour(hub, held, asked.cars)
        ratio = _cost(hub, _opened(Path(without), ()))
    print(f"{asked.passes} passes, {asked.cars} cars in an hour: {dict(counted)}; {wrong} wrong")
    print(f"a visitor's car takes {ratio:.2f} times the processor's time it takes without passes")
    return 1 if wrong else 0


def _opened(folder: Path, held: tuple[Pass, ...]) -> Hub:
    people = replace(PEOPLE, staff=(*PEOPLE.staff, GUARD), passes=held)
    clock = FakeClock()
    return clocked(open_hub(folder, people, Policy(), clock), clock)


def _hour(hub: Hub, held: tuple[Pass, ...], cars: int) -> tuple[Counter[str], int]:
    """Every known car passes; of those that are compared every other one does not fit."""
    counted: Counter[str] = Counter()
    wrong = 0
    for number in range(cars):
        car = held[number * 7 % len(held)]
        told = _alerts(answers(hub, arrival(car.plate, number)))
        is_quiet = car.kind in QUIET
        counted["quiet" if is_quiet else "compared"] += 1
        wrong += bool(told) if is_quiet else {one.role for one in told} != {"gate"}
        if not is_quiet and number % 2:
            check = report(ReportKind.PASS_MISMATCH, "zhou", number, visit_id=f"a-{number}")
            told = _alerts(answers(hub, check))
            counted["mismatches"] += 1
            wrong += {one.role for one in told} != {"manager"}
    return counted, wrong + len(_alerts(time_passes(hub)))


def _alerts(found: list[Message]) -> list[Alert]:
    return [one for one in found if isinstance(one, Alert)]


def _cost(hub: Hub, other: Hub) -> float:
    """How a car that has no pass compares at both, in turn."""
    took: dict[int, list[float]] = {0: [], 1: []}
    for number in range(200):
        for which, each in enumerate((hub, other)):
            begun_s = time.thread_time()
            answers(each, arrival(f"浙C{number:05}", 10_000 + number))
            took[which].append(time.thread_time() - begun_s)
    return median(took[0]) / median(took[1])


if __name__ == "__main__":
    sys.exit(main())
