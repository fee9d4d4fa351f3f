"""The gate at work: one loop watches the camera, another carries what it saw to the hub."""

import logging
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gate.camera.frame import Camera, Frame, Image
from gate.camera.images import ImageFolder, as_jpeg
from gate.camera.picture_health import PictureHealth
from gate.passing.daylight import Daylight
from gate.passing.refusal import Reason, Refusal
from gate.passing.trace import Trace
from gate.pipeline import Passage, Pipeline
from shared import way
from shared.clock import running_s
from shared.courier import Courier
from shared.errors import MessageError
from shared.messages import Arrival, CorrectionTaken, GatePicture, Message, PictureAsked, Say
from shared.outbox import message_id
from shared.privacy import mask_plate
from shared.way import Place

log = logging.getLogger(__name__)

TURN_S = 0.25
"""Each loop wakes at least this often, so that it notices a stop."""
STUCK_AFTER_S = 10.0
"""After this long without a turn the courier is stuck, and systemd's watchdog is not fed."""
TIDY_EVERY_S = 3600.0
SHOWN_WIDTHS, MOST_SHOWN_BYTES = (960, 640, 480, 320, 160), 44_000
"""Of the picture that a manager looks at: a message holds 64 KiB, and base64 makes 3 bytes 4."""


class Outlet(Protocol):
    """Where what a gate tells goes."""

    problem: str | None
    """What is wrong with the camera."""
    unread: int | None

    @property
    def disk_trouble(self) -> str | None:
        """What keeps messages from the disk; None: nothing."""

    def post(self, *messages: Message) -> None:
        """Keep and carry these."""

    def say(self, message: Message) -> None:
        """Say it at once, or never."""


class Carrying(Protocol):
    """An outlet that is served by a thread of its own."""

    asked_id: str | None
    """Which picture a manager waits for; None: nobody looks."""

    @property
    def courier(self) -> Outlet:
        """The outlet."""

    @property
    def is_alive(self) -> bool:
        """False after a bug has ended it."""

    @property
    def is_turning(self) -> bool:
        """Whether it has turned a moment ago."""


@dataclass(slots=True)
class Mute:
    """For whom only listens in: nobody hears what they tell."""

    problem: str | None = None
    unread: int | None = None
    disk_trouble: str | None = None
    is_alive: bool = True
    is_turning: bool = True
    asked_id: str | None = None

    @property
    def courier(self) -> "Mute":
        """Itself."""
        return self

    def post(self, *messages: Message) -> None:
        """Tell nobody."""

    def say(self, message: Message) -> None:
        """Say nothing."""


@dataclass(slots=True)
class CourierLoop:
    """Runs the courier on a thread of its own."""

    courier: Courier
    asked_id: str | None = None
    """Which picture a manager waits for; None: nobody looks."""
    on_correction: Callable[[CorrectionTaken], None] = lambda _taken: None
    """Hears what a person says that a plate was."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _turned_at_s: float = 0.0

    def hear(self, message: Message) -> None:
        """Take in what the hub says, on the courier's thread."""
        if isinstance(message, PictureAsked):
            self.asked_id = message.asked_id
        elif isinstance(message, CorrectionTaken):
            self.on_correction(message)

    def start(self) -> None:
        """Start carrying messages in the background."""
        self._turned_at_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current turn."""
        self._stop.set()
        if self._thread:
            self._thread.join(2 * TURN_S)

    @property
    def is_alive(self) -> bool:
        """False after a bug has ended the thread; its traceback is in the log."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_turning(self) -> bool:
        """Whether the thread is alive and has turned a moment ago."""
        return self.is_alive and time.monotonic() - self._turned_at_s < STUCK_AFTER_S

    def _run(self) -> None:
        while not self._stop.is_set():
            self.courier.step(TURN_S)
            self._turned_at_s = time.monotonic()


@dataclass(slots=True)
class Gate:
    """The gate's main loop, and what each of its turns needs."""

    camera: Camera
    pipeline: Pipeline
    images: ImageFolder
    carrying: Carrying
    notify: Callable[[str], None]
    trace: Trace
    daylight: Daylight
    note_told: Callable[[Passage], None] = lambda _passage: None
    """Keeps what was reported, for the next run."""
    tidy: Callable[[datetime], None] = lambda _moment: None
    """Deletes what else is too old at that moment."""
    health: PictureHealth = field(default_factory=PictureHealth)
    newest: Frame | None = None
    """The last frame taken; the technician's page shows it."""
    _disk_told: str | None = None
    _tidied_at_s: float = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Watch until ``stop``; passes that are undecided by then are reported as they are."""
        self.notify("READY=1")
        while not stop.is_set():
            self.turn()
        self._report(self.pipeline.finish())

    def turn(self) -> None:
        """Take in the next frame, or wait for it a short while.

        Raises:
            RuntimeError: the courier's thread has ended; only a restart helps.
        """
        if not self.carrying.is_alive:
            raise RuntimeError("the courier's thread has ended")
        frame = self.camera.next_frame(TURN_S)
        self._tell_problem(frame)
        self._tell_disk()
        stamps = self.pipeline.stamps
        self.carrying.courier.unread = self.trace.tally.unread(stamps.told(stamps.clock()))
        if frame:
            self.newest = frame
            self._show(frame)
            self.pipeline.vote.rules = self.daylight.rules(frame)
        self._report(self._decided(frame) if frame else self.pipeline.rest())
        if self.carrying.is_turning:
            self.notify("WATCHDOG=1")
        if time.monotonic() - self._tidied_at_s > TIDY_EVERY_S:
            self._tidied_at_s = time.monotonic()
            steady = self.pipeline.stamps.clock()
            moment = min(steady, self.pipeline.stamps.told(steady))  # a leap ahead deletes nothing
            self.images.delete_old(moment)
            self.trace.delete_old(moment)
            self.tidy(moment)

    def _decided(self, frame: Frame) -> list[Passage]:
        """Read ``frame``; the passages that it decides."""
        begun_s = running_s()
        readings = self.pipeline.engine.read(frame.image)
        read_s = running_s()
        passages = self.pipeline.judge(frame, readings)
        taken_s = running_s() - (self.pipeline.stamps.clock() - frame.taken_at).total_seconds()
        for passage in passages:
            name = message_id(passage.message)
            way.passed(name, Place.FRAME, taken_s)
            way.passed(name, Place.TAKEN_UP, begun_s)
            way.passed(name, Place.READ, read_s)
            way.passed(name, Place.DECIDED)
        return passages

    def _tell_problem(self, frame: Frame | None) -> None:
        courier = self.carrying.courier
        problem = self.camera.problem
        if frame and self.camera.is_live:
            problem = problem or self.health.judge(frame)
        elif not frame and not problem:
            return  # no news between two frames
        if problem == courier.problem:
            return
        log.warning("camera: %s", problem or "works again")
        courier.problem = problem
        said = self.pipeline.voice.say(f"said.{problem or 'camera_works'}")
        courier.say(Say(role="gate", text=said))
        if frame and problem in set(Reason):
            seen_at = self.pipeline.stamps.told(frame.taken_at)
            self.trace.keep(Refusal(Reason(problem), seen_at, frame.image))

    def _show(self, frame: Frame) -> None:
        """Send the picture that a manager waits for, as large as a message may be."""
        asked_id, self.carrying.asked_id = self.carrying.asked_id, None
        if asked_id is None:
            return
        drawn = (as_jpeg(frame.image, widest_px=width) for width in SHOWN_WIDTHS)
        jpeg = next((each for each in drawn if len(each) <= MOST_SHOWN_BYTES), None)
        if jpeg is not None:
            picture = GatePicture(
                gate_id=self.pipeline.gate_id,
                asked_id=asked_id,
                taken_at=self.pipeline.stamps.told(frame.taken_at),
                jpeg=b64encode(jpeg).decode(),
            )
            self.carrying.courier.say(picture)

    def _tell_disk(self) -> None:
        """Tell the guard once that cars are not saved, and once that they are again."""
        trouble = self.carrying.courier.disk_trouble
        if trouble != self._disk_told:
            self._disk_told = trouble
            said = self.pipeline.voice.say(f"said.{trouble or 'disk_works'}")
            self.carrying.courier.say(Say(role="gate", text=said))

    def _report(self, passages: list[Passage]) -> None:
        for passage in passages:
            message = passage.message
            name = message_id(message)
            picture = message.image_id or name
            has_room = self.images.begin(picture, passage.image)
            try:
                self.carrying.courier.post(message if has_room else passage.without_image())
            except MessageError:  # a bug of ours must not end the watch over the next cars
                log.exception("%s cannot be told", name)
            if passage.say:
                self.carrying.courier.say(passage.say)
            self.note_told(passage)
            if has_room:  # a picture takes longer than the message that people wait for
                self.images.finish(picture, passage.image)
            if isinstance(message, Arrival) and message.is_uncertain:
                self.trace.keep(_uncertain(message, passage.image))
            log.info(
                "%s %s: %s, confidence %.2f%s, %.0f ms after the frame",
                type(message).__name__.lower(),
                name,
                mask_plate(message.plate),
                message.confidence,
                ", uncertain" if getattr(message, "is_uncertain", False) else "",
                (message.sent_at - message.seen_at).total_seconds() * 1000,
            )


def _uncertain(arrival: Arrival, image: Image) -> Refusal:
    return Refusal(
        Reason.UNCERTAIN,
        arrival.seen_at,
        image,
        plate=arrival.plate,
        told_as=arrival.arrival_id,
    )
