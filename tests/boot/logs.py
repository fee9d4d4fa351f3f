"""How much the programs write to the machine's log: on a busy day, and when they flood it."""

import re

from broker.__main__ import LOG_BYTES_A_DAY
from gate.settings import LOG_BYTES_A_DAY as GATE_BYTES_A_DAY
from shared.log import BYTES_A_DAY
from tests.boot.machine import Machine, MachineError
from tests.boot.programs import PROGRAMS, UNITS
from tests.waiting import eventually

_SHARES = {**LOG_BYTES_A_DAY, "gate": GATE_BYTES_A_DAY}
LIMIT_MB = 20.0
"""A day, of all programs: a card bears years of this."""
_FLOOD = 30_000
_MOST_FOLD = 5.0
"""journald multiplies a limit by up to this, as the disk has room (64 GB free)."""
_ARRIVALS, _VISITORS_A_DAY = 4, 300 * 12
_LINE = "2026-01-01 12:00:00,000 INFO    broker.handlers.arrivals: arrival of a car: owner none"
_RAW = f'yes "{_LINE}" | head -n {_FLOOD}'
_OURS = f"""
import logging
from shared.log import start_logging
start_logging()
for number in range({_FLOOD}):
    logging.getLogger("broker.handlers.arrivals").error("arrival of car %d: owner none", number)
"""


def volume(machine: Machine) -> str:
    """A busy day's log stays below 20 MB, and so do those of programs that flood theirs."""
    raw_mb = _raw_flood_mb(machine)
    at_once, line_bytes = _flood(machine, f"/opt/yingbin/.venv/bin/python -c '{_OURS}'", "ours")
    if at_once * line_bytes > BYTES_A_DAY:
        raise MachineError(f"{at_once} lines of {line_bytes:.0f} bytes at once, as much as a day's")
    shares = {name: _SHARES.get(name, BYTES_A_DAY) / 1e6 for name in PROGRAMS}
    days = _days_mb(machine)
    lacking = [f"{name}: {days[name]:.1f} MB" for name in PROGRAMS if days[name] > shares[name]]
    of_all = f"{sum(shares.values()):.1f} MB if all flood, {raw_mb:.1f} MB past us"
    said = f"{sum(days.values()):.1f} MB on a busy day, {of_all}"
    if lacking or max(sum(shares.values()), raw_mb) > LIMIT_MB:
        raise MachineError("; ".join([said, *lacking]))
    return said


def _raw_flood_mb(machine: Machine) -> float:
    """A day's log of what floods it past our own limit, under the units' limits."""
    burst, hours = (
        machine.run(f"systemctl show --property={name} --value {UNITS[1]}")
        for name in ("LogRateLimitBurst", "LogRateLimitIntervalUSec")
    )
    limits = f"-p LogRateLimitBurst={burst} -p LogRateLimitIntervalSec={hours}"
    kept, line_bytes = _flood(machine, f"bash -c '{_RAW}'", "raw", limits)
    if kept > _MOST_FOLD * int(burst):
        raise MachineError(f"{kept} of {_FLOOD} lines were kept, {burst} are allowed")
    windows = 24 / float(re.fullmatch(r"(\d+)h", hours)[1])  # type: ignore[index]
    return windows * _MOST_FOLD * int(burst) * line_bytes / 1e6


def _flood(machine: Machine, command: str, name: str, limits: str = "") -> tuple[int, float]:
    """How many lines of a flood are kept, and how large each is."""
    machine.run(f"cd /opt/yingbin && systemd-run -d --wait --unit=flood-{name} {limits} {command}")
    machine.run("journalctl --sync")
    kept = int(machine.run(f"journalctl -b -u flood-{name} -o cat | wc -l"))
    return kept, int(machine.run(f"journalctl -b -u flood-{name} -o export | wc -c")) / kept


def _days_mb(machine: Machine) -> dict[str, float]:
    """What each program writes on a day of 12 busy hours, by what arrivals make it write.

    Whoever arrives answers the tablet too, for which the hub writes no more lines than for the
    arrival. journald's own files are smaller: they hold equal fields once.
    """
    (cursor,) = re.findall("-- cursor: (.*)", machine.run("journalctl -n 1 --show-cursor"))
    since = f"journalctl --after-cursor='{cursor}'"
    counted = f"{since} -u yingbin-gate -g ': arrival' -o cat | wc -l"
    if not eventually(lambda: int(machine.run(counted)) >= _ARRIVALS):
        raise MachineError("no car came, so nothing can be said")
    fold = _VISITORS_A_DAY / int(machine.run(counted)) / 1e6
    return {
        name: (2 if name == "hub" else 1)
        * fold
        * int(machine.run(f"{since} -u yingbin-{name} -o export | wc -c"))
        for name in PROGRAMS
    }
