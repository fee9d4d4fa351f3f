"""What a consultant entered and may still protect; the register itself is searched by keys."""

from datetime import datetime

from broker.journal.chain import ERASED
from broker.rules.facts import Keys, Registration
from broker.store.moments import utc_text
from broker.store.register import CustomerRegister
from broker.store.registration_rows import COLUMNS, registrations_of
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


def received_by(db: Database, consultant_id: str, since: datetime) -> tuple[Registration, ...]:
    """A consultant's registrations last received since then, and no others of the same people."""
    rows = db.conn.execute(
        f"select {COLUMNS} from registrations where consultant_id = ? and received_at >= ? "
        "order by registered_at, entry, registration_id",
        [consultant_id, utc_text(since)],
    )
    return registrations_of(db, rows)


def portfolio_stamp(db: Database, consultant_id: str, since: datetime) -> tuple[object, ...]:
    """What changes with every entry of this consultant, and with everything that befalls one.

    Only rulings on some of its keys and erasures are not in it: see ``rulings_stamp``.
    """
    found: tuple[object, ...] = db.conn.execute(
        "select count(*), max(received_at), max(rowid), count(phone), sum(is_overruled), "
        "sum(is_held), sum(is_unreceived) from registrations "
        "where consultant_id = ? and received_at >= ?",
        [consultant_id, utc_text(since)],
    ).fetchone()
    return found


def rulings_stamp(db: Database) -> tuple[object, ...]:
    """What changes with every ruling on keys of anybody's entries, and with every erasure."""
    found: tuple[object, ...] = db.conn.execute(
        "select (select count(*) from overruled_keys), "
        f"(select max(seq) from journal where kind = '{ERASED}')"
    ).fetchone()
    return found
