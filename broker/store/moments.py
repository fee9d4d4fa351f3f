"""How the hub's file keeps moments: as text that sorts by time."""

from datetime import UTC, datetime


def utc_text(at: datetime) -> str:
    """``at`` as the file keeps it."""
    return at.astimezone(UTC).isoformat()
