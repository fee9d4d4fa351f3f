"""A customer's card for whoever expects them (预约核对): what the host's own records tell."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from broker.console.plan_view import CardLine
from broker.journal.mentions import entries_that_mention
from broker.registers.of_visits import wish_line
from broker.registers.told import Message
from broker.registers.writer import Writer
from broker.rules.facts import Keys, Reception, Registration
from broker.rules.policy import Policy
from broker.rules.portfolio import received_since
from broker.rules.state import Expected
from broker.store.contacts import contacts_by
from broker.store.register import CustomerRegister
from broker.store.visits import Visits
from shared.database import Database
from shared.messages import ReportKind

_REPORT = "select body from journal where seq = ? and kind = 'StaffReport'"


def card_of(db: Database, plan: Expected, host_id: str, writer: Writer) -> Iterator[CardLine]:
    """What this host entered, heard and noted of the customer, the latest first.

    Nothing of a colleague's: reading that would be a look-up (R3).
    """
    keys = Keys(phone=plan.phone, plates=plan.plates)
    if not (plan.phone or plan.plates):
        return
    own = [one for one in CustomerRegister(db).find(keys) if one.consultant_id == host_id]
    received = [
        one for one in Visits(db).receptions(keys) if host_id in (one.owner_id, one.host_id)
    ]
    lines = [
        *_entries(own),
        *_calls(db, own, host_id, writer.teller.policy, writer.now),
        *_receptions(db, received, writer),
    ]
    yield from sorted(lines, key=lambda line: line.at, reverse=True)


def _entries(own: list[Registration]) -> Iterator[CardLine]:
    for entry in own:
        yield CardLine(entry.registered_at, "entered")


def _calls(
    db: Database, own: list[Registration], host_id: str, policy: Policy, now: datetime
) -> Iterator[CardLine]:
    said = contacts_by(db, host_id, received_since(policy, now)) if own else {}
    for entry in own:
        for contact in said.get(entry.registration_id, ()):
            note = " · ".join(filter(None, (contact.reason, contact.note)))
            yield CardLine(contact.at, "called", note, contact.outcome)


def _receptions(db: Database, received: list[Reception], writer: Writer) -> Iterator[CardLine]:
    for visit in received:
        wishes = [wish_line(writer, wish) for wish in _wishes(db, visit.visit_id)]
        yield CardLine(visit.arrived_at, "was_here", wishes[-1] if wishes else "")


def _wishes(db: Database, visit_id: str) -> Iterator[Message]:
    for seq in entries_that_mention(db, [visit_id]):
        found = db.conn.execute(_REPORT, [seq]).fetchone()
        told = msgspec.json.decode(found[0], type=Message) if found else None
        if told and told.kind == ReportKind.WISHES and told.visit_id == visit_id:
            yield told
