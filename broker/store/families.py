"""Phones and plates that belong to one family: who is linked to whom, also by way of a third."""

from collections.abc import Iterable

import msgspec

from broker.rules.events import Event, FamilyLinked
from shared.database import Database

LINKED_AT_MOST = 20


class Families:
    """The rows of ``family_links``, which follow the rules' events."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def note(self, event: Event) -> None:
        """Keep that these phones and plates belong to one family."""
        if not isinstance(event, FamilyLinked):
            return
        pairs = [(key, other) for key in event.keys for other in event.others]
        self._db.conn.executemany(
            "insert or ignore into family_links values (?, ?)",
            [*pairs, *((other, key) for key, other in pairs)],
        )

    def linked(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The family's other phones and plates."""
        known = tuple(keys)
        if not known:
            return ()
        rows = self._db.conn.execute(
            """with recursive family(key) as (select value from json_each(?)
            union select other from family_links join family using (key) limit ?)
            select key from family""",
            [msgspec.json.encode(known).decode(), LINKED_AT_MOST],
        )
        return tuple(key for (key,) in rows if key not in known)
