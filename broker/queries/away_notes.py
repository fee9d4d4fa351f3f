"""Why people are away, in their own words."""

from datetime import datetime

from broker.store.moments import utc_text
from broker.store.readable import readable
from shared.database import Database
from shared.messages import ReportKind, StaffReport


def away_notes(db: Database, since: datetime) -> dict[str, str]:
    """By staff id, the reason that each person last gave since then for being away."""
    rows = db.conn.execute(
        "select body from messages where kind = ? and received_at >= ? order by rowid",
        [StaffReport.__name__, utc_text(since)],
    )
    return {
        report.staff_id: report.note or ""
        for report in readable(StaffReport, (body for (body,) in rows))
        if report.kind is ReportKind.AWAY
    }
