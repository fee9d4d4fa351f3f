"""What the site chose, as the journal tells it: people, hours, house rules (设置)."""

import logging
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from broker.choices.changes import KeptChange, next_after, rows_at
from broker.choices.rows import STAFF, Row, SiteChoices, chosen_by, rows_of
from broker.journal.entries import open_read_only
from broker.journal.hub_file import when_forgetting
from broker.journal.past import latest_policy
from broker.local.questions import SettingsChange
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from shared.clock import Clock
from shared.database import Database
from shared.errors import BadValueError
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

FIRST_FILE = "site.toml"
"""The source of what a new site begins with."""
KIND = SettingsChange.__name__
"""Of the journal's entries with a change."""
# The kind stands in the statement, because only so its small index is used.
_CHANGES = "select seq, at, body from journal where kind = 'SettingsChange' order by seq"


def changes_in(db: Database | sqlite3.Connection) -> tuple[KeptChange, ...]:
    """Every change of the site's choices, in order."""
    connection = db.conn if isinstance(db, Database) else db
    return tuple(
        KeptChange(seq, datetime.fromisoformat(at), msgspec.json.decode(body, type=SettingsChange))
        for seq, at, body in connection.execute(_CHANGES)
    )


def chosen_in(path: Path, clock: Clock) -> SiteChoices | None:
    """What the site chose, by the hub's file; None: there is no file, or nothing is chosen yet.

    Raises:
        sqlite3.DatabaseError, msgspec.DecodeError: the file is damaged.
    """
    if not path.is_file():
        return None
    with closing(open_read_only(path)) as connection:
        db = Database(connection)
        policy = Policy(timezone=latest_policy(db).timezone)
        found = Choices(db, SiteChoices(_NOBODY, policy), clock)
    return found.now if found.kept else None


_NOBODY = SitePeople(staff=(), order=())


class Choices:
    """What the site chose. The hub's thread changes it; any thread may read what holds now."""

    def __init__(self, db: Database, seed: SiteChoices, clock: Clock) -> None:
        """``seed`` holds until the first change is entered; its time zone always does."""
        self._db, self._seed, self._clock = db, seed, clock
        self._is_stale = True
        self.kept: tuple[KeptChange, ...] = ()
        """Every change, in order."""
        self.is_begun_now = False
        """Whether this start entered what the files say as the first choices."""
        self._due_at: datetime | None = None
        self.now = seed
        """What holds; replaced by another value whenever that changes."""
        when_forgetting(db, self.look_again)
        self.step()

    @property
    def people(self) -> SitePeople:
        """Who works here, and what the house calls things."""
        return self.now.people

    @property
    def policy(self) -> Policy:
        """The house rules that hold."""
        return self.now.policy

    @property
    def touched(self) -> frozenset[str]:
        """The ids of the people whom a page or an import added or changed."""
        return frozenset(
            edit.row
            for one in self.kept
            for edit in one.change.edits
            if edit.section == STAFF and one.change.source != FIRST_FILE
        )

    def look_again(self) -> None:
        """The file may tell something else by now: read it at the next ``step``."""
        self._is_stale = True

    def step(self) -> bool:
        """Whether something else holds than at the last call."""
        moment = self._clock()
        is_due = self._due_at is not None and self._due_at <= moment
        if not (self._is_stale or is_due):
            return False
        if self._is_stale:
            self.kept, self._is_stale = changes_in(self._db), False
        before = self.now
        chosen = self.at(moment)
        self._due_at = next_after(self.kept, moment)
        if chosen != before:
            self.now = chosen
        return chosen != before

    def rows(self, at: datetime | None = None) -> dict[Row, object]:
        """The rows in force at ``at``, or now."""
        if not self.kept:
            return rows_of(self._seed)
        return rows_at(self.kept, at or self._clock())

    def at(self, moment: datetime) -> SiteChoices:
        """What holds at this moment, but for rows that this release can't take."""
        rows = rows_at(self.kept, moment)
        while rows:
            try:
                return self.made_of(rows)
            except BadValueError as error:
                log.warning("a setting is left out: %s", error)
                section, name, *_ = f"{error.sentence.values['field']}.".split(".")
                left = {row: rows[row] for row in rows if row != (section, name)}
                if len(left) == len(rows):  # not one row is to blame
                    left = {row: rows[row] for row in rows if row[0] != section}
                rows = left if len(left) < len(rows) else {}
        return self._seed

    def made_of(self, rows: dict[Row, object]) -> SiteChoices:
        """What ``rows`` make at this site.

        Raises:
            OperatorError: a value cannot hold; see ``chosen_by``.
        """
        return chosen_by(rows, self._seed.policy.timezone)

    def planned_after(self, at: datetime) -> Iterable[datetime]:
        """The moments after ``at`` when planned changes take effect, the earliest first."""
        moment = next_after(self.kept, at)
        while moment is not None:
            yield moment
            moment = next_after(self.kept, moment)
