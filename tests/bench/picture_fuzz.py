"""Thousands of broken pictures: each is read or refused, none may crash the reader.

    python -m tests.bench.picture_fuzz [--count 10000] [--seed N] [--first N] [--slowest S]

Four of five are picture files after an accident, the others pictures of odd sides. They are read in
a process of its own, so that a crash inside a library is counted too, with the number that made
it: ``--first NUMBER --count 1`` shows it again. The exit status is 1 where there was any.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from threading import Timer
from typing import IO

from tests.bench.reading import show_progress
from tests.site import ROOT

CHILD = "tests.bench.picture_fuzz_child"
_GOOD = ("read", "refused")
_LAST_LINES = 12


def fuzz(seed: int, first: int, count: int, slowest_s: float) -> Iterator[tuple[int, str]]:
    """Each picture's number and what became of it; a crash begins a new process behind it."""
    number, end = first, first + count
    while number < end:
        with (
            tempfile.TemporaryFile("w+", errors="replace") as said,
            _start(seed, number, end, said) as child,
        ):
            try:
                while number < end and (what := _next_line(child, slowest_s)) is not None:
                    yield number, what
                    number += 1
                if number < end:
                    yield number, _how_it_ended(child, said)
                    number += 1
            finally:
                child.kill()


def _start(seed: int, first: int, end: int, said: IO[str]) -> "subprocess.Popen[str]":
    words = (str(word) for word in (seed, first, end))
    return subprocess.Popen(
        [sys.executable, "-m", CHILD, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
    )


def _next_line(child: "subprocess.Popen[str]", within_s: float) -> str | None:
    """What the child says of its next picture; None: it ended, or took too long and was ended."""
    assert child.stdout is not None
    watchdog = Timer(within_s, child.kill)
    watchdog.start()
    line = child.stdout.readline()
    watchdog.cancel()
    return line.rstrip("\n").partition(" ")[2] if line else None


def _how_it_ended(child: "subprocess.Popen[str]", said: IO[str]) -> str:
    status = child.wait()
    said.seek(0)
    print("".join(said.readlines()[-_LAST_LINES:]), file=sys.stderr)
    if status == -signal.SIGKILL:
        return "took too long, or too much memory"
    return f"ended with {status}" if status >= 0 else f"died of signal {-status}"


def main() -> int:
    """Print each crash as it comes, and the counts."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--slowest", type=float, default=60.0)
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    for done, (number, what) in enumerate(
        fuzz(asked.seed, asked.first, asked.count, asked.slowest), start=1
    ):
        counts[what] += 1
        show_progress(done, asked.count)
        if what not in _GOOD:
            print(f"picture {number}, seed {asked.seed}: {what}", flush=True)
    bad = sum(counts.values()) - sum(counts[what] for what in _GOOD)
    print(
        f"{counts.total()} pictures: {counts['read']} read, {counts['refused']} refused, {bad} bad"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
