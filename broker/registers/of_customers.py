"""The registers about customers: phone enquiries, look-ups, and whose customer is disputed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from broker.registers.columns import Mask, Parties, RegisterSheet, Scope, SheetColumn
from broker.registers.day_facts import Day, VisitStory
from broker.registers.of_visits import OWNER, PHONE, PLATE, VISITOR, later_ruling, of_day
from broker.registers.told import Message
from broker.registers.writer import Writer
from broker.rules import notices as n
from broker.rules.facts import Registration
from broker.wording.stories import key_asked_for

CALLED_IN = frozenset({"phone", "sms", "wechat"})
"""The channels of a customer who was entered before coming (来电登记)."""
_OWN_ONES = {"manager": Scope.ALL, "consultant": Scope.OWN}


def _enquiries(day: Day) -> list[Registration]:
    """Customers who were entered from afar; with a visit they have a row in the visit register."""
    return [
        told.registration
        for told in day.entered
        if told.registration.channel in CALLED_IN or told.registration.is_unreceived
    ]


def _entry_state(write: Writer, entry: Registration) -> str:
    marks = {"late": entry.is_late, "held": entry.is_held}
    return " ".join(write.say(f"mark_{name}") for name, is_so in marks.items() if is_so)


CALLS = RegisterSheet(
    "calls",
    of_day(_enquiries),
    (
        SheetColumn("on", lambda write, entry: write.on(entry.registered_at), width=11),
        SheetColumn("at", lambda write, entry: write.time(entry.registered_at), width=7),
        SheetColumn("consultant", lambda write, entry: write.name(entry.consultant_id)),
        VISITOR,
        PHONE,
        SheetColumn("plates", lambda write, entry: " ".join(entry.plates), Mask.FREE, 14),
        SheetColumn("channel", lambda write, entry: write.word("channel", entry.channel)),
        SheetColumn("marks", _entry_state, width=12),
    ),
    lambda entry: Parties(entry.consultant_id, entry.consultant_id),
    _OWN_ONES,
    shows_customers=True,
)


@dataclass(frozen=True, slots=True)
class LookUpRow:
    """Somebody looked at customers: by a question, by a page, in full, or by an export."""

    at: datetime
    kind: str
    staff_id: str
    asked: n.LookedUp | Message
    count: int | None = None
    visit_id: str | None = None


_READ = {"Unmask": "unmasked", "RegisterRead": "read", "RegisterExported": "exported"}


def _look_ups(day: Day) -> list[LookUpRow]:
    asked = [
        LookUpRow(told.at, "asked", told.consultant_id or "", told, len(told.shown))
        for told in day.looked_up
        if told.phone or told.plate or told.name  # a register's page has an entry of its own
    ]
    read = [
        LookUpRow(note.at, _READ[note.entry], note.staff_id or "", note, visit_id=note.visit_id)
        for note in day.messages
        if note.entry in _READ and note.at
    ]
    return sorted([*asked, *read], key=lambda row: row.at)


def _looked_for(write: Writer, row: LookUpRow) -> str:
    if isinstance(row.asked, n.LookedUp):
        return key_asked_for(write.teller, row.asked)
    register = row.asked.register
    return write.say(f"title_{register}") if register else ""


def _reason(_write: Writer, row: LookUpRow) -> str:
    return getattr(row.asked, "reason", None) or ""


LOOK_UPS = RegisterSheet(
    "look_ups",
    of_day(_look_ups),
    (
        SheetColumn("on", lambda write, row: write.on(row.at), width=11),
        SheetColumn("at", lambda write, row: write.time_s(row.at), width=9),
        SheetColumn("who", lambda write, row: write.name(row.staff_id) or write.say("operator")),
        SheetColumn("what", lambda write, row: write.say(f"look_up_{row.kind}"), width=14),
        SheetColumn("looked_for", _looked_for, Mask.FREE, 24),
        SheetColumn("count", lambda write, row: "" if row.count is None else row.count, width=8),
        SheetColumn("reason", _reason, Mask.FREE, 30),
    ),
    lambda row: Parties(host_id=row.staff_id, visit_id=row.visit_id),
    {"manager": Scope.ALL},
)


@dataclass(slots=True)
class DisputeRow:
    """A visit that was disputed on that day: who claimed it on what ground, and the ruling."""

    visit: VisitStory
    opened_at: datetime
    claims: dict[str, str] = field(default_factory=dict)
    """By consultant, the ground: a word, or a code of the register."""
    ruled: n.Ruled | None = None


def _disputes(day: Day) -> Iterable[DisputeRow]:
    rows: dict[str, DisputeRow] = {}
    for line in day.disputed:
        event, visit = line.event, line.visit
        if visit is None:
            visit = VisitStory(event.visit_id or "", event.at)
        row = rows.setdefault(visit.visit_id, DisputeRow(visit, event.at))
        if isinstance(event, n.Claimed):
            row.claims[event.consultant_id or ""] = event.ground.value
        else:
            for claim in event.claims:
                row.claims.setdefault(claim.owner_id or "", claim.basis.evidence or "registration")
    for ruling in day.ruled:
        if ruled := rows.get(ruling.visit_id or ""):
            ruled.ruled = ruling
    return rows.values()


def _claims(write: Writer, row: DisputeRow) -> str:
    return write.teller.say("list.comma").join(
        write.say("claim", who=write.name(who), ground=write.word("ground", ground))
        for who, ground in row.claims.items()
    )


def _of_visit(column: SheetColumn) -> SheetColumn:
    return SheetColumn(
        column.name, lambda write, row: column.cell(write, row.visit), column.mask, column.width
    )


DISPUTES = RegisterSheet(
    "disputes",
    of_day(_disputes),
    (
        SheetColumn("on", lambda write, row: write.on(row.opened_at), width=11),
        SheetColumn("at", lambda write, row: write.time(row.opened_at), width=7),
        *map(_of_visit, (VISITOR, PHONE, PLATE)),
        SheetColumn("claims", _claims, Mask.FREE, 30),
        SheetColumn("ruled_for", lambda write, row: _winner(write, row), width=10),
        SheetColumn(
            "ruled_at", lambda write, row: write.moment(row.ruled.at if row.ruled else None)
        ),
        SheetColumn(
            "reason", lambda write, row: row.ruled.reason if row.ruled else "", Mask.FREE, 30
        ),
        _of_visit(OWNER),
        SheetColumn("later", lambda write, row: later_ruling(write, row.visit), Mask.FREE, 20),
    ),
    lambda row: Parties(
        row.visit.owner_id, row.visit.host_id, tuple(row.claims), row.visit.visit_id
    ),
    _OWN_ONES,
)


def _winner(write: Writer, row: DisputeRow) -> str:
    return write.name(row.ruled.consultant_id) if row.ruled else ""
