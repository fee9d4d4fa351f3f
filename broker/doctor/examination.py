"""Every check, in the order in which they are made, and what they found."""

from collections.abc import Iterator
from dataclasses import dataclass

from broker.doctor import files, machine, servers
from broker.doctor.finding import Check, Finding
from broker.doctor.patient import Patient

CHECKS = (
    Check("settings", files.settings),
    Check("agreement", files.agreement, ("hub", "accounts")),
    Check("staff", files.people, ("people", "accounts")),
    Check("privacy", files.privacy),
    Check("mqtt_server", servers.mqtt_server, ("hub",)),
    Check("log_ins", servers.log_ins, ("accounts", "mqtt_server")),
    Check("access", servers.access, ("log_ins",)),
    Check("nodes", servers.nodes, ("log_ins",)),
    Check("pages", servers.pages, ("hub",)),
    Check("database", files.database, ("hub",)),
    Check("set_aside", files.set_aside, ("hub",)),
    Check("disk", files.disk, ("hub",)),
    Check("opencv", machine.opencv),
    Check("clock", machine.clock),
    Check("screen", machine.screen),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to; ``found`` is None where it could not be made."""

    name: str
    found: tuple[Finding, ...] | None

    @property
    def is_wrong(self) -> bool:
        """Whether something must be done."""
        return any(one.is_wrong for one in self.found or ())


def examine(patient: Patient, checks: tuple[Check, ...] = CHECKS) -> Iterator[Result]:
    """The checks' results, one after the other."""
    names = {check.name for check in checks}
    sound: set[str] = set()
    for check in checks:
        can_be_made = all(
            need in sound if need in names else getattr(patient, need) is not None
            for need in check.needs
        )
        result = Result(check.name, tuple(check.look(patient)) if can_be_made else None)
        if can_be_made and not result.is_wrong:
            sound.add(check.name)
        yield result
