"""Whether a live camera still shows something: not black, over-exposed or frozen. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gate.camera.frame import Frame, Image

SAMPLES, BLOCKS = 64, 8
"""So many rows and columns of the picture are looked at, and so many blocks are made of them."""
BLACK_BELOW, WHITE_ABOVE = 20, 250
"""Brightness, 0 to 255: less is a sensor's noise, more holds nothing any more."""
BLACK_SHARE, WHITE_SHARE = 0.97, 0.70
"""So much of the picture must be black (the camera writes its clock into the rest), or white (a
white car before a bright sky is less)."""
FROZEN_SHARE = 0.75
"""So many blocks repeat to the last value: the camera's clock and logo run on over a frozen one."""
BAD_AFTER_S = 15.0
"""A shadow or a headlight is shorter; told at once then, that is within 30 s (F10)."""
FROZEN_AFTER_S = 60.0
"""A real sensor's noise never repeats; a compressed quiet picture may for some seconds."""


@dataclass(slots=True)
class PictureHealth:
    """Judges one camera's frames, in the order they were taken."""

    _last: NDArray[np.uint8] | None = None
    _problem: str | None = None
    _since_s: float = 0.0

    def judge(self, frame: Frame) -> str | None:
        """``camera_black``, ``camera_over_exposed``, ``camera_frozen`` once it lasted; or None."""
        now_s = frame.taken_at.timestamp()
        problem = self._seen(frame.image)
        if problem != self._problem:
            self._problem, self._since_s = problem, now_s
        patience_s = FROZEN_AFTER_S if problem == "camera_frozen" else BAD_AFTER_S
        return problem if now_s - self._since_s >= patience_s else None

    def _seen(self, image: Image) -> str | None:
        sample = _sample(image)
        last, self._last = self._last, sample
        grey = sample.mean(axis=2)
        if (grey < BLACK_BELOW).mean() >= BLACK_SHARE:
            return "camera_black"
        if (grey > WHITE_ABOVE).mean() >= WHITE_SHARE:
            return "camera_over_exposed"
        return "camera_frozen" if last is not None and _is_same(last, sample) else None


def brightness(image: Image) -> float:
    """The mean of ``image``, 0 to 255, from the pixels that health is judged by."""
    return float(_sample(image).mean())


def _sample(image: Image) -> NDArray[np.uint8]:
    """``SAMPLES`` × ``SAMPLES`` × 3 pixels from all over ``image``, copied."""
    rows, columns = (np.linspace(0, side - 1, SAMPLES).astype(int) for side in image.shape[:2])
    sample: NDArray[np.uint8] = image[np.ix_(rows, columns)]
    return sample


def _is_same(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether most blocks of both are equal in every pixel."""
    size = SAMPLES // BLOCKS
    is_equal = (one == other).reshape(BLOCKS, size, BLOCKS, size, 3).all(axis=(1, 3, 4))
    return bool(is_equal.mean() >= FROZEN_SHARE)
