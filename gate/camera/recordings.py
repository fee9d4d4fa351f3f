"""Plays picture and video files as a camera, one file after the other."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from gate.camera.frame import Frame, Image, Pace, Timer
from gate.camera.picture import files_below, is_video, read_picture
from gate.camera.settings import CameraSettings
from shared.clock import Clock
from shared.errors import OperatorError

log = logging.getLogger(__name__)

LEAST_FRAMES = 2
"""Each picture is read at least this often, however slow readings are: two must agree."""
USUAL_FPS = 25.0


class _Shown(Protocol):
    """A file while it is shown."""

    def image_at(self, second: float) -> Image | None:
        """The image ``second`` seconds after the file appeared; None: it is over."""

    def close(self) -> None:
        """Close the file."""


@dataclass(slots=True)
class _Still:
    """A picture, shown for ``shown_s`` seconds."""

    image: Image
    shown_s: float
    _frames: int = 0

    def image_at(self, second: float) -> Image | None:
        self._frames += 1
        return None if second >= self.shown_s and self._frames > LEAST_FRAMES else self.image

    def close(self) -> None:
        """Nothing is open."""


class Video:
    """A video file, read forward."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises: OperatorError: it is missing, damaged or of no known format."""
        if not path.is_file():
            raise OperatorError("error.no_file", path=path)
        self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        self.fps = fps if 1 <= fps <= 1000 else USUAL_FPS
        self._grabbed = 0
        if not self._capture.isOpened():
            raise OperatorError("error.video_unread", path=path)

    def image_at(self, second: float) -> Image | None:
        """The newest image at ``second``, skipping those before it; None: the video is over."""
        wanted = max(int(second * self.fps) + 1, self._grabbed + 1)
        while self._grabbed < wanted:
            if not self._capture.grab():
                return None
            self._grabbed += 1
        is_read, image = self._capture.retrieve()
        return np.asarray(image, dtype=np.uint8) if is_read else None

    def close(self) -> None:
        """Close the file."""
        self._capture.release()


def video_images(path: Path, every_s: float) -> Iterator[tuple[float, Image]]:
    """An image every ``every_s`` seconds of the video ``path``, with its second, without waiting.

    Raises:
        OperatorError: it cannot be read.
    """
    video = Video(path)
    try:
        count = 0
        while (image := video.image_at(count * every_s)) is not None:
            yield count * every_s, image
            count += 1
    finally:
        video.close()
    if count == 0:
        raise OperatorError("error.video_empty", path=path)


class FileCamera:
    """A Camera over a picture, a video or a folder of them; each file is a scene of its own."""

    is_live = False
    problem: str | None = None

    def __init__(self, path: Path, settings: CameraSettings, clock: Clock, timer: Timer) -> None:
        """Raises: OperatorError: there is nothing to show."""
        self._path, self._settings, self._clock, self._timer = path, settings, clock, timer
        self._pace = Pace(settings.frames_per_second, timer)
        self._waiting = files_in(path)
        self._shown: _Shown | None = None
        self._name = ""
        self._shown_at_s = 0.0
        self._scene = 0
        self._frames_in_round = 0
        self._is_over = False

    def next_frame(self, wait_s: float) -> Frame | None:
        """See Camera. After the last file there are no more frames.

        Raises:
            OperatorError: none of the files could be read.
        """
        if self._shown is None:
            self._shown = self._open_next()
        if self._shown is None:
            self._timer.wait(wait_s)
            return None
        if not self._pace.is_due(wait_s):
            return None
        image = self._shown.image_at(self._timer.seconds() - self._shown_at_s)
        if image is None:
            self.close()
            return None
        self._pace.count()
        self._frames_in_round += 1
        is_photo = isinstance(self._shown, _Still)
        return Frame(image, self._clock(), self._name, self._scene, is_photo)

    def close(self) -> None:
        """See Camera."""
        if self._shown:
            self._shown.close()
        self._shown = None

    def _open_next(self) -> _Shown | None:
        """Open the next file that can be read; None: all have been shown."""
        while not self._is_over:
            if not self._waiting:
                self._end_round()
                continue
            path = self._waiting.pop(0)
            try:
                shown = _open(path, self._settings.picture_shown_s)
            except OperatorError as error:
                log.warning("left out: %s", error)
                continue
            self._name, self._scene = path.name, self._scene + 1
            self._shown_at_s = self._timer.seconds()
            return shown
        return None

    def _end_round(self) -> None:
        if not self._frames_in_round:
            raise OperatorError("error.folder_unread", path=self._path)
        self._frames_in_round = 0
        if self._settings.is_repeated:
            self._waiting = files_in(self._path)
        else:
            self._is_over = True
            log.info("every picture of %s was shown", self._path)


def _open(path: Path, shown_s: float) -> _Shown:
    return Video(path) if is_video(path) else _Still(read_picture(path), shown_s)


def files_in(path: Path) -> list[Path]:
    """The pictures and videos that ``path`` names or holds, sorted by name.

    Raises:
        OperatorError: it is missing, or a folder without any.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise OperatorError("error.no_path", path=path)
    found = files_below(path)
    if not found:
        raise OperatorError("error.folder_empty", path=path)
    return found
