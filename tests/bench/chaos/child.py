"""Plays rounds in a process whose disk is recorded: its parent is `tests.bench.chaos`.

Takes the folder, then one line for each round on its input: fault and seed. Answers each with one
line of JSON, an ``Outcome``.
"""

import logging
import sys
import traceback
from pathlib import Path

import msgspec

from tests.bench.chaos.faults import Fault
from tests.bench.chaos.outcome import Outcome
from tests.bench.chaos.recorder import Recorder
from tests.bench.chaos.rounds import Round


def main() -> int:
    """Play what is asked for until the input ends."""
    logging.disable(logging.CRITICAL)
    recorder = Recorder(Path(sys.argv[1]))
    for line in sys.stdin:
        fault, seed = Fault(line.split("\t")[0]), int(line.split("\t")[1])
        try:
            outcome = Round(fault, seed, recorder).play()
        except Exception:  # noqa: BLE001  a start that fails is the find of this bench
            outcome = Outcome(fault, seed, wrong=[traceback.format_exc()])
        print(msgspec.json.encode(outcome).decode(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
