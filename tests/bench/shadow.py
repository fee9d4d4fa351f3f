"""Two readers at one gate, on drawn drive-bys: are all disagreements that we planted found?

    python -m tests.bench shadow [--clips N] [--fps N] [--seed N]

Our reader sees drawn cars drive in; a stand-in for a vendor's camera posts what it would say of the
same cars, now and then wrong on purpose: one character, another province, nothing at all, or a car
that is none. Prints what was planted and what the page would show.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from numpy.random import Generator, default_rng
from sqlite_utils import Database

from gate.camera.frame import Frame
from gate.passing.vote import PlateVote, VoteRules
from gate.pipeline import Passage, Pipeline, Stamps
from gate.reader.readers import open_engine
from gate.reader.reading import Engine
from gate.shadow.comparison import FILE_SHAPE, Comparison
from gate.shadow.pairs import Pair, Verdict, pairs
from shared.sealed_file import sqlite3
from tests.bench.drawn_drive import WEATHERS, Clip, random_clip
from tests.gate.cars import VOICE
from tests.gate.intake.bodies import posted, zhenshi
from tests.gate.intake.scene import Intake

PLANTS = ("right", "right", "character", "province", "missed", "ghost")
FAR = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Planted:
    """What the camera was made to say of a car."""

    kind: str
    truth: str
    """The plate that drove in; empty for a car that is none."""
    said: str
    """Empty: nothing."""


@dataclass(slots=True)
class Gate:
    """A gate with both readers; each clip is a minute and a half behind the one before."""

    engine: Engine
    fps: float
    intake: Intake
    comparison: Comparison

    def drive(self, clip: Clip, plants: list[Planted]) -> None:
        """Let both see ``clip``."""
        began_at, numbers = self.intake.clock(), count(1)
        told = list(self._read(clip, began_at))
        for planted in plants:
            if planted.said:
                number = next(numbers) + int(began_at.timestamp()) * 10
                taken = {"timeStamp": {"Timeval": {"sec": began_at.timestamp() + 3, "usec": 0}}}
                self.intake.post(posted("/in/zhenshi", zhenshi(planted.said, number, **taken)))
                self.intake.desk.turn()
        for passage in told:
            self.comparison.hear_reader(passage)
        self.intake.clock.pass_s(90)
        self.intake.desk.turn()

    def _read(self, clip: Clip, began_at: datetime) -> Iterator[Passage]:
        ids, numbers = (f"{began_at:%H%M%S}-{number}" for number in count(1)), count(1)
        stamps = Stamps(lambda: next(ids), lambda: next(numbers), lambda: began_at)
        pipeline = Pipeline("north", self.engine, PlateVote(VoteRules()), stamps, VOICE)
        for second, image in clip.frames():
            frame = Frame(image, began_at + timedelta(seconds=second), "drawn")
            yield from pipeline.take(frame)
        yield from pipeline.finish()


def open_gate(fps: float) -> Gate:
    """A gate in memory, with the real reader."""
    db = Database(sqlite3.connect(":memory:", check_same_thread=False))
    FILE_SHAPE.make(db)
    intake, comparison = Intake("zhenshi"), Comparison(db)
    intake.desk.note_told = comparison.hear_camera
    return Gate(open_engine("yingbin"), fps, intake, comparison)


def plan(clip: Clip, rng: Generator) -> list[Planted]:
    """What the camera says of each car of ``clip``."""
    return [_plant(car.plate.text, str(rng.choice(PLANTS)), rng) for car in clip.cars] + [
        Planted("ghost", "", f"粤Z{rng.integers(10_000, 100_000)}")
        for _ in range(int(rng.random() < 0.1))
    ]


def _plant(truth: str, kind: str, rng: Generator) -> Planted:
    if kind == "missed":
        return Planted(kind, truth, "")
    if kind == "province":
        return Planted(kind, truth, ("苏" if truth[0] != "苏" else "浙") + truth[1:])
    if kind == "character":
        place = int(rng.integers(2, len(truth)))
        other = "7" if truth[place] != "7" else "1"
        return Planted(kind, truth, truth[:place] + other + truth[place + 1 :])
    return Planted("right", truth, truth)


def overlooked(planted: list[Planted], found: list[Pair]) -> list[Planted]:
    """The planted disagreements that nobody would see on the page."""
    told = Counter(
        pair.camera.plate for pair in found if pair.verdict is Verdict.SAME and pair.camera
    )
    alone = Counter(
        pair.reader.plate for pair in found if pair.verdict is Verdict.ONLY_READER and pair.reader
    )
    apart = Counter(
        pair.camera.plate
        for pair in found
        if pair.camera and pair.verdict in (Verdict.DIFFER, Verdict.ONLY_CAMERA)
    )
    missing = []
    for each in planted:
        place = {"right": None, "missed": (alone, each.truth)}.get(each.kind, (apart, each.said))
        if place is None:
            continue
        counter, plate = place
        if counter[plate] < 1 or told[each.said] > 0:
            missing.append(each)
        counter[plate] -= 1
    return missing


def run(clips: int, fps: float, seed: int) -> tuple[list[Planted], list[Pair]]:
    """What was planted in so many clips, and what was found."""
    gate, rng, planted = open_gate(fps), default_rng(seed), list[Planted]()
    weathers = list(WEATHERS)
    for number in range(clips):
        clip = random_clip(weathers[number % len(weathers)], fps, seed + number)
        plants = plan(clip, rng)
        gate.drive(clip, plants)
        planted += plants
    return planted, pairs(gate.comparison.between(datetime(2000, 1, 1, tzinfo=UTC), FAR))


def main() -> int:
    """1 if a planted disagreement was overlooked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--fps", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    planted, found = run(asked.clips, asked.fps, asked.seed)
    print("planted:", dict(Counter(each.kind for each in planted)))
    print("shown:  ", dict(Counter(str(pair.verdict) for pair in found)))
    lost = overlooked(planted, found)
    for each in lost:
        print(f"  ✗ {each}")
    wrong = sum(each.kind != "right" for each in planted)
    print(f"planted disagreements found: {wrong - len(lost)} of {wrong}")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
