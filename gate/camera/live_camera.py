"""Live cameras: opens the camera that the settings name, and reconnects a lost one."""

import logging
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from gate.camera.frame import Camera, Frame, Pace, Timer
from gate.camera.pi_camera import open_pi_camera, require_picamera2
from gate.camera.recordings import FileCamera
from gate.camera.settings import CameraSettings
from shared.clock import Clock

log = logging.getLogger(__name__)

PI_CAMERA = "picamera"
"""The source that is a Raspberry Pi's own camera."""
OPEN_TIMEOUT_MS = 5_000
READ_TIMEOUT_MS = 3_000
"""A frozen RTSP source fails after twice this time without a frame (2 s: 4 s, measured)."""
OFFLINE_AFTER_S = 10.0
"""A camera without a frame for this long is offline; the heartbeat says so within 10 s more."""
FIRST_BACK_OFF_S = 1.0
LONGEST_BACK_OFF_S = 60.0
"""Bounds of the pause before a lost camera is tried again (F10)."""
JOIN_S = 0.25
"""The thread may be blocked in a read; it is a daemon and ends with the program."""


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that we use."""

    def grab(self) -> bool:
        """Take the next frame without decoding it; False: the source is gone."""

    def retrieve(self) -> tuple[bool, Any]:
        """Decode the frame that was grabbed last."""

    def release(self) -> None:
        """Close the source."""


def open_camera(settings: CameraSettings, clock: Clock) -> Camera:
    """The camera of ``settings.source``; a live one may appear later, files must exist.

    Raises:
        OperatorError: there are no such files, or picamera2 is missing.
    """
    timer = Timer(time.monotonic, time.sleep)
    opener = live_source(settings)
    if settings.source == PI_CAMERA:
        require_picamera2()
    if opener is None:
        return FileCamera(Path(settings.source), settings, clock, timer)
    pace = Pace(settings.frames_per_second, timer)
    camera = LiveCamera(without_password(settings.source), opener, pace, clock)
    camera.start()
    return camera


def live_source(settings: CameraSettings) -> Callable[[], Capture | None] | None:
    """How to open the source if it is a camera; None: it is a file or a folder."""
    source, size_px = settings.source, (settings.width_px, settings.height_px)
    if source == PI_CAMERA:
        return lambda: open_pi_camera(size_px)
    if usb := re.fullmatch(r"(?:usb:)?(\d{1,3})", source):
        return lambda: _open_usb(int(usb[1]), size_px)
    if re.match(r"(?i)(rtsps?|rtmp|https?|udp|tcp)://", source):
        return lambda: _open_network(source)
    return None


def without_password(source: str) -> str:
    """``source`` without its password, for the log."""
    return re.sub(r"//[^/]*@", "//***@", source)


def _open_usb(number: int, size_px: tuple[int, int]) -> Capture | None:
    capture = cv2.VideoCapture(number, cv2.CAP_V4L2)
    # Uncompressed, pictures this large are too much for USB 2. A camera without MJPG ignores this.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, size_px[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size_px[1])
    return _if_opened(capture)


def _open_network(address: str) -> Capture | None:
    timeouts = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        OPEN_TIMEOUT_MS,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        READ_TIMEOUT_MS,
    ]
    return _if_opened(cv2.VideoCapture(address, cv2.CAP_FFMPEG, timeouts))


def _if_opened(capture: cv2.VideoCapture) -> Capture | None:
    if capture.isOpened():
        return capture
    capture.release()
    return None


class LiveCamera:
    """A Camera read by a thread of its own, so that the newest frame is always at hand.

    The thread grabs every frame and decodes one only on request, so that no frame grows old in the
    driver's or ffmpeg's queue (``CAP_PROP_BUFFERSIZE`` has no effect).
    """

    is_live = True

    def __init__(
        self, name: str, opener: Callable[[], Capture | None], pace: Pace, clock: Clock
    ) -> None:
        self._name, self._open, self._pace, self._clock = name, opener, pace, clock
        self._timer = pace.timer
        self._stop = threading.Event()
        self._is_wanted = threading.Event()
        self._is_there = threading.Event()
        self._frame: Frame | None = None
        self._alive_at_s = self._timer.seconds()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Start reading in the background."""
        self._thread.start()

    @property
    def problem(self) -> str | None:
        """See Camera."""
        silent_s = self._timer.seconds() - self._alive_at_s
        return "camera_offline" if silent_s > OFFLINE_AFTER_S else None

    def next_frame(self, wait_s: float) -> Frame | None:
        """See Camera."""
        if not self._pace.is_due(wait_s):
            return None
        self._is_there.clear()  # a frame that came while nobody waited is old by now
        self._is_wanted.set()
        if not self._is_there.wait(wait_s):
            return None
        self._is_there.clear()
        self._pace.count()
        frame, self._frame = self._frame, None
        return frame

    def close(self) -> None:
        """See Camera."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        back_off_s = FIRST_BACK_OFF_S
        while not self._stop.is_set():
            if capture := self._open():
                log.info("camera %s is there", self._name)
                if self._grab_all(capture):
                    back_off_s = FIRST_BACK_OFF_S
                capture.release()
            if self._stop.is_set():
                return
            log.warning("camera %s is away, tried again in %.0f s", self._name, back_off_s)
            self._stop.wait(back_off_s)
            back_off_s = min(back_off_s * 2, LONGEST_BACK_OFF_S)

    def _grab_all(self, capture: Capture) -> bool:
        """Read until the source is gone; whether any frame came."""
        has_given = False
        while not self._stop.is_set() and capture.grab():
            self._alive_at_s = self._timer.seconds()
            has_given = True
            if self._is_wanted.is_set():
                self._is_wanted.clear()
                self._hand_over(capture)
        return has_given

    def _hand_over(self, capture: Capture) -> None:
        is_read, image = capture.retrieve()
        if is_read and image is not None:
            taken_at = self._clock()
            self._frame = Frame(np.asarray(image, dtype=np.uint8), taken_at, self._name)
            self._is_there.set()
