"""What owners said of calling their customers (回访), read from the messages."""

from collections import defaultdict
from datetime import datetime

import msgspec

from broker.rules.follow_ups import Contact
from broker.store.moments import utc_text
from shared.database import Database
from shared.messages import Outcome

_BODY = "iif(json_valid(body), body, '{}')"
_FOUND = (
    "select received_at, body from messages where kind = 'StaffReport' "
    f"and {_BODY} ->> '$.registration_id' is not null and {_BODY} ->> '$.staff_id' = ? "
    "and received_at >= ? order by received_at"
)
"""In the words of an index of its own (``contacts``), which holds just these."""


class _Contacted(msgspec.Struct, frozen=True):
    registration_id: str
    outcome: Outcome | None = None
    days: int | None = None
    reason: str | None = None
    note: str | None = None


def contacts_by(db: Database, staff_id: str, since: datetime) -> dict[str, list[Contact]]:
    """What this owner said since then, by registration, in order."""
    found: defaultdict[str, list[Contact]] = defaultdict(list)
    for at, body in db.conn.execute(_FOUND, [staff_id, utc_text(since)]):
        said = msgspec.json.decode(body, type=_Contacted)
        contact = Contact(
            datetime.fromisoformat(at), said.outcome, said.days, said.reason, said.note
        )
        found[said.registration_id].append(contact)
    return dict(found)


def contacts_stamp(db: Database, staff_id: str, since: datetime) -> tuple[object, ...]:
    """What changes with everything that this owner says."""
    counted = f"select count(*), max(received_at) from ({_FOUND})"
    found: tuple[object, ...] = db.conn.execute(counted, [staff_id, utc_text(since)]).fetchone()
    return found
