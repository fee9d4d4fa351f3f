"""A visitor's data for their own page: read from the hub's file, changed only by messages."""

from datetime import datetime, timedelta
from typing import Any

from broker.console.own_view import Erasing, OwnLookUp, OwnRecord
from broker.handlers.context import Hub
from broker.local.post_box import PostBox
from broker.store.moments import utc_text
from shared.clock import Clock
from shared.codec import decode
from shared.database import Database
from shared.messages import CheckIn, Message

_PAGE = """select own_pages.*, check_ins.body, visits.host_id, visits.finished_at from own_pages
    join check_ins using (check_in_id) left join visits using (check_in_id)
    where page_key = ? and own_pages.opened_at >= ?"""


class OwnData:
    """See ``OwnPages``. Any thread may ask: each call reads for itself."""

    def __init__(self, hub: Hub, post_box: PostBox, clock: Clock) -> None:
        self._choices, self._clock, self._disk = hub.choices, clock, hub.disk
        self.post_box = post_box

    def record(self, page_key: str) -> OwnRecord | None:
        """See OwnPages."""
        since = utc_text(self._choices.policy.retention.before("own_pages", self._clock()))
        with self._disk.reading() as db:
            row = next(iter(db.query(_PAGE, [page_key, since])), None)
            return None if row is None else self._record(db, row)

    def post(self, message: Message) -> None:
        """See OwnPages."""
        self.post_box.post(message)

    def _record(self, db: Database, row: dict[str, Any]) -> OwnRecord:
        opened_at = datetime.fromisoformat(row["opened_at"])
        finished, names = row["finished_at"], self._choices.people.names()
        check_in = decode(CheckIn, row["body"].encode())
        return OwnRecord(
            check_in=check_in,
            surname=row["surname"],
            salutation=row["salutation"],
            phone=row["phone"],
            plate=row["plate"],
            named=names.get(check_in.named_consultant_id or "", check_in.named_text),
            family_named=names.get(check_in.family_consultant_id or "", check_in.family_text),
            host_name=names.get(row["host_id"] or ""),
            finished_at=datetime.fromisoformat(finished) if finished else None,
            looked_up=tuple(self._looked_up(db, row)),
            kept_until=opened_at + timedelta(days=self._choices.policy.retention.visits_days),
            erasing=_erasing(db, row["check_in_id"]),
        )

    def _looked_up(self, db: Database, row: dict[str, Any]) -> list[OwnLookUp]:
        """The look-ups since the visitor came: an earlier one may have been about somebody else."""
        rows = db.conn.execute(
            "select at, consultant_id from look_ups where (phone = ? or plate = ?) and at >= ? "
            "order by at",
            [row["phone"], row["plate"], row["opened_at"]],
        )
        roles = {person.id: person.roles for person in self._choices.people.staff}
        return [OwnLookUp(datetime.fromisoformat(at), roles.get(who, ())) for at, who in rows]


def _erasing(db: Database, check_in_id: str) -> Erasing | None:
    found = db.conn.execute(
        "select is_doubted from erasures where check_in_id = ? and done_at is null", [check_in_id]
    ).fetchone()
    if found is None:
        return None
    return Erasing.DOUBTED if found[0] else Erasing.DUE
