"""What encryption costs: visits and look-ups at a hub with its file in plain and sealed, by turns.

python -m tests.bench.sealing [--customers 100000 --visits 300 --rounds 5]
"""

import argparse
import shutil
import statistics
import sys
from functools import partial
from pathlib import Path

from broker.handlers.context import Hub
from broker.journal.entries import FILE_NAME
from shared.sealed_file import is_plain
from shared.sealing import seal
from tests.bench.burst import measure
from tests.bench.large_site import BUILD, customers, serve, site_folder, started_hub
from tests.bench.rules import QUESTIONS, hint, timed, worked

AT_LEAST = 1 / 1.15
"""Of the visits a second that a hub with its file in plain takes."""
WAYS = {"visits/s in a burst": True, "visits/s one at a time": False}


def copied(source: Path, *, is_sealed: bool) -> Path:
    """A copy of the site that may be changed."""
    folder = BUILD / ("sealed" if is_sealed else "plain")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    if is_sealed:
        print(f"encrypted in {timed(partial(seal, folder, folder / 'hub.data.key')):.1f} s")
    assert is_plain(folder / FILE_NAME) is not is_sealed
    return folder


def look_up(hub: Hub, plates: list[str]) -> None:
    for plate in plates:
        hint(hub, plate)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(words)
    source = site_folder(asked.customers, asked.customers)
    hubs = [started_hub(copied(source, is_sealed=is_sealed)) for is_sealed in (False, True)]
    every = max(1, asked.customers // QUESTIONS)
    known = list(customers(asked.customers, asked.customers))[::every]
    plates = [customer.plates[0] for customer in known]
    paces: dict[str, list[list[float]]] = {name: [[], []] for name in WAYS}
    visits: list[list[float]] = [[], []]
    hints: list[list[float]] = [[], []]
    for number in range(asked.rounds):
        for place, hub in enumerate(hubs):
            some = range(number * asked.visits, (number + 1) * asked.visits)
            cost = worked(partial(serve, hub, some, known=1_000)) / asked.visits
            visits[place].append(cost * 1000)
            hints[place].append(worked(partial(look_up, hub, plates)) / len(plates) * 1000)
            for turn, (name, is_burst) in enumerate(WAYS.items(), start=1):
                first = (turn * asked.rounds + number) * asked.visits
                some = range(first, first + asked.visits)
                paces[name][place].append(measure(hub, some, is_burst=is_burst).a_second)
    print(f"{'medians':24}{'plain':>8}{'sealed':>8}{'ratio':>8}")
    for name, costs in (*paces.items(), ("a visit, processor ms", visits), ("a hint, ms", hints)):
        plain, sealed = map(statistics.median, costs)
        print(f"{name:24}{plain:8.2f}{sealed:8.2f}{sealed / plain:8.2f}")
    ratios = (
        statistics.median(sealed) / statistics.median(plain) for plain, sealed in paces.values()
    )
    return int(min(ratios) < AT_LEAST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
