"""Has rounds played by recorded processes, several at once, and those with real processes."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import msgspec

from tests.bench.chaos.faults import Fault
from tests.bench.chaos.outcome import Outcome
from tests.bench.chaos.real import FAULTS, RealRound
from tests.bench.chaos.recorder import Recorder, build
from tests.site import ROOT

CHILD = "tests.bench.chaos.child"
RAM = Path("/dev/shm")
"""A round's files may lie in memory: what an fsync makes safe is told by the record."""


class Child:
    """A recorded process that plays rounds, one at a time."""

    def __init__(self, folder: Path, library: Path) -> None:
        recorder = Recorder(folder)
        recorder.prepare()
        self._process = subprocess.Popen(
            [sys.executable, "-m", CHILD, str(folder)],
            cwd=ROOT,
            env=recorder.environment(library),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def play(self, fault: Fault, seed: int) -> Outcome:
        """What came of this round."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(fault, seed, sep="\t", file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{fault}, seed {seed}: the process died")
        return msgspec.json.decode(line, type=Outcome)

    def end(self) -> None:
        """Let it end."""
        self._process.kill()
        self._process.communicate()


def play(plan: list[tuple[Fault, int]], processes: int) -> Iterator[Outcome]:
    """The outcomes of these rounds, in their order."""
    with tempfile.TemporaryDirectory(dir=RAM if RAM.is_dir() else None) as name:
        folder = Path(name)
        library = build(folder)
        children = [Child(folder / str(number), library) for number in range(processes)]
        free: SimpleQueue[Child] = SimpleQueue()
        for child in children:
            free.put(child)

        def with_a_free_child(planned: tuple[Fault, int]) -> Outcome:
            child = free.get()
            outcome = child.play(*planned)
            free.put(child)
            return outcome

        try:
            with ThreadPoolExecutor(processes) as pool:
                yield from pool.map(with_a_free_child, plan)
        finally:
            for child in children:
                child.end()


def planned(rounds: int, seed: int, only: str | None) -> list[tuple[Fault, int]]:
    """Every fault in turn, each time with another seed."""
    faults = [fault for fault in Fault if only is None or only in fault]
    return [(faults[number % len(faults)], seed + number) for number in range(rounds)]


def play_real(count: int, seed: int, only: str | None) -> Iterator[Outcome]:
    """The outcomes of rounds with real processes, one after the other."""
    faults = [fault for fault in FAULTS if only is None or only in fault]
    for number in range(count if faults else 0):
        fault = faults[number % len(faults)]
        with tempfile.TemporaryDirectory() as name:
            library = build(Path(name))
            played = RealRound(fault, seed + number, Recorder(Path(name, "site")), library)
            wrong, told_losses = played.play()
        restarts_ms = played.restarts_ms
        yield Outcome(fault, seed + number, 1, wrong, restarts_ms, told_losses, is_real=True)
