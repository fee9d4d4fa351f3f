"""How many drawn cars that drive in are told exactly once and right, and how fast frames are read.

    python -m tests.bench.drive_by [--passes N] [--fps 15 25] [--weather day night rain] [--seed N]
                                   [--misses] [--engine NAME]

Each clip of 1280×720 px goes through the real reader and pipeline. Drawn cars say little about real
gates; what they show is that one car stays one, and that nothing else becomes one.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median

from gate.camera.frame import Frame, Image
from gate.passing.vote import PlateVote, VoteRules
from gate.pipeline import Pipeline, Stamps
from gate.reader.readers import open_engine
from gate.reader.reading import Engine, PlateReading
from shared.messages import Arrival, Departure
from tests.bench.drawn_drive import WEATHERS, Clip, random_clip
from tests.gate.cars import VOICE

STARTED_AT = datetime(2026, 11, 25, 5, 20, tzinfo=UTC)
TARGET = 0.99
SPEED_FRAMES = 60
_COLUMNS = ("passes", "once, right", "missed", "wrong", "twice", "false", "unsure")
_HEAD = " " * 12 + "".join(f" {name:>{max(len(name), 7)}}" for name in _COLUMNS)
Found = list[Arrival | Departure]


@dataclass(slots=True)
class Score:
    """What became of the passes of one kind."""

    passes: int = 0
    right: int = 0
    missed: int = 0
    wrong: int = 0
    """Told with another text than the plate's."""
    twice: int = 0
    false: int = 0
    """Told without a car: what was parked, a board, a clock, a departure."""
    unsure: int = 0
    """The part of ``right`` that a person is asked to check."""

    def add(self, other: "Score") -> "Score":
        """Both together."""
        names = self.__dataclass_fields__
        return Score(*(getattr(self, name) + getattr(other, name) for name in names))

    def row(self, name: str) -> str:
        """A line of the table."""
        share = self.right / self.passes if self.passes else 0.0
        return (
            f"{name:>12} {self.passes:7} {share:11.1%} {self.missed:7} {self.wrong:7}"
            f" {self.twice:7} {self.false:7} {self.unsure:7}"
        )


def score(clip: Clip, found: Found) -> Score:
    """How well ``found`` fits the cars of ``clip``: each once, and nothing else."""
    told = Counter(event.plate for event in found if isinstance(event, Arrival))
    plates = [car.plate.text for car in clip.cars]
    right = [plate for plate in plates if told[plate] == 1]
    missed = [plate for plate in plates if told[plate] == 0]
    standing = {car.plate.text for car in clip.others} | {board.text for board, _ in clip.boards}
    strange = [plate for plate in told.elements() if plate not in plates]
    wrong = min(len(missed), sum(plate not in standing for plate in strange))
    return Score(
        passes=len(plates),
        right=len(right),
        missed=len(missed) - wrong,
        wrong=wrong,
        twice=sum(told[plate] > 1 for plate in plates),
        false=len(strange) - wrong + sum(isinstance(event, Departure) for event in found),
        unsure=sum(
            event.is_uncertain
            for event in found
            if isinstance(event, Arrival) and event.plate in right
        ),
    )


@dataclass(slots=True)
class Reader:
    """The engine on some threads, and how long it took."""

    engine: Engine
    threads: int
    frames: int = 0
    seconds: float = 0.0
    took_ms: list[float] = field(default_factory=list)

    def read(self, images: Iterable[Image]) -> list[list[PlateReading]]:
        """What each image shows, in their order."""
        started = time.perf_counter()
        with ThreadPoolExecutor(self.threads) as pool:
            readings = list(pool.map(self._read, images))
        self.seconds += time.perf_counter() - started
        self.frames += len(readings)
        return readings

    def _read(self, image: Image) -> list[PlateReading]:
        started = time.perf_counter()
        readings = self.engine.read(image)
        self.took_ms.append((time.perf_counter() - started) * 1000)
        return readings

    def row(self) -> str:
        """A line of figures."""
        return (
            f"{self.threads} thread(s): {median(self.took_ms):6.1f} ms a frame,"
            f" {self.frames / self.seconds:5.1f} frames a second"
        )


def drive(clip: Clip, reader: Reader) -> Found:
    """What the gate tells of ``clip``."""
    ids, numbers = (f"id-{number}" for number in count(1)), count(1)
    stamps = Stamps(lambda: next(ids), lambda: next(numbers), lambda: STARTED_AT)
    gate = Pipeline("north", reader.engine, PlateVote(VoteRules()), stamps, VOICE)
    seconds, images = zip(*clip.frames(), strict=True)
    found: Found = []
    for second, image, readings in zip(seconds, images, reader.read(images), strict=True):
        frame = Frame(image, STARTED_AT + timedelta(seconds=second), "drawn")
        found += [passage.message for passage in gate.judge(frame, readings)]
    return found + [passage.message for passage in gate.finish()]


def drive_all(
    asked: argparse.Namespace, reader: Reader, tell: Callable[[str], None]
) -> dict[str, Score]:
    """The score of each weather and frame rate, from at least ``asked.passes`` passes in all."""
    kinds = [(weather, fps) for weather in asked.weather for fps in asked.fps]
    scores = {f"{weather} {fps:g} fps": Score() for weather, fps in kinds}
    for seed in count(asked.seed):
        weather, fps = kinds[(seed - asked.seed) % len(kinds)]
        clip, name = random_clip(weather, fps, seed), f"{weather} {fps:g} fps"
        found = drive(clip, reader)
        clip_score = score(clip, found)
        scores[name] = scores[name].add(clip_score)
        done = sum(each.passes for each in scores.values())
        tell(f"{done}/{asked.passes} passes …")
        if asked.misses and (
            clip_score.right < clip_score.passes or clip_score.false or clip_score.twice
        ):
            print(f"\rseed {seed}, {name}: {described(clip, found)}")
        if done >= asked.passes:
            return scores
    return scores


def described(clip: Clip, found: Found) -> str:
    """The plates that drove in, those that stood, and what was told."""
    told = [
        ("-" if isinstance(event, Departure) else "")
        + event.plate
        + ("?" if isinstance(event, Arrival) and event.is_uncertain else "")
        for event in found
    ]
    standing = [car.plate.text for car in clip.others] + [board.text for board, _ in clip.boards]
    came = ", ".join(f"{car.plate.text} at {car.kmh:.0f} km/h" for car in clip.cars)
    return f"came {came}; stood {standing}; told {told}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passes", type=int, default=120)
    parser.add_argument("--fps", type=float, nargs="+", default=[15.0, 25.0])
    parser.add_argument("--weather", nargs="+", choices=list(WEATHERS), default=list(WEATHERS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engine", default="yingbin")
    parser.add_argument("--misses", action="store_true", help="print each clip that went wrong")
    return parser


def main() -> int:
    """Print the table and the speed; 1 when fewer passes than the target are once and right."""
    asked = _parser().parse_args()
    engine = open_engine(asked.engine)
    scores = drive_all(
        asked,
        Reader(engine, threads=2),
        lambda text: print(f"\r{text}", end="", file=sys.stderr, flush=True),
    )
    print(f"\r{_HEAD}")
    total = Score()
    for name, each in scores.items():
        total = total.add(each)
        if each.passes:
            print(each.row(name))
    print(total.row("all"))
    images = [image for _, image in random_clip("day", 25.0, asked.seed).frames()][:SPEED_FRAMES]
    for threads in (1, 2):
        reader = Reader(engine, threads)
        reader.read(images)
        print(reader.row())
    return 0 if total.right >= TARGET * total.passes and not total.false else 1


if __name__ == "__main__":
    sys.exit(main())
