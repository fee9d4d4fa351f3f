"""The pictures of defects, each with its case: as files in the hub's encrypted one."""

from datetime import datetime
from typing import NamedTuple

from broker.store.moments import utc_text
from shared.database import Database


class PictureRow(NamedTuple):
    """A picture that is kept, without what it shows."""

    picture_id: str
    at: datetime
    by: str | None
    """Who of the staff brought it; None: the visitor."""


class CasePictures:
    """Keeps them, finds them again."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of_case(self, case_id: str) -> tuple[PictureRow, ...]:
        """Those of this case, the earliest first."""
        found = self._db.conn.execute(
            "select picture_id, at, by from case_pictures where case_id = ? order by at, rowid",
            [case_id],
        )
        return tuple(
            PictureRow(name, datetime.fromisoformat(at), by) for name, at, by in found.fetchall()
        )

    def content(self, case_id: str, picture_id: str) -> bytes | None:
        """The JPEG file; None: this case has no such picture, or no longer."""
        found = self._db.conn.execute(
            "select content from case_pictures where case_id = ? and picture_id = ?",
            [case_id, picture_id],
        ).fetchone()
        return bytes(found[0]) if found else None

    def add(self, case_id: str, row: PictureRow, content: bytes) -> None:
        """Keep one more."""
        self._db.conn.execute(
            "insert into case_pictures (picture_id, case_id, at, by, content) "
            "values (?, ?, ?, ?, ?)",
            [row.picture_id, case_id, utc_text(row.at), row.by, content],
        )

    def drop(self, picture_id: str) -> None:
        """Keep it no longer."""
        self._db.conn.execute("delete from case_pictures where picture_id = ?", [picture_id])
