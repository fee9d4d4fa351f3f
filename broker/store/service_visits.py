"""The rows of other visitors than customers (施工 送货 找人 物业): who came, who is still in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from broker.alerts.other_visitors import OtherVisitor
from broker.store.moments import utc_text
from shared.database import Database
from shared.messages import ServiceVisit, ServiceVisitEnd


class OtherVisitors:
    """Their rows. Coming and leaving are noted apart: two tablets may report them in any order."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def came(self, visit: ServiceVisit) -> bool:
        """Note who came; False if it was noted before."""
        row = (visit.service_visit_id, visit.kind, visit.name, visit.party_size, visit.whom)
        return self._insert(
            "insert or ignore into service_visits values (?, ?, ?, ?, ?, ?, ?, 0)",
            (*row, visit.number, utc_text(visit.came_at)),
        )

    def left(self, end: ServiceVisitEnd) -> bool:
        """Note that they left; False if it was noted before."""
        return self._insert(
            "insert or ignore into service_visit_ends values (?, ?)",
            (end.service_visit_id, utc_text(end.left_at)),
        )

    def find(self, service_visit_id: str) -> OtherVisitor | None:
        """The visitor of this id; None if their coming was not reported yet."""
        return next(self._read("service_visit_id = ?", service_visit_id), None)

    def since(self, moment: datetime) -> tuple[OtherVisitor, ...]:
        """Everybody who is in, and everybody who came since ``moment``; the latest first."""
        where = "left_at is null or came_at >= ? order by came_at desc"
        return tuple(self._read(where, utc_text(moment)))

    def between(self, start: datetime, end: datetime) -> Iterator[OtherVisitor]:
        """Everybody who came from ``start`` on, before ``end``; the earliest first."""
        where = "came_at >= ? and came_at < ? order by came_at, service_visit_id"
        return self._read(where, utc_text(start), utc_text(end))

    def still_in(self, closing: datetime) -> tuple[OtherVisitor, ...]:
        """Who came before ``closing`` and did not leave; each visitor is returned only once."""
        untold = "is_told = 0 and came_at < ?"
        if not self._db.conn.execute(
            f"select 1 from service_visits where {untold} limit 1", [utc_text(closing)]
        ).fetchone():
            return ()
        found = self._read(f"left_at is null and {untold} order by came_at", utc_text(closing))
        still_in = tuple(found)
        self._db.conn.execute(
            f"update service_visits set is_told = 1 where {untold}", [utc_text(closing)]
        )
        return still_in

    def _insert(self, sql: str, row: tuple[object, ...]) -> bool:
        return self._db.conn.execute(sql, row).rowcount > 0

    def _read(self, where: str, *values: Any) -> Iterator[OtherVisitor]:
        rows = self._db.conn.execute(
            "select service_visit_id, kind, name, party_size, whom, number, came_at, left_at "
            "from service_visits left join service_visit_ends using (service_visit_id) "
            f"where {where}",
            values,
        )
        return (OtherVisitor(*row[:-2], *map(_moment, row[-2:])) for row in rows)


def _moment(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None
