"""Power cuts, full disks, damaged files, wrong clocks at random moments: nothing may be lost.

    python -m tests.bench.chaos [--rounds 500] [--real 7] [--seed 1] [--only FAULT]

Each round plays part of a day with the hub's own code and the edges' own outbox and courier, while
every change of their disks is recorded (``recorder.c``, by gcc). From a record the disks are put
together as they lay there at random moments: after a power cut without what no fsync had made
safe, torn in sectors. Then everything starts on them. Other faults happen while the programs run.
The MQTT server of these rounds is part of the process, and time passes as the round wants.
The ``real`` rounds spoil a hub as its own process and mosquitto, in the same ways.
"""

import argparse
import logging
import sys
import time
from itertools import chain

from tests.bench.chaos.outcome import as_text
from tests.bench.chaos.playing import planned, play, play_real
from tests.bench.reading import show_progress


def main() -> int:
    """Print what did not hold, with the seed that shows it again, and the table."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=int, default=7)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began_s, outcomes = time.monotonic(), []
    played = chain(
        play(planned(asked.rounds, asked.seed, asked.only), asked.processes),
        play_real(asked.real, asked.seed, asked.only),
    )
    for outcome in played:
        outcomes.append(outcome)
        show_progress(len(outcomes), asked.rounds + asked.real)
        for what in outcome.wrong:
            print(f"{outcome.fault}, seed {outcome.seed}: {what}", flush=True)
    print(f"{len(outcomes)} rounds in {time.monotonic() - began_s:.0f} s")
    print(as_text(outcomes))
    return 1 if any(outcome.wrong for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
