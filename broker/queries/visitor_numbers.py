"""The numbers that tablets gave to visitors, by which the hall calls them."""

from datetime import datetime

from broker.store.moments import utc_text
from shared.database import Database


def visitor_numbers(db: Database, since: datetime) -> dict[str, str]:
    """What the visitors since then were given, by check-in."""
    found = db.conn.execute(
        "select check_in_id, json_extract(body, '$.visitor_number') from visits "
        "join check_ins using (check_in_id) where opened_at >= ?",
        [utc_text(since)],
    )
    return {check_in_id: number for check_in_id, number in found if number}
