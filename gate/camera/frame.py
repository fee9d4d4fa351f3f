"""A camera's picture, and what the gate needs of any camera. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""H×W×3 uint8 in BGR order; nobody changes an image that they were given."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture and when it was taken.

    ``scene`` counts up when a frame has nothing to do with the one before: another photo of a
    folder, another video. A live camera stays in one scene. Nothing moves in a photo: every car in
    it counts as one that came.
    """

    image: Image
    taken_at: datetime
    source_name: str
    scene: int = 0
    is_photo: bool = False


class Camera(Protocol):
    """Where the gate's frames come from."""

    @property
    def problem(self) -> str | None:
        """What is wrong with the camera, e.g. ``camera_offline``; None: it works."""

    @property
    def is_live(self) -> bool:
        """Whether it shows the real gate, not files."""

    def next_frame(self, wait_s: float) -> Frame | None:
        """The newest frame not handed out yet; None when ``wait_s`` seconds pass without one."""

    def close(self) -> None:
        """Release the camera or the files."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock for a camera's pace: ``seconds`` only goes forward, ``wait`` sleeps."""

    seconds: Callable[[], float]
    wait: Callable[[float], object]


@dataclass(slots=True)
class Pace:
    """Lets one frame through every ``1 / frames_per_second``."""

    frames_per_second: float
    timer: Timer
    _due_at_s: float = float("-inf")

    def is_due(self, wait_s: float) -> bool:
        """Whether the next frame may be read; waits up to ``wait_s`` seconds for its time."""
        early_s = self._due_at_s - self.timer.seconds()
        if early_s > 0:
            self.timer.wait(min(early_s, wait_s))
        return early_s <= wait_s

    def count(self) -> None:
        """Note that a frame was handed out; the next one has to wait."""
        self._due_at_s = self.timer.seconds() + 1 / self.frames_per_second
