"""What is kept for a time and then deleted, whoever it names: rows of the hub's file, by class."""

from collections.abc import Iterator
from datetime import datetime

from broker.journal import mentions
from broker.journal.entries import Journal
from broker.journal.steps import STEP
from broker.rules.retention import Retention
from broker.store.moments import utc_text
from shared.database import Database

PAGE = 100
"""Rows, or entries, that are taken in one go."""
_OLD_ALERTS = (
    "select alert_id from alerts where closed_at < :at or (closed_at is null and "
    "expires_at < :at_s) order by closed_at, alert_id limit :page"
)
_OLD_LOOK_UPS = "select rowid from look_ups where at < :at order by at limit :page"
_OLD_VISITORS = (
    "select service_visit_id from service_visits where came_at < :at and name != '' "
    "order by came_at limit :page"
)
_OLD_PICTURES = (
    "select picture_id from case_pictures left join cases using (case_id) "
    "where at < :at and not ifnull(is_open, 0) order by at limit :page"
)
"""Of a case on which nobody works any more."""
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "alerts",
        (
            f"delete from alert_groups where not is_open and group_id in (select group_id from "
            f"alerts where alert_id in ({_OLD_ALERTS}))",
            f"delete from cares where due_at is null and visit_id in (select visit_id from alerts "
            f"where alert_id in ({_OLD_ALERTS}))",
            f"delete from alerts where alert_id in ({_OLD_ALERTS})",
        ),
    ),
    (
        "look_ups",
        (
            f"delete from looked_up_registrations where look_up in ({_OLD_LOOK_UPS})",
            f"delete from look_ups where rowid in ({_OLD_LOOK_UPS})",
        ),
    ),
    (
        "other_visitors",
        (
            "update service_visits set name = '', whom = null, number = '' "
            f"where service_visit_id in ({_OLD_VISITORS})",
        ),
    ),
    (
        "case_pictures",
        (f"delete from case_pictures where picture_id in ({_OLD_PICTURES})",),
    ),
    (
        "rejected",
        (
            "delete from rejected where digest in "
            "(select digest from rejected where received_at < :at limit :page)",
        ),
    ),
    (
        "own_pages",
        (
            "delete from own_pages where page_key in "
            "(select page_key from own_pages where opened_at < :at limit :page)",
        ),
    ),
)
"""Of each class what is deleted; the last statement says how much it was."""


def delete_old(db: Database, retention: Retention, at: datetime) -> Iterator[tuple[str, int]]:
    """Delete a little at a time, and yield the class and how many rows it was; 0 at its end."""
    for kind, statements in ROWS:
        before = retention.before(kind, at)
        values = {"at": utc_text(before), "at_s": before.timestamp(), "page": PAGE}
        count = PAGE
        while count:
            for sql in statements:
                count = db.conn.execute(sql, values).rowcount
            yield kind, count


def _of_look_up(_db: Database, seq: int, kind: str, _subject: str, body: str) -> list[int]:
    is_decision = kind == STEP and body.startswith('{"command":{"type":"LookUp"')
    return [seq] if kind == "LookUp" or is_decision else []


def _of_other_visitor(db: Database, seq: int, kind: str, subject: str, _body: str) -> list[int]:
    """The entry of their coming, and who was told of it."""
    told = mentions.entries_that_mention(db, [subject]) if kind == "ServiceVisit" else []
    return [seq, *told] if kind == "ServiceVisit" else []


def _of_alert(_db: Database, seq: int, kind: str, _subject: str, body: str) -> list[int]:
    """One about several visitors, by name only; one about a single visitor goes with them."""
    return [seq] if kind == "alert" and body.startswith('{"visit_id":"none"') else []


_FOUND = {"look_ups": _of_look_up, "other_visitors": _of_other_visitor, "alerts": _of_alert}
"""By class: the entries to be hidden with this one; none, if it is of another class."""
NAMED = tuple(_FOUND)


class NamedEntries:
    """Entries of the journal with names that no phone or plate leads to: read once, in order."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._db, self._journal = db, journal

    def old(self, kind: str, after: int, before: datetime) -> Iterator[tuple[int, list[int]]]:
        """Each entry after number ``after`` until the moment ``before``, and those to be hidden."""
        find = _FOUND[kind]
        while page := self._page(after):
            for seq, at, entry_kind, subject, body in page:
                if datetime.fromisoformat(at) >= before:
                    return
                yield seq, find(self._db, seq, entry_kind, subject, body)
                after = seq

    def _page(self, after: int) -> list[tuple[int, str, str, str, str]]:
        return self._db.conn.execute(
            "select seq, at, kind, subject_id, body from journal "
            "where seq > ? order by seq limit ?",
            [after, PAGE],
        ).fetchall()
