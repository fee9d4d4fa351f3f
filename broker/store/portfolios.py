"""What a consultant entered and may still protect; the register itself is searched by keys."""

from datetime import datetime

from broker.rules.facts import Keys, Registration
from broker.store.moments import utc_text
from broker.store.register import CustomerRegister
from shared.database import Database


def entered_by(
    db: Database, consultant_id: str, since: datetime, until: datetime | None = None
) -> tuple[Registration, ...]:
    """A consultant's registrations last received in this span, earliest first.

    With each come the consultant's other entries of the same phone or plate.
    """
    last = "9999" if until is None else utc_text(until)
    ids = db.conn.execute(
        "select registration_id from registrations "
        "where consultant_id = ? and received_at >= ? and received_at < ?",
        [consultant_id, utc_text(since), last],
    )
    keys = Keys(registration_ids=tuple(name for (name,) in ids))
    found = CustomerRegister(db).find(keys) if keys.registration_ids else ()
    return tuple(
        registration for registration in found if registration.consultant_id == consultant_id
    )


def portfolio_stamp(db: Database, consultant_id: str, since: datetime) -> tuple[object, ...]:
    """What changes with every entry of this consultant, and with every reception."""
    found: tuple[object, ...] = db.conn.execute(
        "select count(*), max(received_at), max(rowid), count(phone), sum(is_overruled) "
        "from registrations "
        "where consultant_id = ? and received_at >= ?",
        [consultant_id, utc_text(since)],
    ).fetchone()
    return found
