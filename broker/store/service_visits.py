"""Other visitors than customers (施工 送货 找人 物业): who is in, whom they came to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from broker.alerts.calls import Call, Saying, Value, part, word
from broker.rules.commands import Consultant
from broker.rules.match import consultants_meant
from broker.rules.policy import Policy
from broker.rules.state import MANAGER
from broker.site_file import SitePeople
from broker.store.moments import utc_text
from shared.messages import Level, ServiceVisit, ServiceVisitEnd


@dataclass(frozen=True, slots=True)
class OtherVisitor:
    """Another visitor, as the register (来访登记本) shows them."""

    service_visit_id: str
    kind: str
    name: str
    party_size: int
    whom: str | None
    number: str
    came_at: datetime
    left_at: datetime | None

    @property
    def label(self) -> Saying:
        """``送货 赵师傅（2 人，37 号）``."""
        return part(
            "other_visitor",
            kind=word(self.kind),
            name=self.name,
            count=str(self.party_size),
            number=self.number,
        )


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


def calls_when_coming(visitor: OtherVisitor, people: SitePeople) -> Iterator[Call]:
    """Tell the colleague whom they came to see; if there is none, the door."""
    meant = _meant(visitor.whom, people)
    to_see = part("to_see", whom=visitor.whom) if visitor.whom else ""
    fields: dict[str, Value] = {"who": visitor.label, "to_see": to_see}
    if meant is None:
        yield Call("other_came", role="door", level=Level.INFO, fields=fields)
    else:
        yield Call("asked_for", staff_id=meant, level=Level.INFO, fields=fields)


def calls_at_closing(still_in: tuple[OtherVisitor, ...], policy: Policy) -> Iterator[Call]:
    """The manager is told of everybody who did not sign out."""
    if not still_in:
        return
    names = tuple(
        part("came_at", who=visitor.label, time=_clock(policy, visitor.came_at))
        for visitor in still_in
    )
    yield Call("still_in", role=MANAGER, level=Level.INFO, fields={"names": names})


def _clock(policy: Policy, moment: datetime) -> str:
    return f"{policy.local(moment):%H:%M}"


def last_closing(policy: Policy, moment: datetime) -> datetime:
    """When the house last closed (R20) before ``moment``."""
    hours, minutes = map(int, policy.close.split(":"))
    closing = policy.midnight(moment) + timedelta(hours=hours, minutes=minutes)
    return closing if closing <= moment else closing - timedelta(days=1)


def _meant(whom: str | None, people: SitePeople) -> str | None:
    """The colleague whom the visitor named; None: nobody, or two share the name."""
    known = [Consultant(id=p.id, name=p.name) for p in people.staff if not p.has_left]
    meant = consultants_meant(known, whom) if whom else ()
    return meant[0].id if len(meant) == 1 else None
