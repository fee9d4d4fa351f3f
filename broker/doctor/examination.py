"""All checks, in the order in which they are made, and their results."""

from collections.abc import Iterator
from dataclasses import dataclass

from broker.doctor import (
    backup_check,
    certificate_check,
    files,
    hub_clock,
    machine,
    retention_check,
    servers,
)
from broker.doctor.finding import Check, Finding, wrong
from broker.doctor.patient import Patient
from shared.errors import OperatorError, sentence_of

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
    Check("certificates", certificate_check.certificates, ("hub",)),
    Check("database", files.database, ("hub",)),
    Check("mended", files.mended, ("hub",)),
    Check("set_aside", files.set_aside, ("hub",)),
    Check("floods", files.floods, ("hub",)),
    Check("backup", backup_check.backup, ("hub",)),
    Check("retention", retention_check.retention, ("hub",)),
    Check("disk", files.disk, ("hub",)),
    Check("opencv", machine.opencv),
    Check("clock", machine.clock),
    Check("hub_clock", hub_clock.hub_clock, ("hub",)),
    Check("watchdog", machine.watchdog),
    Check("screen", machine.screen),
)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a check; ``found`` is None if it could not be made."""

    name: str
    found: tuple[Finding, ...] | None

    @property
    def is_wrong(self) -> bool:
        """Whether something must be done about it."""
        return any(finding.is_wrong for finding in self.found or ())


def examine(patient: Patient, checks: tuple[Check, ...] = CHECKS) -> Iterator[Result]:
    """Make the checks in order, and yield their results."""
    names = {check.name for check in checks}
    sound: set[str] = set()
    for check in checks:
        can_be_made = all(
            need in sound if need in names else getattr(patient, need) is not None
            for need in check.needs
        )
        result = Result(check.name, _found(check, patient) if can_be_made else None)
        if can_be_made and not result.is_wrong:
            sound.add(check.name)
        yield result


def _found(check: Check, patient: Patient) -> tuple[Finding, ...]:
    """What ``check`` finds. If it fails, that is a finding too."""
    try:
        return tuple(check.look(patient))
    except (OSError, OperatorError) as error:
        return (wrong("stopped", problem=sentence_of(error)),)
