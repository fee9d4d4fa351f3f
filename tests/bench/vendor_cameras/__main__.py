"""Other makers' cameras before a real gate that is killed: is each car told once, and how soon?

python -m tests.bench vendor_cameras [--cars 300] [--deaths 20] [--bodies 10000] [--seed 1]

Of each vendor an hour of cars with repeats, misreadings, late pictures and records that the camera
had kept, posted to a gate program that dies between keeping and answering, and between telling and
noting it: each car once, in order, no answer that opens a barrier. Then spoilt bodies, each of
which must be kept and answered. Then twenty cameras with five reads a second each, of a new car
every second, with mosquitto and a real hub behind the gate: how soon is it an alert?
"""

import argparse
import logging
import sys

from tests.bench.vendor_cameras.report import paced, played_hours, spoilt


def main() -> int:
    """Print what was found; 1 where anything is wrong or a bound is missed."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--cars", type=int, default=300)
    parser.add_argument("--deaths", type=int, default=20)
    parser.add_argument("--bodies", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wrong = played_hours(asked.cars, asked.deaths, asked.seed) if asked.cars else []
    wrong += spoilt(asked.bodies, asked.seed) if asked.bodies else []
    wrong += paced(asked.seconds) if asked.seconds else []
    for line in wrong or ["each car once, in order; no answer opens a barrier"]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
