"""A camera's picture, and what the gate needs of any camera. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""H×W×3 uint8 in BGR order; nobody changes one that he was given."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture and when it was taken.

    ``scene`` counts up when what is seen has nothing to do with the frame before: another
    photo of a folder, another video. A live camera stays in one scene. In a photo nothing can move:
    every car in it counts as one that came.
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
        """Whether it looks at the real gate, not at files."""

    def next_frame(self, wait_s: float) -> Frame | None:
        """The newest frame not yet handed out; None when ``wait_s`` seconds pass without one."""

    def close(self) -> None:
        """Let go of the camera or the files."""


@dataclass(frozen=True, slots=True)
class Timer:
    """How a camera keeps its pace: ``seconds`` only ever goes forward, ``wait`` sleeps."""

    seconds: Callable[[], float]
    wait: Callable[[float], object]


@dataclass(slots=True)
class Pace:
    """Lets one frame through every ``1 / frames_per_second``."""

    frames_per_second: float
    timer: Timer
    _due_at_s: float = float("-inf")

    def is_due(self, wait_s: float) -> bool:
        """Whether the next frame may be read, waiting up to ``wait_s`` seconds for that."""
        early_s = self._due_at_s - self.timer.seconds()
        if early_s > 0:
            self.timer.wait(min(early_s, wait_s))
        return early_s <= wait_s

    def count(self) -> None:
        """A frame was handed out; the next one has to wait."""
        self._due_at_s = self.timer.seconds() + 1 / self.frames_per_second
