"""What the nightly erasing did last, as the hub's file keeps it; it names nobody."""

from datetime import datetime

import msgspec

from shared.database import Database

_NOTED_AS = "hub:retention"
"""Among the troubles, as other things of which only the latest counts."""


class LastErasing(msgspec.Struct, frozen=True, kw_only=True):
    """The last night, or where a night is, as far as it got."""

    at: datetime
    erased: dict[str, int] = {}
    """How many people or rows went, by class."""
    is_complete: bool = True
    """Whether nothing is left over for the next night."""
    read_to: dict[str, int] = {}
    """By class, the last entry of the journal in which names were hidden."""
    is_swept: bool = True
    """Whether the disk is clean too."""
    written_anew_at: datetime | None = None


def last_erasing(db: Database) -> LastErasing | None:
    """What was done last; None: nothing yet."""
    found = db.conn.execute("select problem from troubles where gate_id = ?", [_NOTED_AS])
    row = found.fetchone()
    return msgspec.json.decode(row[0], type=LastErasing) if row else None


def note_erasing(db: Database, done: LastErasing) -> None:
    """Keep what was done."""
    row = (_NOTED_AS, msgspec.json.encode(done).decode())
    db.conn.execute("insert or replace into troubles values (?, ?)", row)
