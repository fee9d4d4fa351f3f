"""Whether a live camera still shows something: not black, over-exposed or frozen. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gate.frame import Frame, Image

BLACK_BELOW, WHITE_ABOVE = 10, 245
"""Mean brightness, 0 to 255. A gate at night with one lamp is above 15."""
BAD_AFTER_S = 15.0
"""A shadow or a headlight is shorter; with the heartbeat it is told within 30 s (F10)."""
FROZEN_AFTER_S = 60.0
"""A real sensor's noise never repeats; a compressed quiet picture may for some seconds."""
SAMPLE_STEP = 16


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
        sample = image[::SAMPLE_STEP, ::SAMPLE_STEP].copy()
        last, self._last = self._last, sample
        brightness = float(sample.mean())
        if brightness < BLACK_BELOW:
            return "camera_black"
        if brightness > WHITE_ABOVE:
            return "camera_over_exposed"
        is_same = last is not None and np.array_equal(last, sample)
        return "camera_frozen" if is_same else None
