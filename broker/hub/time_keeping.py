"""Gives the hub its clock (校时): what was kept, what the journal tells, and who may vouch."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broker.handlers.clock_troubles import MENDED_FROM
from broker.handlers.context import Hub
from broker.journal.entries import last_moment
from broker.site_clock.clock_file import FILE_NAME, ClockFile
from broker.site_clock.keeper import ClockKeeper, SiteClock, opened_clock
from broker.site_clock.time_source import TimeSource
from broker.site_clock.witnesses import Witnesses
from shared.clock import Clock, Stopwatch, boot_mark


def site_clock(folder: Path, wall: Clock, stopwatch: Stopwatch) -> SiteClock:
    """The clock of the hub whose file lies in ``folder``."""
    trace = last_moment(folder)
    if trace is None and (installed_at := _installed_at()) > wall():
        trace = installed_at
    return opened_clock(folder, wall, stopwatch, boot_mark(), trace)


def hold_later(clock: SiteClock, known: datetime | None) -> None:
    """A trace is only the last that was found: the rules may know of a later moment."""
    held = clock.held()
    if known is not None and held.is_trace and timedelta(0) < known - held.at <= MENDED_FROM:
        clock.hold(replace(held, at=known, since=known))


def _installed_at() -> datetime:
    """When this program was put on the machine: any time before is wrong."""
    return datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)


def keeping_time(hub: Hub, folder: Path, clock: SiteClock, stopwatch: Stopwatch) -> Hub:
    """``hub``, which watches its clock and sets it when it must be."""
    hold_later(clock, hub.decider.state.now)
    boot = boot_mark()
    keeper = ClockKeeper(
        clock,
        stopwatch,
        ClockFile(folder / FILE_NAME, boot),
        Witnesses(boot),
        TimeSource(stopwatch).is_followed,
    )
    return replace(hub, keeper=keeper)
