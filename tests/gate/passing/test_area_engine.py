from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from gate.camera.frame import Image
from gate.camera.picture import read_picture
from gate.passing.area_engine import AreaEngine
from gate.passing.areas import Areas
from gate.passing.refusal import Reason, Refusal
from gate.reader.readers import open_engine
from gate.reader.reading import Engine, Found, PlateBox, PlateReading
from tests.fakes import FakeClock
from tests.gate.cars import picture, plate
from tests.gate.watched import ToldEngine

DEMO = Path(__file__).parents[3] / "gate" / "demo" / "01.jpg"
RIGHT = ((0.6, 0.0), (1.0, 0.0), (1.0, 1.0), (0.6, 1.0))
LEFT = ((0.0, 0.0), (0.4, 0.0), (0.4, 1.0), (0.0, 1.0))
IMAGE = picture(width_px=1000, height_px=300)


@dataclass(slots=True)
class Kept:
    """Areas that a test changes."""

    current: Areas = field(default_factory=Areas)


@dataclass(slots=True)
class Rig:
    """An area engine whose inner engine finds and reads what the test tells it."""

    kept: Kept = field(default_factory=Kept)
    inner: ToldEngine = field(default_factory=ToldEngine)
    boxes: list[PlateBox] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    def engine(self) -> AreaEngine:
        return AreaEngine(self._open, self.kept, self.refused.append, self.clock)

    def _open(self, found: Found) -> Engine:
        return FindingEngine(self.inner, self.boxes, found)

    def watch(self, engine: AreaEngine, frames: int = 3) -> list[PlateReading]:
        """What ``engine`` reads of a car that stays for some frames and then leaves."""
        read = []
        for _ in range(frames):
            self.clock.pass_s(0.2)
            read += engine.read(IMAGE)
        self.clock.pass_s(5)
        self.inner.readings, kept = [], self.inner.readings
        boxes, self.boxes[:] = list(self.boxes), []
        engine.read(IMAGE)
        self.inner.readings, self.boxes[:] = kept, boxes
        return read


@dataclass(slots=True)
class FindingEngine:
    """Tells what it finds before it reads, as ours do."""

    inner: ToldEngine
    boxes: list[PlateBox]
    found: Found

    def read(self, image: Image) -> list[PlateReading]:
        self.found(self.boxes)
        return self.inner.read(image)

    def read_crop(self, image: Image) -> PlateReading | None:
        return self.inner.read_crop(image)


def box(x: float, width: float = 100) -> PlateBox:
    corners = np.array([[x, 50], [x + width, 50], [x + width, 80], [x, 80]], np.float32)
    return PlateBox(corners, 0.9, 1)


def test_without_areas_all_is_read_and_nothing_is_refused() -> None:
    rig = Rig(inner=ToldEngine([plate("浙A88888")]))
    assert [reading.plate for reading in rig.watch(rig.engine())] == ["浙A88888"] * 3
    assert rig.refused == []


def test_a_plate_in_an_ignored_area_is_not_read_and_the_trace_says_so() -> None:
    rig = Rig(Kept(Areas(ignored=(LEFT,))), ToldEngine([plate("浙A88888")]))
    assert rig.watch(rig.engine()) == []
    (refusal,) = rig.refused
    assert (refusal.reason, refusal.plate) == (Reason.IN_IGNORED_AREA, "浙A88888")
    assert refusal.image is IMAGE


def test_new_areas_hold_from_the_next_frame_on() -> None:
    rig = Rig(inner=ToldEngine([plate("浙A88888")]))
    engine = rig.engine()
    assert len(engine.read(IMAGE)) == 1
    rig.kept.current = Areas(ignored=(LEFT,))
    assert engine.read(IMAGE) == []


def test_the_reader_is_shown_the_region_only_and_corners_come_back_for_the_whole_picture() -> None:
    rig = Rig(Kept(Areas(region=RIGHT)), ToldEngine([plate("浙A88888", x=300)]))
    (reading,) = rig.engine().read(IMAGE)
    (shown,) = rig.inner.shown
    assert shown.shape == (300, 480, 3)
    assert reading.corners_px[0] == (820.0, 50.0)
    assert np.array_equal(IMAGE, picture(width_px=1000, height_px=300))


def test_a_plate_in_the_margin_around_the_region_is_outside_of_it() -> None:
    rig = Rig(Kept(Areas(region=RIGHT)), ToldEngine([plate("浙A88888", x=0)]))
    assert rig.watch(rig.engine()) == []
    assert [refusal.reason for refusal in rig.refused] == [Reason.OUTSIDE_REGION]


def test_a_plate_that_was_found_and_not_read_is_told_with_what_is_wrong_with_it() -> None:
    rig = Rig(boxes=[box(100, 50)])
    assert rig.watch(rig.engine()) == []
    (refusal,) = rig.refused
    assert (refusal.reason, refusal.plate, refusal.width_px) == (Reason.TOO_SMALL, None, 50)


def test_a_plate_that_was_found_and_read_is_no_refusal() -> None:
    rig = Rig(inner=ToldEngine([plate("浙A88888", x=100)]), boxes=[box(98)])
    assert len(rig.watch(rig.engine())) == 3
    assert rig.refused == []


def test_what_is_found_in_an_ignored_area_and_not_read_is_no_trouble() -> None:
    rig = Rig(Kept(Areas(ignored=(LEFT,))), boxes=[box(100)])
    rig.watch(rig.engine())
    assert rig.refused == []


def test_a_cut_out_plate_is_read_whatever_the_areas_are() -> None:
    rig = Rig(Kept(Areas(region=RIGHT)), ToldEngine([plate("浙A88888")]))
    assert rig.engine().read_crop(IMAGE) is not None


@pytest.fixture(scope="module")
def real() -> Callable[[Areas], list[PlateReading]]:
    """The real reader before a picture that comes with the product."""
    kept = Kept()
    refused: list[Refusal] = []
    opener = partial(open_engine, "yingbin")
    engine = AreaEngine(opener, kept, refused.append, FakeClock())
    image = read_picture(DEMO)
    image.flags.writeable = False

    def read(areas: Areas) -> list[PlateReading]:
        kept.current = areas
        return engine.read(image)

    return read


def test_the_real_reader_reads_the_same_plate_in_the_same_place_within_a_region(
    real: Callable[[Areas], list[PlateReading]],
) -> None:
    (whole,) = real(Areas())
    (part,) = real(Areas(region=((0.3, 0.5), (0.7, 0.5), (0.7, 1.0), (0.3, 1.0))))
    assert (whole.plate, part.plate) == ("浙A88888", "浙A88888")
    assert np.abs(np.array(whole.corners_px) - np.array(part.corners_px)).max() < 4


def test_the_real_reader_is_silent_about_an_ignored_plate_and_one_outside(
    real: Callable[[Areas], list[PlateReading]],
) -> None:
    around = ((0.4, 0.6), (0.6, 0.6), (0.6, 0.95), (0.4, 0.95))
    assert real(Areas(ignored=(around,))) == []
    assert real(Areas(region=((0.0, 0.0), (0.3, 0.0), (0.3, 0.4)))) == []


def test_the_real_reader_tells_what_it_finds_in_each_picture() -> None:
    found: list[PlateBox] = []
    (reading,) = open_engine("yingbin", found.extend).read(read_picture(DEMO))
    (box_found,) = found
    assert np.abs(box_found.corners_px - np.array(reading.corners_px)).max() < 4
