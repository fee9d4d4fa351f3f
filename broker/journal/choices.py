"""What the site chose, as the journal tells it: people, hours, house rules (设置)."""

import logging
from collections.abc import Iterable, Iterator
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
        self._left_out: dict[Row, object] = {}
        self.troubles: tuple[BadValueError, ...] = ()
        """Why rows of the journal are left out, if this release can't take some."""
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
        chosen, self._left_out = self._taken_at(moment)
        self._due_at = next_after(self.kept, moment)
        if chosen != before:
            self.now = chosen
        return chosen != before

    def rows(self, at: datetime | None = None) -> dict[Row, object]:
        """The rows in force at ``at``, or now, without those that this release can't take."""
        if not self.kept:
            return rows_of(self._seed)
        rows, left_out = rows_at(self.kept, at or self._clock()), self._left_out
        return {row: rows[row] for row in rows if left_out.get(row, ...) != rows[row]}

    def _taken_at(self, moment: datetime) -> tuple[SiteChoices, dict[Row, object]]:
        """What holds at this moment, and the rows that this release can't take."""
        found = rows_at(self.kept, moment)
        rows = self._taken({}, found)
        if len(rows) < len(found):
            rows = self._taken(rows, found)  # what fits only beside a row that came later
        left_out = {row: found[row] for row in found if row not in rows}
        self.troubles = tuple(self._troubles(rows, left_out))
        return self.made_of(rows) if rows else self._seed, left_out

    def _troubles(
        self, rows: dict[Row, object], left_out: dict[Row, object]
    ) -> Iterator[BadValueError]:
        """Why each of the rows ``left_out`` has no place beside ``rows``."""
        for row, value in left_out.items():
            try:
                self.made_of({**rows, row: value})
            except BadValueError as error:
                log.warning("a setting is left out: %s", error)
                yield error

    def _taken(self, rows: dict[Row, object], more: dict[Row, object]) -> dict[Row, object]:
        """``rows`` and whatever of ``more`` can be taken beside them."""
        try:
            self.made_of(both := {**rows, **more})
        except BadValueError:
            if len(more) < 2:  # it alone is to blame
                return rows
        else:
            return both
        half = [*more.items()][: len(more) // 2]
        rest = {row: value for row, value in more.items() if row not in dict(half)}
        return self._taken(self._taken(rows, dict(half)), rest)

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
