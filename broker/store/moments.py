"""How the hub's file keeps moments: as text that sorts by time."""

from datetime import UTC, datetime

from broker.rules.events import ClockSet
from shared.database import Database


def utc_text(at: datetime) -> str:
    """``at`` as the file keeps it."""
    return at.astimezone(UTC).isoformat()


def move_moments(db: Database, table: str, column: str, event: ClockSet) -> None:
    """Move what the wrong clock told in this column along with the clock."""
    since = utc_text(event.since)
    rows = db.conn.execute(
        f"select rowid, {column} from {table} where {column} >= ?", [since]
    ).fetchall()
    db.conn.executemany(
        f"update {table} set {column} = ? where rowid = ?",
        [(utc_text(event.moved(datetime.fromisoformat(at))), row) for row, at in rows],
    )
