"""Devices with clocks of their own, which may vouch for the machine's (时钟旁证).

A device on the same machine has the same clock, and one that was set at the same moment follows the
same time server: neither shows anything. Phones count on from the hub's own time and are not asked.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

STEADY_WITHIN_S = 2.0
AGREE_WITHIN_S = 60.0
NEEDED = 2
HEARD_WITHIN_S = 35.0
"""Three heartbeats and a little."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """A clock, as the distance to our stopwatch, and since when it was not set."""

    offset_s: float
    steady_since_s: float
    heard_s: float

    def at(self, offset_s: float, running_s: float) -> "Testimony":
        """The same clock, looked at again."""
        if abs(offset_s - self.offset_s) > STEADY_WITHIN_S:
            return Testimony(offset_s, running_s, running_s)
        return replace(self, heard_s=running_s)


class Witnesses:
    """The clocks heard so far; belongs to the hub's thread."""

    def __init__(self, machine: str | None) -> None:
        self._machine = machine
        self._heard: dict[str, Testimony] = {}
        self._own: Testimony | None = None
        self._is_set = False

    def look(self, wall: datetime, running_s: float) -> None:
        """Note what the machine's own clock shows."""
        before, self._own = self._own, _seen(self._own, wall, running_s)
        if before is not None and before.steady_since_s != self._own.steady_since_s:
            self._is_set = True

    def hear(self, machine: str | None, at: datetime, running_s: float) -> None:
        """Note what the clock of another ``machine`` showed; None: it does not say which it is."""
        if machine is not None and machine != self._machine:
            self._heard[machine] = _seen(self._heard.get(machine), at, running_s)

    def agree(self, running_s: float) -> bool:
        """Whether enough clocks, none of them set since ours was, show what the machine's shows."""
        own = self._own
        if own is None:
            return False
        agreeing = [
            clock
            for clock in self._heard.values()
            if clock.heard_s > clock.steady_since_s
            and running_s - clock.heard_s < HEARD_WITHIN_S
            and abs(clock.offset_s - own.offset_s) < AGREE_WITHIN_S
            and (not self._is_set or clock.steady_since_s < own.steady_since_s)
        ]
        return len(agreeing) >= NEEDED


def _seen(before: Testimony | None, at: datetime, running_s: float) -> Testimony:
    offset_s = (at - timedelta(seconds=running_s)).timestamp()
    return before.at(offset_s, running_s) if before else Testimony(offset_s, running_s, running_s)
