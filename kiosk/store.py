"""The kiosk's own SQLite file: numbers given, known consultants, service visitors, the site's
texts."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from kiosk.site_texts import SiteTexts
from kiosk.small_file import SmallFile
from shared.codec import decode, to_json
from shared.database import Database
from shared.messages import Roster
from shared.migrations import Migrations

NUMBERS = range(1000, 10_000)
"""Short enough to remember; drawn at random, so that nobody guesses another's."""
FORGOTTEN_AFTER = timedelta(hours=18)
"""Whoever forgot to sign out counts as gone by the next morning; the hub knows they did not."""


migrations = Migrations("kiosk")


@migrations()
def create_tables(db: Database) -> None:
    """Release 0.5; an older file, which kept no list of its steps, has some of them already."""
    db.table("counter").create({"name": str, "value": int}, pk="name", if_not_exists=True)
    db.table("roster").create({"id": int, "body": bytes}, pk="id", if_not_exists=True)
    db.table("site_texts").create({"id": int, "body": bytes}, pk="id", if_not_exists=True)
    inside = {"number": str, "service_visit_id": str, "came_at": str}
    db.table("inside").create(inside, pk="number", if_not_exists=True)


class Store:
    """What a kiosk must still know after a restart without a network. For any thread."""

    def __init__(self, db: Database, refused: Path | None = None) -> None:
        """``refused``: see ``SmallFile``."""
        self._file = SmallFile(db, refused)
        self._lock = self._file.lock
        migrations.bring_up(db)

    def save(self) -> None:
        """Write what is in memory only to the disk, if it works again."""
        self._file.save()

    @property
    def _db(self) -> Database:
        return self._file.db

    def next_seq(self) -> int:
        """The next number for a message of this kiosk, from 1, never given twice."""
        return self._count("seq")

    def use_link(self, token: str) -> bool:
        """Whether the link with this token lets a tablet in for the first time."""
        return self._count(f"link {hashlib.sha256(token.encode()).hexdigest()[:16]}") == 1

    def _count(self, name: str) -> int:
        raised = (
            "insert into counter (name, value) values (?, 1) "
            "on conflict (name) do update set value = value + 1 returning value"
        )
        return self._file.write(lambda: int(self._db.conn.execute(raised, [name]).fetchone()[0]))

    def roster(self) -> Roster | None:
        """The roster kept last; None before the first."""
        with self._lock:
            rows = list(self._db.query("select body from roster where id = 1"))
        return decode(Roster, rows[0]["body"]) if rows else None

    def keep_roster(self, roster: Roster) -> None:
        """Replace the roster."""
        row = {"id": 1, "body": to_json(roster)}
        self._file.write(lambda: self._db.table("roster").upsert(row, pk="id"))

    def site_texts(self) -> SiteTexts:
        """The texts kept last; the catalogue's before the first."""
        with self._lock:
            rows = list(self._db.query("select body from site_texts where id = 1"))
        return msgspec.json.decode(rows[0]["body"], type=SiteTexts) if rows else SiteTexts()

    def keep_site_texts(self, texts: SiteTexts) -> None:
        """Replace the texts."""
        row = {"id": 1, "body": msgspec.json.encode(texts)}
        self._file.write(lambda: self._db.table("site_texts").upsert(row, pk="id"))

    def number_for(self, service_visit_id: str, moment: datetime) -> str:
        """A number that nobody else inside has, kept with the visit's id and nothing else.

        Raises:
            IndexError: 9000 are in.
        """
        return self._file.write(partial(self._number_for, service_visit_id, moment))

    def _number_for(self, service_visit_id: str, moment: datetime) -> str:
        oldest = (moment - FORGOTTEN_AFTER).isoformat()
        self._db.conn.execute("delete from inside where came_at < ?", [oldest])
        taken = {row["number"] for row in self._db.query("select number from inside")}
        number = secrets.choice([str(free) for free in NUMBERS if str(free) not in taken])
        row = (number, service_visit_id, moment.isoformat())
        self._db.conn.execute("insert into inside values (?, ?, ?)", row)
        return number

    def inside(self, number: str, moment: datetime) -> str | None:
        """The id of the service visit with this number; None: nobody inside has it."""
        asked = "select service_visit_id from inside where number = ? and came_at >= ?"
        with self._lock:
            rows = list(self._db.query(asked, [number, (moment - FORGOTTEN_AFTER).isoformat()]))
        return str(rows[0]["service_visit_id"]) if rows else None

    def inside_count(self, moment: datetime) -> int:
        """How many are in."""
        asked = "select count(*) as inside from inside where came_at >= ?"
        with self._lock:
            rows = list(self._db.query(asked, [(moment - FORGOTTEN_AFTER).isoformat()]))
        return int(rows[0]["inside"])

    def forget_inside(self, number: str) -> None:
        """Delete the number of a visitor who left."""
        left = "delete from inside where number = ?"
        self._file.write(lambda: self._db.conn.execute(left, [number]))
