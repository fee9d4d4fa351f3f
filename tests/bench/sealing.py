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
from shared.sealed_file import is_plain, seal
from tests.bench.large_site import BUILD, customers, serve, site_folder, started_hub
from tests.bench.rules import QUESTIONS, hint, timed, worked

AT_MOST = 1.15
"""Of the processor time of a visit in plain."""


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
    visits: list[list[float]] = [[], []]
    hints: list[list[float]] = [[], []]
    for number in range(asked.rounds):
        for place, hub in enumerate(hubs):
            some = range(number * asked.visits, (number + 1) * asked.visits)
            cost = worked(partial(serve, hub, some, known=1_000)) / asked.visits
            visits[place].append(cost * 1000)
            hints[place].append(worked(partial(look_up, hub, plates)) / len(plates) * 1000)
    print(f"{'processor ms, median':24}{'plain':>8}{'sealed':>8}{'ratio':>8}")
    for name, costs in (("a visit", visits), ("a fuzzy hint", hints)):
        plain, sealed = map(statistics.median, costs)
        print(f"{name:24}{plain:8.2f}{sealed:8.2f}{sealed / plain:8.2f}")
    plain, sealed = map(statistics.median, visits)
    return int(sealed > AT_MOST * plain)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
