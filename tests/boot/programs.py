"""The four programs on the machine, as systemd sees them."""

from dataclasses import dataclass

from tests.boot.machine import Machine, MachineError
from tests.waiting import eventually

PROGRAMS = ("mqtt", "hub", "kiosk", "gate")
UNITS = tuple(f"yingbin-{name}" for name in PROGRAMS)
YINGBIN = "/opt/yingbin/.venv/bin/yingbin --lang en"
PYTHON = "/opt/yingbin/.venv/bin/python"
"""Opens the site's encrypted files too."""
BACK_WITHIN_S = 60.0
"""Much longer than a start takes: a machine with other work is slow by fits and starts."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What ``systemctl show`` says of a unit."""

    state: str
    pid: int
    restarts: int

    @property
    def is_up(self) -> bool:
        """Whether the program said that it is ready, and runs."""
        return self.state == "active" and self.pid > 0


def unit(machine: Machine, name: str) -> Unit:
    """The unit ``name`` as it is just now."""
    asked = "--property=ActiveState --property=MainPID --property=NRestarts"
    said = dict(
        line.split("=", 1) for line in machine.run(f"systemctl show {asked} {name}").splitlines()
    )
    return Unit(said["ActiveState"], int(said["MainPID"]), int(said["NRestarts"]))


def await_all(machine: Machine, within_s: float = BACK_WITHIN_S) -> None:
    """Wait until all four run.

    Raises:
        MachineError: one does not.
    """

    def down() -> list[str]:
        return [name for name in UNITS if not unit(machine, name).is_up]

    if not eventually(lambda: not down(), within_s=within_s):
        tail = machine.run(f"journalctl -b --no-pager -n 12 -u {down()[0]}", fails=True)
        raise MachineError(f"not running after {within_s:.0f} s: {', '.join(down())}\n{tail}")


def await_next(machine: Machine, name: str, before: int, within_s: float) -> None:
    """Wait until ``name`` runs again, as another process than ``before``.

    Raises:
        MachineError: it does not.
    """

    def is_another() -> bool:
        now = unit(machine, name)
        return now.is_up and now.pid != before

    if not eventually(is_another, within_s=within_s):
        raise MachineError(f"{name} was not started again within {within_s:.0f} s")


def kill(machine: Machine, name: str, how: str) -> int:
    """Send the main process of ``name`` the signal ``how``; returns its process id."""
    pid = unit(machine, name).pid
    if pid:
        machine.run(f"kill -{how} {pid}", fails=True)
    return pid
