"""What the handlers work with: the hub's parts, and how an alert is raised and closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from broker.journal import Journal
from broker.office import Office
from broker.people import SitePeople
from broker.presence import Presence
from broker.register import Register
from broker.rules.alerts import Call, Guest, spoken
from broker.rules.match import spellings
from broker.store import RaisedAlert, Store
from broker.visits import Visits
from shared.clock import Clock
from shared.codec import to_json
from shared.ids import new_id
from shared.messages import (
    Alert,
    AlertClosed,
    CloseReason,
    Level,
    Message,
    Roster,
    RosterEntry,
    Say,
)
from shared.outbox import Outbox

ALERT_LIFE = timedelta(minutes=10)
ACK_WITHIN = timedelta(minutes=2)
"""R23: the first in line must be at his post within two minutes."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything a handler may touch."""

    store: Store
    visits: Visits
    register: Register
    office: Office
    journal: Journal
    outbox: Outbox
    presence: Presence
    clock: Clock
    people: SitePeople

    def roster(self) -> Roster:
        """The consultants whom a visitor may name."""
        consultants = tuple(
            RosterEntry(
                consultant_id=person.id,
                name=person.name,
                spellings=tuple(sorted(spellings(person.name))),
            )
            for person in self.people.staff
            if "consultant" in person.roles
        )
        return Roster(consultants=consultants, sent_at=self.clock())

    def roles_of(self, staff_id: str) -> tuple[str, ...]:
        """The posts this person holds; none for a stranger."""
        return next((one.roles for one in self.people.staff if one.id == staff_id), ())


def raise_alert(hub: Hub, visit_id: str, call: Call, guest: Guest) -> Iterator[Message]:
    """Raise one alert and note it; the messages that ring and that say it."""
    moment = hub.clock()
    is_claimed = call.level is not Level.INFO
    alert = Alert(
        alert_id=new_id(moment),
        visit_id=visit_id,
        role=call.role,
        staff_id=call.staff_id,
        level=call.level,
        title=call.title,
        text=call.text,
        speech=spoken(call, guest),
        plate=guest.plate,
        actions=("claim",) if is_claimed else (),
        raised_at=moment,
        ack_due_at=moment + ACK_WITHIN if call.is_host_call else None,
        expires_at=moment + ALERT_LIFE,
        needs_claim=is_claimed,
    )
    hub.store.add_alert(alert, is_host_call=call.is_host_call)
    hub.journal.append("alert", alert.alert_id, to_json(alert), moment)
    yield alert
    yield Say(role=call.role, staff_id=call.staff_id, text=call.text)


def close_alert(
    hub: Hub, raised: RaisedAlert, reason: CloseReason, by_staff_id: str | None = None
) -> AlertClosed:
    """End an alert and note it; the message that silences the phones."""
    closed = AlertClosed(
        alert_id=raised.alert.alert_id,
        visit_id=raised.alert.visit_id,
        reason=reason,
        by_staff_id=by_staff_id,
        by_name=hub.people.names().get(by_staff_id or ""),
        closed_at=hub.clock(),
    )
    hub.store.close_alert(closed)
    hub.journal.append("alert_closed", closed.alert_id, to_json(closed), closed.closed_at)
    return closed
