"""Random days with a clock that jumps: the decisions are those of the same day with a right one.

python -m tests.bench.clock_leaps [--days 500 --first 0 --moves 24]
"""

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from tests.clock_days import ClockDay


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--moves", type=int, default=24)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)  # each refused clock says so
    started, wrong = time.monotonic(), []
    for seed in range(asked.first, asked.first + asked.days):
        with tempfile.TemporaryDirectory() as folder:
            try:
                ClockDay(seed, Path(folder)).live(asked.moves)
            except AssertionError as error:
                wrong.append(seed)
                print(f"seed {seed}: {error}")
    took_s = time.monotonic() - started
    print(
        f"{asked.days} days of {asked.moves} moves in {took_s:.0f} s, different: {wrong or 'none'}"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
