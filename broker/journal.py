"""The journal: what happened, in order, append-only; each entry hashes the one before."""

import hashlib
from datetime import datetime

from sqlite_utils import Database

FIRST_HASH = "0" * 64


class Journal:
    """Writes entries into the hub's file, inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def holds(self, kind: str, subject_id: str) -> bool:
        """Whether ``kind`` was noted of ``subject_id``; it may take long, for what is rare."""
        known = self._db.table("journal").count_where(
            "kind = ? and subject_id = ?", [kind, subject_id]
        )
        return known > 0

    def append(self, kind: str, subject_id: str, body: bytes, at: datetime) -> None:
        """Note that ``kind`` happened to ``subject_id``; ``body`` is its JSON."""
        last = next(self._db.query("select seq, hash from journal order by seq desc limit 1"), None)
        previous = str(last["hash"]) if last else FIRST_HASH
        entry = {
            "seq": int(last["seq"]) + 1 if last else 1,
            "at": at.isoformat(),
            "kind": kind,
            "subject_id": subject_id,
            "body": body.decode(),
        }
        text = "\n".join([previous, *(str(value) for value in entry.values())])
        digest = hashlib.sha256(text.encode()).hexdigest()
        self._db.table("journal").insert(entry | {"previous": previous, "hash": digest})
