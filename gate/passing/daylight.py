"""Day or night by the picture's own brightness, and what the vote asks for then. Pure."""

from dataclasses import dataclass

from gate.camera.frame import Frame
from gate.camera.picture_health import brightness
from gate.passing.vote import VoteRules

LIGHTER_BY = 1.3
"""Day returns only at this many times the night's bound, so that dusk does not flicker."""
LASTS_S = 30.0
"""A change counts once it has lasted this long: headlights and a passing lorry are shorter."""


@dataclass(slots=True)
class Daylight:
    """Judges one camera's frames, in the order they were taken; starts with day."""

    darker_than: float
    """Mean brightness, 0 to 255, below which it is night; 0: it is always day."""
    by_day: VoteRules
    by_night: VoteRules
    is_night: bool = False
    _since_s: float | None = None

    def rules(self, frame: Frame) -> VoteRules:
        """The rules for ``frame`` and until the next one."""
        shade = brightness(frame.image)
        lighter_than = self.darker_than * LIGHTER_BY
        is_other = shade > lighter_than if self.is_night else shade < self.darker_than
        if not is_other:
            self._since_s = None
            return self._rules()
        moment_s = frame.taken_at.timestamp()
        self._since_s = moment_s if self._since_s is None else self._since_s
        if abs(moment_s - self._since_s) >= LASTS_S:
            self.is_night, self._since_s = not self.is_night, None
        return self._rules()

    def _rules(self) -> VoteRules:
        return self.by_night if self.is_night else self.by_day
