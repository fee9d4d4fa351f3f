"""Customers that came in a table: entered without counting, then all at once counting, or gone."""

from datetime import datetime

import msgspec

from broker.store.moments import utc_text
from shared.database import Database

START = "imp-"
"""How the id of an import begins, and so that of each of its registrations."""
_OF = "registration_id > ? and registration_id < ?"


def let_count(db: Database, import_id: str) -> int:
    """From now on the customers of this import count; how many they are."""
    sql = f"update registrations set is_overruled = 0 where {_OF}"
    return int(db.conn.execute(sql, _span(import_id)).rowcount)


def take_out(db: Database, import_id: str, since: datetime | None) -> int:
    """Forget the customers of this import but for those received since; how many they were.

    ``since`` None: none of them counted yet.
    """
    unreceived = "" if since is None else " and received_at <= ?"
    values = [*_span(import_id), *([] if since is None else [utc_text(since)])]
    gone = f"select registration_id from registrations where {_OF}{unreceived}"
    ids = [name for (name,) in db.conn.execute(gone, values)]
    plates = [
        plate
        for (plate,) in db.conn.execute(
            f"select distinct plate from registered_plates where registration_id in ({gone})",
            values,
        )
    ]
    for table in ("registered_plates", "overruled_keys", "customer_texts", "registrations"):
        db.conn.execute(f"delete from {table} where registration_id in ({gone})", values)
    # One walk over the look-alikes, however many plates there are: they are not found by plate.
    db.conn.execute(
        "delete from plate_skeletons where plate in (select value from json_each(?)) "
        "and plate not in (select plate from registered_plates)",
        [msgspec.json.encode(plates).decode()],
    )
    return len(ids)


def is_entered(db: Database, registration_id: str) -> bool:
    """Whether this row of an import was entered already."""
    sql = "select 1 from registrations where registration_id = ?"
    return db.conn.execute(sql, [registration_id]).fetchone() is not None


def _span(import_id: str) -> list[str]:
    return [f"{import_id}-", f"{import_id}-:"]
