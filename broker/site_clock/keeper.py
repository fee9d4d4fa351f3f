"""The clock that the whole hub reads, and what its keeper may do with it (校时).

Any thread may read it. Looking for who vouches, setting and keeping it is the hub's thread's work.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from broker.site_clock.clock_file import FILE_NAME, ClockFile, read_kept
from broker.site_clock.reckoning import ClockStep, Held, Vouch, after, begun, looked, step
from broker.site_clock.witnesses import Witnesses
from shared.clock import Clock, Stopwatch


class SiteClock:
    """Reads as a ``Clock``: the time that the hub goes by."""

    def __init__(self, wall: Clock, stopwatch: Stopwatch, held: Held) -> None:
        self.wall, self._stopwatch = wall, stopwatch
        self._lock = threading.Lock()
        self._held = held

    def __call__(self) -> datetime:
        """The time now; it never goes back but where it is set."""
        return self.held().at

    def held(self) -> Held:
        """What we hold for the time, after a look at the machine's clock."""
        with self._lock:
            self._held = looked(self._held, self.wall(), self._stopwatch())
            return self._held

    def hold(self, held: Held) -> None:
        """Go by ``held`` from now on."""
        with self._lock:
            self._held = held


class ClockKeeper:
    """Watches the site's clock, and sets it when somebody vouches for the machine's."""

    def __init__(
        self,
        clock: SiteClock,
        stopwatch: Stopwatch,
        file: ClockFile,
        witnesses: Witnesses,
        is_time_source_followed: Callable[[], bool] = lambda: False,
    ) -> None:
        self.clock, self._stopwatch, self._file = clock, stopwatch, file
        self._witnesses, self._is_followed = witnesses, is_time_source_followed
        self._is_vouched_by_person = False
        self._refused_since_s: float | None = None
        self._torn: tuple[int, bool] | None = None

    def hear(self, machine: str | None, at: datetime) -> None:
        """Note what the clock of another machine showed."""
        self._witnesses.hear(machine, at, self._stopwatch())

    def vouch(self) -> None:
        """A person says that the machine's clock is right; it is set at the next look."""
        self._is_vouched_by_person = True

    def refused_for_s(self) -> float:
        """For how long the machine's clock has been refused now; 0: it is not."""
        since_s = self._refused_since_s
        return 0.0 if since_s is None else self._stopwatch() - since_s

    def look(self, is_torn_at: Callable[[datetime], bool] = lambda _: False) -> ClockStep | None:
        """Look at the machine's clock and at who vouches for it; how to set ours, if at all.

        ``is_torn_at`` says whether a moment falls into a hole of the journal.
        """
        held, running_s = self.clock.held(), self._stopwatch()
        self._witnesses.look(self.clock.wall(), running_s)
        by = self._vouched(running_s)
        if held.refused_s is None:
            self._refused_since_s, self._is_vouched_by_person = None, False
            if by is not Vouch.NOBODY and not held.is_confirmed:
                held = replace(held, is_confirmed=True)
                self.clock.hold(held)
            self._file.keep(held)
            return None
        if self._refused_since_s is None:
            self._refused_since_s = running_s
        self._file.keep(held)
        return step(held, by, is_torn=self._is_torn(held, is_torn_at))

    def set(self, taken: ClockStep) -> None:
        """Go by the machine's clock from now on."""
        self.clock.hold(after(self.clock.held(), taken))
        self._refused_since_s, self._is_vouched_by_person = None, False

    def _is_torn(self, held: Held, is_torn_at: Callable[[datetime], bool]) -> bool:
        """Asked once for each place that the machine's clock jumps to: it may take a while."""
        ahead_s = held.refused_s or 0.0
        if not held.is_trace or ahead_s >= 0:
            return False
        if self._torn is None or abs(self._torn[0] - ahead_s) > 1.0:
            self._torn = round(ahead_s), is_torn_at(held.at + timedelta(seconds=ahead_s))
        return self._torn[1]

    def _vouched(self, running_s: float) -> Vouch:
        if self._is_vouched_by_person:
            return Vouch.PERSON
        if self._witnesses.agree(running_s):
            return Vouch.WITNESSES
        return Vouch.TIME_SOURCE if self._is_followed() else Vouch.NOBODY


def opened_clock(
    folder: Path,
    wall: Clock,
    stopwatch: Stopwatch,
    boot: str | None,
    trace: datetime | None,
) -> SiteClock:
    """The clock of the hub whose file lies in ``folder``.

    ``trace`` is a moment that is over for sure; None: nothing tells of one. If the machine has run
    since the last time, its stopwatch tells how long it was.
    """
    kept, running_s = read_kept(folder / FILE_NAME), stopwatch()
    if kept is not None and kept.goes_on(boot, running_s):
        return SiteClock(wall, stopwatch, looked(kept.held(), wall(), running_s))
    over = [at for at in (trace, kept.at if kept else None) if at is not None]
    if not over:  # a new site has nothing to protect: any time may be right
        return SiteClock(wall, stopwatch, Held(wall(), running_s, since=wall()))
    return SiteClock(wall, stopwatch, begun(wall(), running_s, max(over)))
