"""All checks, in the order in which they are made, and their results."""

from collections.abc import Iterator
from dataclasses import dataclass

from broker.doctor import (
    backup_check,
    certificate_check,
    files,
    hub_clock,
    machine,
    nodes_check,
    retention_check,
    servers,
    work_check,
)
from broker.doctor.finding import Check, Finding, wrong
from broker.doctor.patient import Patient
from broker.health.site_figures import Condition
from shared.errors import OperatorError, sentence_of

_LIVE = ("figures",)
CHECKS = (
    Check("settings", files.settings),
    Check("hidden", work_check.hidden),
    Check("agreement", files.agreement, ("hub", "accounts")),
    Check("staff", files.people, ("people", "accounts")),
    Check("privacy", files.privacy),
    Check("mqtt_server", servers.mqtt_server, ("hub",)),
    Check("log_ins", servers.log_ins, ("accounts", "mqtt_server")),
    Check("access", servers.access, ("log_ins",)),
    Check("hub_online", servers.nodes, ("log_ins",)),
    Check("nodes", nodes_check.machines, _LIVE, is_quick=True),
    Check("cameras", work_check.cameras, _LIVE, is_quick=True),
    Check("phones", nodes_check.phones, _LIVE, is_quick=True),
    Check("delay", work_check.delay, _LIVE, is_quick=True),
    Check("round_trip", work_check.round_trip, _LIVE, is_quick=True),
    Check("outboxes", nodes_check.outboxes, _LIVE, is_quick=True),
    Check("pages", servers.pages, ("hub",)),
    Check("certificates", certificate_check.certificates, ("hub",)),
    Check("certificate_days", certificate_check.days, ("hub",), is_quick=True),
    Check("database", files.database, ("hub",)),
    Check("night_check", work_check.night_check, _LIVE, is_quick=True),
    Check("mended", files.mended, ("hub",)),
    Check("set_aside", files.set_aside, ("hub",), is_quick=True),
    Check("floods", files.floods, ("hub",), is_quick=True),
    Check("backup", backup_check.backup, ("hub",), is_quick=True),
    Check("retention", retention_check.retention, ("hub",), is_quick=True),
    Check("heads", work_check.heads, _LIVE, is_quick=True),
    Check("disk", files.disk, ("hub",), is_quick=True),
    Check("wear", work_check.wear, _LIVE, is_quick=True),
    Check("opencv", machine.opencv),
    Check("clock", machine.clock),
    Check("hub_clock", hub_clock.hub_clock, ("hub",), is_quick=True),
    Check("watchdog", machine.watchdog),
    Check("screen", machine.screen),
    Check("versions", nodes_check.versions, _LIVE, is_quick=True),
)
QUICK = tuple(check for check in CHECKS if check.is_quick)
_WORST_FIRST = tuple(Condition)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a check; ``found`` is None if it could not be made."""

    name: str
    found: tuple[Finding, ...] | None

    @property
    def is_wrong(self) -> bool:
        """Whether something must be done about it."""
        return self.condition is Condition.WRONG

    @property
    def condition(self) -> Condition:
        """That of its worst finding; what could not be checked is not known."""
        if self.found is None:
            return Condition.UNKNOWN
        found = {finding.condition for finding in self.found}
        return next((each for each in _WORST_FIRST if each in found), Condition.FINE)


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
