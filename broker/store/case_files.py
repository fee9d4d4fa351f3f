"""The rows of cases (事项): what was said, how each stands, what was done; a JSON text each."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from broker.rules.cases import Act, CaseLife, State
from broker.store.moments import utc_text
from shared.database import Database


class CaseTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody told when the case was opened."""

    text: str
    note: str | None = None
    """What they wish."""
    name: str | None = None
    phone: str | None = None
    place: str | None = None
    by: str | None = None
    """Who of the staff entered it; None: the visitor."""


class Deed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was done."""

    act: Act
    at: datetime
    by: str
    note: str | None = None
    by_when: datetime | None = None


class CaseFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case with everything that belongs to it."""

    number: str
    """For people: ``1123-01``."""
    case: CaseLife
    said: CaseTold
    deeds: tuple[Deed, ...] = ()


class Cases:
    """Keeps them, finds them again."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, case_id: str) -> CaseFile | None:
        """The case of this id."""
        return next(self._read("where case_id = ?", case_id), None)

    def open_ones(self) -> Iterator[CaseFile]:
        """Those on which somebody still works, the earliest first."""
        return self._read("where is_open order by opened_at, case_id")

    def latest(self, most: int) -> Iterator[CaseFile]:
        """The latest that are over."""
        return self._read("where not is_open order by opened_at desc, case_id desc limit ?", most)

    def between(self, start: datetime, end: datetime) -> Iterator[CaseFile]:
        """Those opened from ``start`` on, before ``end``; the earliest first."""
        return self._read(
            "where opened_at >= ? and opened_at < ? order by opened_at, case_id",
            utc_text(start),
            utc_text(end),
        )

    def save(self, file: CaseFile) -> None:
        """Keep the case as it is now."""
        case, said = file.case, file.said
        is_open = case.state is not State.CLOSED
        body = msgspec.json.encode(file).decode()
        row = (case.case_id, case.kind, utc_text(case.opened_at), said.phone, is_open, body)
        self._db.conn.execute(
            "insert into cases (case_id, kind, opened_at, phone, is_open, body) "
            "values (?, ?, ?, ?, ?, ?) on conflict do update set is_open = excluded.is_open, "
            "phone = excluded.phone, body = excluded.body",
            row,
        )

    def told(self, case_id: str) -> str:
        """Of which broken promises somebody was told."""
        found = self._db.conn.execute("select told from cases where case_id = ?", [case_id])
        (text,) = found.fetchone()
        return str(text or "")

    def tell(self, case_id: str, told: str) -> None:
        """Note of which broken promises somebody was told."""
        self._db.conn.execute("update cases set told = ? where case_id = ?", [told, case_id])

    def lives(self, kind: str, start: datetime) -> Iterator[CaseLife]:
        """How those of this kind stand that were opened since ``start``."""
        rows = self._read("where kind = ? and opened_at >= ?", kind, utc_text(start))
        return (file.case for file in rows)

    def _read(self, where: str, *values: object) -> Iterator[CaseFile]:
        rows = self._db.conn.execute(f"select body from cases {where}", values)
        for (body,) in rows.fetchall():
            yield msgspec.json.decode(body, type=CaseFile)


def with_deed(file: CaseFile, case: CaseLife, deed: Deed) -> CaseFile:
    """The file after ``deed`` made its case what it is now."""
    return replace(file, case=case, deeds=(*file.deeds, deed))
