"""The machine's services, by ``systemctl``: which are wanted, stopped, started, and how they do."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from shared.errors import OperatorError

UNITS = ("yingbin-mqtt", "yingbin-hub", "yingbin-kiosk", "yingbin-gate")
_RUNNING = ("active", "activating", "reloading")
_AT_MOST_S = 120.0


@dataclass(frozen=True, slots=True)
class UnitsStanding:
    """How services do since they were started last."""

    is_up: bool
    """Whether all of them have said that they are ready."""
    failed_starts: int
    """Of the one that failed most often."""


def wanted_units() -> tuple[str, ...]:
    """The services that run, or that the machine starts by itself.

    Raises:
        OperatorError: there is no systemd.
    """
    return tuple(
        unit
        for unit, state in _states(UNITS)
        if state.get("ActiveState") in _RUNNING or state.get("UnitFileState") == "enabled"
    )


def stop_units(units: tuple[str, ...]) -> None:
    """Stop the services, and wait until they have."""
    if units:
        _systemctl("stop", *units)


def start_units(units: tuple[str, ...]) -> None:
    """Have the services started; ``standing_of`` tells how that goes."""
    _systemctl("daemon-reload")
    if units:
        _systemctl("reset-failed", *units)
        _systemctl("start", "--no-block", *units)


def standing_of(units: tuple[str, ...]) -> UnitsStanding:
    """How ``units`` do."""
    states = [state for _, state in _states(units)]
    restarts = [int(state.get("NRestarts") or 0) for state in states]
    is_up = all(state.get("ActiveState") == "active" for state in states)
    return UnitsStanding(is_up, max(restarts, default=0))


def _states(units: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    for unit in units:
        said = _systemctl("show", "--property=ActiveState,UnitFileState,NRestarts", unit)
        yield unit, dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def _systemctl(*words: str) -> str:
    """What it says; that it could not do it shows in the state of the services."""
    try:
        done = subprocess.run(
            ["systemctl", *words], capture_output=True, text=True, timeout=_AT_MOST_S, check=False
        )
    except FileNotFoundError:
        raise OperatorError("error.no_systemd") from None
    except subprocess.TimeoutExpired as error:
        raise OperatorError("error.systemd_slow", problem=error) from error
    return done.stdout
