"""The register of follow-ups (回访记录): what was said that day, and what was due and is open."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from broker.registers.columns import (
    FileReading,
    Mask,
    Parties,
    RegisterSheet,
    Scope,
    SheetColumn,
)
from broker.registers.day_facts import Day
from broker.registers.of_visits import PHONE, VISITOR
from broker.registers.told import Message
from broker.registers.writer import Writer
from broker.rules.facts import Keys, Registration
from broker.rules.follow_ups import Contact, FollowUp, Stage
from broker.store.open_follow_ups import follow_ups_of, owners
from broker.store.register import CustomerRegister
from shared.messages import Outcome

OPEN_FOR = timedelta(days=400)
"""A follow-up that was due so long ago is not looked for: nobody's protection lasts as long."""
_KINDS = {"followed_up": "called", "snoozed": "snoozed"}


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A customer who was called that day, is called later, or should have been called by then."""

    owner_id: str
    kind: str
    """``called``, ``snoozed``, ``overdue``, ``today``."""
    customer: Registration | None
    at: datetime | None = None
    due_on: date | None = None
    contact: Contact | None = None
    days_over: int = 0

    @property
    def surname(self) -> str | None:
        """Of the customer."""
        return self.customer.surname if self.customer else None

    @property
    def salutation(self) -> str | None:
        """Of the customer."""
        return self.customer.salutation if self.customer else None

    @property
    def phone(self) -> str | None:
        """Of the customer."""
        return self.customer.phone if self.customer else None


def _rows(day: Day, asked: FileReading) -> Iterator[FollowUpRow]:
    yield from _all_said(day, asked)
    for owner_id, one in _open(asked):
        if one.due_on == day.on and one.stage in (Stage.OVERDUE, Stage.TODAY):
            customer = one.customer.latest
            last = one.last
            yield FollowUpRow(owner_id, one.stage, customer, None, one.due_on, last, one.days_over)


def _all_said(day: Day, asked: FileReading) -> Iterator[FollowUpRow]:
    for message in day.messages:
        if message.kind in _KINDS and message.registration_id:
            yield _said(message, asked)


def _said(message: Message, asked: FileReading) -> FollowUpRow:
    outcome = Outcome(message.outcome) if message.outcome else None
    at = message.at or asked.now
    contact = Contact(at, outcome, message.days, message.reason, message.note)
    found = CustomerRegister(asked.db).find(Keys(registration_ids=(message.registration_id or "",)))
    customer = next((one for one in found if one.registration_id == message.registration_id), None)
    due_on = contact.due_on(asked.policy)
    kind = _KINDS[message.kind or ""]
    return FollowUpRow(message.staff_id or "", kind, customer, at, due_on, contact)


def _open(asked: FileReading) -> list[tuple[str, FollowUp]]:
    """Everything that is due by now, read once."""
    if asked.last < (asked.now - OPEN_FOR).date():
        return []
    if "follow_ups" not in asked.memo:
        asked.memo["follow_ups"] = [
            (owner_id, one)
            for owner_id in owners(asked.db)
            for one in follow_ups_of(asked.db, owner_id, asked.policy, asked.now)
        ]
    found: list[tuple[str, FollowUp]] = asked.memo["follow_ups"]
    return found


def _outcome(write: Writer, row: FollowUpRow) -> str:
    outcome = row.contact.outcome if row.contact else None
    return write.say(f"outcome_{outcome}") if outcome else ""


def _reason(_write: Writer, row: FollowUpRow) -> str:
    said = (row.contact.reason, row.contact.note) if row.contact else ()
    return " ".join(filter(None, said))


FOLLOW_UPS = RegisterSheet(
    "follow_ups",
    _rows,
    (
        SheetColumn("on", lambda write, row: write.on(row.at or row.due_on), width=11),
        SheetColumn("at", lambda write, row: write.time(row.at), width=7),
        SheetColumn("consultant", lambda write, row: write.name(row.owner_id)),
        VISITOR,
        PHONE,
        SheetColumn("state", lambda write, row: write.say(f"follow_up_{row.kind}"), width=10),
        SheetColumn("outcome", _outcome, width=14),
        SheetColumn("next_on", lambda write, row: write.on(row.due_on), width=11),
        SheetColumn("days_over", lambda _write, row: row.days_over or "", width=8),
        SheetColumn("reason", _reason, Mask.FREE, 30),
    ),
    lambda row: Parties(row.owner_id, row.owner_id),
    {"manager": Scope.ALL, "consultant": Scope.OWN},
    lambda row: (f"follow_up_{row.kind}",),
    shows_customers=True,
    is_signed=True,
)
SAID_OF_THEM = replace(FOLLOW_UPS, rows=_all_said)
"""Without what is open, for whoever only counts what was done."""
