"""How long a result waited in its camera, by the camera's own clock. Pure.

A camera's clock may be wrong by hours, so it is only ever held against itself: against how far it
usually is from ours.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

LATE_S = 120.0
"""What waited longer rings nowhere."""
KEPT_S = LATE_S + 1.0
"""At least as old is what a camera says it had kept: it rings nowhere."""
LONGEST_S = 30 * 86_400.0
"""Nothing waits longer in a camera."""
_USUAL_OF = 9
_SAME_PACE_S = 5.0


@dataclass(slots=True)
class Lateness:
    """The usual distance of each camera's clock from ours."""

    _lags: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(_few))
    _last: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def waited_s(self, camera: str, taken_at: datetime | None, came_at: datetime) -> float:
        """How long a result waited that came just now; 0: it did not, or nobody can tell."""
        if taken_at is None:
            return 0.0
        lag_s, lags = (came_at - taken_at).total_seconds(), self._lags[camera]
        last = self._last.get(camera)
        self._last[camera] = (taken_at, came_at)
        waited_s = lag_s - median(lags) if lags else 0.0
        is_old = LATE_S < waited_s < LONGEST_S  # beyond, its clock has lost the date
        if is_old and not _is_in_pace(last, taken_at, came_at):
            return waited_s
        if abs(waited_s) > LATE_S:  # somebody has set its clock
            lags.clear()
        lags.append(lag_s)
        return 0.0


def _is_in_pace(
    last: tuple[datetime, datetime] | None, taken_at: datetime, came_at: datetime
) -> bool:
    """Whether it came as long after the one before as it was taken after that.

    What had waited comes all at once; a clock that was set goes on as before.
    """
    if last is None:
        return True
    passed_s, there_s = (came_at - last[1]).total_seconds(), (taken_at - last[0]).total_seconds()
    return passed_s > _SAME_PACE_S and abs(passed_s - there_s) < _SAME_PACE_S


def _few() -> deque[float]:
    return deque(maxlen=_USUAL_OF)
