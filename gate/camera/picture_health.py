"""Whether a live camera still shows something: not black, over-exposed or frozen. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gate.camera.frame import Frame, Image

SAMPLES, BLOCKS = 64, 8
"""How many rows and columns of pixels are sampled, and how many rows and columns of blocks they
make."""
BLACK_BELOW, WHITE_ABOVE = 20, 250
"""Brightness, 0 to 255: below it is only a sensor's noise, above it no detail is left."""
BLACK_SHARE, WHITE_SHARE = 0.97, 0.70
"""How much of the picture must be black (the camera writes its clock into the rest), or white (a
white car before a bright sky covers less)."""
FROZEN_SHARE = 0.75
"""How many blocks must repeat exactly: the clock and the logo change over a frozen picture."""
BAD_AFTER_S = 15.0
"""Shadows and headlights are shorter; reported after this, a fault is known within 30 s (F10)."""
FROZEN_AFTER_S = 60.0
"""A real sensor's noise never repeats; a quiet compressed picture may for some seconds."""


@dataclass(slots=True)
class PictureHealth:
    """Judges one camera's frames, in the order they were taken."""

    _last: NDArray[np.uint8] | None = None
    _problem: str | None = None
    _since_s: float = 0.0

    def judge(self, frame: Frame) -> str | None:
        """``camera_black``, ``camera_over_exposed``, ``camera_frozen`` once it lasts; or None."""
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
    """Mean brightness of ``image``, 0 to 255, over the sampled pixels."""
    return float(_sample(image).mean())


def _sample(image: Image) -> NDArray[np.uint8]:
    """``SAMPLES`` × ``SAMPLES`` × 3 pixels spread over ``image``, copied."""
    rows, columns = (np.linspace(0, side - 1, SAMPLES).astype(int) for side in image.shape[:2])
    sample: NDArray[np.uint8] = image[np.ix_(rows, columns)]
    return sample


def _is_same(last: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether most blocks of both pictures are equal in every pixel."""
    size = SAMPLES // BLOCKS
    is_equal = (last == other).reshape(BLOCKS, size, BLOCKS, size, 3).all(axis=(1, 3, 4))
    return bool(is_equal.mean() >= FROZEN_SHARE)
