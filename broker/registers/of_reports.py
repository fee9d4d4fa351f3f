"""The register of what everybody reported from their post (岗位上报记录)."""

from broker.registers.columns import Mask, Parties, RegisterSheet, Scope, SheetColumn
from broker.registers.day_facts import Day
from broker.registers.of_visits import of_day
from broker.registers.told import Message
from broker.rules.reported import DOES
from shared.messages import ReportKind

_DOES = {kind.value: what.value for kind, what in DOES.items()}
ALARM = _DOES[ReportKind.FORCED_ENTRY]


def does(report: Message) -> str:
    """What the report did (``may.…``); its own name where this release does not know it."""
    return _DOES.get(report.kind or "", report.kind or "")


def reports(day: Day) -> list[Message]:
    """What people reported that day, as it came."""
    return [told for told in day.messages if told.entry == "StaffReport" and told.kind]


def _words(report: Message) -> str:
    return " · ".join(filter(None, (report.note, report.reason)))


REPORTED = RegisterSheet(
    "reported",
    of_day(reports),
    (
        SheetColumn("on", lambda write, report: write.on(report.at), width=11),
        SheetColumn("at", lambda write, report: write.time(report.at), width=7),
        SheetColumn("who", lambda write, report: write.name(report.staff_id)),
        SheetColumn("what", lambda write, report: write.word("may", does(report)), width=20),
        SheetColumn("place", lambda write, report: write.house_word(report.place), Mask.FREE, 12),
        SheetColumn("words", lambda _write, report: _words(report), Mask.FREE, 30),
    ),
    lambda report: Parties(host_id=report.staff_id, visit_id=report.visit_id),
    {"manager": Scope.ALL},
    lambda report: (does(report),),
)
