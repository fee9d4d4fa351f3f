"""A day of eight hours at a busy site in half an hour: does memory, a file or a log grow?

python -m tests.bench.soak [--minutes 30]

2,400 cars, half of whose visitors check in, two gates and two tablets with their real outboxes,
twenty phones that claim, finish, enter customers and look them up, the console, the wall and a
phone's page, with the real hub and mosquitto. Each minute it is looked at what they hold. What the
second half adds, taken as a whole day, is held against bounds; each alert has to be heard, once.
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.bench.soak.bounds import DAY_S, PROGRAMS, Bounds, Check, Sample, checks
from tests.bench.soak.day import SPEED, Day, live_through
from tests.bench.soak.plan import Plan
from tests.bench.table import table


def main() -> int:
    """Print the table and the figures beside their bounds; 1 where one is missed."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--minutes", type=float, default=DAY_S / SPEED / 60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        day = live_through(Path(name), Plan(asked.minutes * 60, SPEED))
    found = checks(day.samples, Bounds())
    tell(day, found)
    return 1 if day.wrong or not all(check.is_good for check in found) else 0


def tell(day: Day, found: list[Check]) -> None:
    """Print it all."""
    head = ["time of the site's day"]
    head += [f"{name} {what}" for name in PROGRAMS for what in ("MB", "fds")]
    head += ["WAL MB", "waiting", "journal", "logs MB"]
    print(table(head, [_row(sample) for sample in day.samples]))
    print(f"{day.cars} cars; pages asked {day.pages} times")
    rows = [
        [check.what, f"{check.found:.1f}", f"{check.bound:.0f}", "" if check.is_good else "MISSED"]
        for check in found
    ]
    print(table(["extrapolated from the second half", "found", "bound", ""], rows))
    for line in day.wrong or ["each alert was heard, and once"]:
        print(line)


def _row(sample: Sample) -> list[str]:
    minutes = int(sample.at_s // 60)
    held = [
        cell
        for program in sample.programs
        for cell in (f"{program.rss_mb:.1f}", str(program.descriptors))
    ]
    row = [f"{minutes // 60}:{minutes % 60:02d}", *held, f"{sample.wal_mb:.1f}"]
    return [*row, str(sample.waiting), str(sample.journal), f"{sample.log_mb:.2f}"]


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
