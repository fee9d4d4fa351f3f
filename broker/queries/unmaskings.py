"""Who saw a visitor's phone and plate in full, and why, as the journal keeps it."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from broker.console.patterns_view import Unmasking
from broker.journal.mentions import entries_that_mention
from broker.local.questions import Unmask
from shared.database import Database

_FOUND = "select at, body from journal where kind = 'Unmask' and"


def of_visit(db: Database, visit_id: str) -> Iterator[Unmasking]:
    """Who saw this visitor's, the earliest first."""
    for seq in entries_that_mention(db, [visit_id]):
        for row in db.conn.execute(f"{_FOUND} seq = ?", [seq]).fetchall():
            yield _unmasking(*row)


def between(db: Database, start: int, end: int) -> Iterator[Unmasking]:
    """Those of the entries from ``start`` on, before ``end``."""
    for row in db.conn.execute(f"{_FOUND} seq >= ? and seq < ? order by seq", [start, end]):
        yield _unmasking(*row)


def _unmasking(at: str, body: str) -> Unmasking:
    asked = msgspec.json.decode(body, type=Unmask)
    moment = datetime.fromisoformat(at)
    return Unmasking(moment, asked.staff_id, asked.visit_id, asked.reason)
