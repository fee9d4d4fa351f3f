"""A gate in memory with areas, trace and page, in front of a camera that shows what it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlite_utils import Database

from gate.camera.frame import Frame, Image
from gate.camera.images import ImageFolder
from gate.loop import CourierLoop, Gate
from gate.page.app import create_app
from gate.page.parts import Parts
from gate.page.views import TABS, pages
from gate.passing.area_engine import AreaEngine
from gate.passing.areas_file import AreasFile
from gate.passing.daylight import Daylight
from gate.passing.trace import Trace
from gate.passing.vote import PlateVote, VoteRules
from gate.pipeline import Pipeline, Stamps
from gate.reader.reading import Engine, Found, PlateReading
from gate.settings import PageSettings
from shared.courier import Courier
from shared.edge_outbox import EdgeOutbox
from shared.messages import Arrival, NodeKind
from shared.node import Node
from shared.pin_lock import PinLock
from shared.sealed_file import sqlite3
from shared.web_server import WebServer, listen
from shared.words import read_words
from tests.fakes import SITE, FakeClock, FakeLink
from tests.gate.cars import VOICE

PIN = "260719"


@dataclass(slots=True)
class ToldEngine:
    """Gives ``readings``, whatever the picture; corners are in px of the whole picture."""

    readings: list[PlateReading] = field(default_factory=list)
    shown: list[Image] = field(default_factory=list)

    def read(self, image: Image) -> list[PlateReading]:
        """See Engine."""
        self.shown.append(image)
        return self.readings

    def read_crop(self, image: Image) -> PlateReading | None:
        """See Engine."""
        return next(iter(self.readings), None)


@dataclass(slots=True)
class ToldCamera:
    """Shows ``frame`` again and again."""

    frame: Frame | None = None
    problem: str | None = None
    is_live: bool = False

    def next_frame(self, wait_s: float) -> Frame | None:
        """See Camera."""
        return self.frame

    def close(self) -> None:
        """Nothing is open."""


class Watched:
    """The gate, what stands around it, and its page."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.camera, self.engine = FakeClock(), ToldCamera(), ToldEngine()
        self.link = FakeLink()
        self.outbox = EdgeOutbox(Database(sqlite3.connect(":memory:", check_same_thread=False)))
        node = Node(SITE, "north", NodeKind.GATE, "0")
        courier = Courier(node, self.link, self.outbox, lambda _message: None)
        self.carrying = CourierLoop(courier)
        self.areas = AreasFile(folder / "areas.json")
        self.trace = Trace(folder / "trace", days=7, most=100)
        ids, numbers = (f"id-{number}" for number in count(1)), count(1)
        stamps = Stamps(lambda: next(ids), lambda: next(numbers), self.clock)
        reader = AreaEngine(self._open_engine, self.areas, self.trace.keep, self.clock)
        self.gate = Gate(
            self.camera,
            Pipeline("north", reader, PlateVote(VoteRules()), stamps, VOICE),
            ImageFolder(folder / "images", 7),
            self.carrying,
            lambda _state: None,
            self.trace,
            Daylight(0.0, VoteRules(), VoteRules()),
        )
        lock, words = PinLock(self.clock.running_s), read_words("gate")
        page = Parts(PageSettings(pin=PIN), lock, words, self.gate, self.areas)
        self.app = create_app(page, TABS, pages)

    def __enter__(self) -> "Watched":
        self.carrying.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.carrying.stop()

    def _open_engine(self, found: Found) -> Engine:
        return self.engine

    def show(self, image: Image, *readings: PlateReading) -> None:
        """Let the gate take one frame of ``image``, in which the engine reads ``readings``."""
        self.clock.pass_s(0.2)
        self.camera.frame = Frame(image, self.clock(), "test")
        self.engine.readings = list(readings)
        self.gate.turn()

    def drive_by(self, image: Image, *readings: PlateReading) -> None:
        """Three frames of a car that comes nearer, then an empty drive."""
        for size in (1.0, 1.2, 1.44):
            self.show(image, *[_grown(reading, size) for reading in readings])
        self.clock.moment += timedelta(seconds=10)
        self.show(image)

    def arrivals(self) -> list[str]:
        """The plates that wait for the hub."""
        kept = [waiting.message for waiting in self.outbox.waiting(100)]
        return [message.plate for message in kept if isinstance(message, Arrival)]

    @contextmanager
    def page_served(self) -> Iterator[str]:
        """The address of the page."""
        listener = listen("127.0.0.1", 0)
        server = WebServer(self.app, listener)
        server.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.stop()


def _grown(reading: PlateReading, by: float) -> PlateReading:
    """The reading as it is when the plate is nearer: in the same place, but larger."""
    xs, ys = zip(*reading.corners_px, strict=True)
    x, y = sum(xs) / 4, sum(ys) / 4
    corners = tuple((x + (a - x) * by, y + (b - y) * by) for a, b in reading.corners_px)
    return replace(reading, corners_px=corners)
