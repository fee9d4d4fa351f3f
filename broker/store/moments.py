"""How the hub's file keeps moments: text that sorts by time."""

from datetime import UTC, datetime


def utc_text(at: datetime) -> str:
    """``at`` as the file keeps moments: they sort as text."""
    return at.astimezone(UTC).isoformat()
