"""How much the programs write to the machine's log: on a busy day, and when one floods it."""

import re

from tests.boot.machine import Machine, MachineError
from tests.boot.programs import UNITS
from tests.waiting import eventually

LIMIT_MB = 20.0
"""A day: a card bears years of this."""
_FLOOD = 30_000
_MOST_FOLD = 5.0
"""journald multiplies a limit by up to this, as the disk has room (64 GB free)."""
_ARRIVALS, _VISITORS_A_DAY = 4, 300 * 12


def volume(machine: Machine) -> str:
    """A busy day's log stays below 20 MB, and so does the log of a program that floods it."""
    said = machine.run(f"systemctl show --property=LogRateLimitBurst {UNITS[1]}")
    burst = int(said.removeprefix("LogRateLimitBurst="))
    hours = machine.run(f"systemctl show --property=LogRateLimitIntervalUSec --value {UNITS[1]}")
    kept, line_bytes = _flood(machine, burst, hours)
    if kept > _MOST_FOLD * burst:
        raise MachineError(f"{kept} of {_FLOOD} lines were kept, {burst} are allowed")
    windows = 24 / float(re.fullmatch(r"(\d+)h", hours)[1])  # type: ignore[index]
    flood_mb = windows * _MOST_FOLD * burst * line_bytes / 1e6
    day_mb = _day_mb(machine)
    if max(flood_mb, day_mb) > LIMIT_MB:
        raise MachineError(f"{day_mb:.1f} MB on a busy day, {flood_mb:.1f} MB in a flood")
    return f"{day_mb:.1f} MB on a busy day, {flood_mb:.1f} MB of a flood"


def _flood(machine: Machine, burst: int, interval: str) -> tuple[int, float]:
    """How many lines are kept of a flood under the units' own limits, and how large each is."""
    limits = f"-p LogRateLimitBurst={burst} -p LogRateLimitIntervalSec={interval}"
    line = "2026-01-01 12:00:00,000 INFO    broker.handlers.arrivals: arrival of a car: owner none"
    flood = f'yes "{line}" | head -n {_FLOOD}'
    machine.run(f"systemd-run --wait --unit=flood {limits} bash -c '{flood}'")
    machine.run("journalctl --sync")
    kept = int(machine.run("journalctl -b -u flood -o cat | wc -l"))
    return kept, int(machine.run("journalctl -b -u flood -o export | wc -c")) / kept


def _day_mb(machine: Machine) -> float:
    """What all programs write on a day of 12 busy hours, by what arrivals make them write.

    Whoever arrives answers the tablet too, which makes no more lines than the arrival. journald's
    own files are smaller: they hold equal fields once.
    """
    (cursor,) = re.findall("-- cursor: (.*)", machine.run("journalctl -n 1 --show-cursor"))
    since = f"--after-cursor='{cursor}'"
    counted = f"journalctl {since} -u yingbin-gate -g ': arrival' -o cat | wc -l"
    if not eventually(lambda: int(machine.run(counted)) >= _ARRIVALS):
        raise MachineError("no car came, so nothing can be said")
    of_all = " ".join(f"-u {name}" for name in UNITS)
    written = int(machine.run(f"journalctl {since} {of_all} -o export | wc -c"))
    return 2 * written / int(machine.run(counted)) * _VISITORS_A_DAY / 1e6
