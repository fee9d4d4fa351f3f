"""What the hub remembers, in SQLite. The hub is the only writer."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database
from sqlite_utils.db import NotFoundError

from broker.people import KnownCustomer
from broker.register import Register, Registration
from broker.rules.decide import Registered
from broker.rules.rotation import Rotation
from broker.schema import migrate
from shared.clock import local_day
from shared.codec import decode, to_json
from shared.ids import new_id
from shared.messages import Alert, AlertClosed, Arrival, CheckIn

REJECTED_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One party's visit (到访), from the car at the gate or from the tablet on."""

    visit_id: str
    opened_at: str
    arrival_id: str | None = None
    check_in_id: str | None = None
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None
    owner_id: str | None = None
    host_id: str | None = None
    rule: str | None = None
    is_turn_used: bool = False
    flags: str = ""
    why: str = ""
    claimed_by: str | None = None
    claimed_at: str | None = None

    @property
    def name(self) -> str | None:
        """``张女士``, None while the surname is unknown."""
        return f"{self.surname}{self.salutation or ''}" if self.surname else None


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert as it was sent, and whether taking it means receiving the visitor."""

    alert: Alert
    is_host_call: bool
    closed: AlertClosed | None


class Store:
    """Reads facts for the rules, records what was decided."""

    def __init__(self, db: Database, zone: ZoneInfo) -> None:
        self.db = db
        self._zone = zone
        self.register = Register(db)
        migrate(db)

    # Arrivals and check-ins

    def add_arrival(self, arrival: Arrival, received_at: datetime, *, is_late: bool) -> bool:
        """Keep ``arrival``; False when it was kept before (QoS 1 may deliver twice)."""
        row = {
            "arrival_id": arrival.arrival_id,
            "gate_id": arrival.gate_id,
            "plate": arrival.plate,
            "seen_at": arrival.seen_at.isoformat(),
            "received_at": received_at.isoformat(),
            "late": is_late,
            "body": to_json(arrival).decode(),
        }
        return self._insert_new("arrivals", row)

    def add_check_in(self, check_in: CheckIn, received_at: datetime, *, is_late: bool) -> bool:
        """Keep ``check_in``; False when it was kept before."""
        row = {
            "check_in_id": check_in.check_in_id,
            "kiosk_id": check_in.kiosk_id,
            "checked_in_at": check_in.checked_in_at.isoformat(),
            "received_at": received_at.isoformat(),
            "late": is_late,
            "body": to_json(check_in).decode(),
        }
        return self._insert_new("check_ins", row)

    def check_ins_since(self, kiosk_id: str, moment: datetime) -> list[CheckIn]:
        """What this tablet sent since ``moment`` and was not late."""
        rows = self.db.table("check_ins").rows_where(
            "kiosk_id = ? and received_at >= ? and late = 0", [kiosk_id, moment.isoformat()]
        )
        return [decode(CheckIn, row["body"].encode()) for row in rows]

    # Visits

    def save_visit(self, visit: Visit) -> None:
        """Keep ``visit`` as it now stands."""
        self.db.table("visits").upsert(asdict(visit), pk="visit_id")

    def visit(self, visit_id: str) -> Visit:
        """The visit of this id.

        Raises:
            NotFoundError: there is none.
        """
        return visit_from(self.db.table("visits").get(visit_id))

    def visit_of_check_in(self, check_in_id: str) -> Visit | None:
        """The visit that this check-in belongs to."""
        return self._first_visit("check_in_id = ?", [check_in_id])

    def visit_waiting_for(self, check_in: CheckIn, since: datetime) -> Visit | None:
        """The car's visit that this check-in completes: the same arrival, else the same plate."""
        return self._first_visit(
            "check_in_id is null and opened_at >= ? and (arrival_id = ? or plate = ?)",
            [since.isoformat(), check_in.arrival_id, check_in.plate],
        )

    # Customers and the line

    def registered(self, *, phone: str | None, plate: str | None) -> tuple[Registered, ...]:
        """The customers with this phone or exactly this plate, earliest first (R1)."""
        return tuple(
            Registered(
                consultant_id=one.consultant_id,
                received_on=local_day(one.registered_at, self._zone),
                surname=one.surname,
                salutation=one.salutation,
            )
            for one in self.register.find(phone=phone, plate=plate)
        )

    def add_known(self, customers: Iterable[KnownCustomer]) -> None:
        """Enter the customers of ``site.toml``, once: on a file that has none yet."""
        if not self.register.is_empty:
            return
        for customer in customers:
            at = customer.at if customer.at.tzinfo else customer.at.replace(tzinfo=self._zone)
            self.register.add(
                Registration(
                    registration_id=new_id(at),
                    consultant_id=customer.consultant,
                    registered_at=at,
                    surname=customer.surname,
                    salutation=customer.salutation,
                    phone=customer.phone,
                    plates=customer.plates,
                )
            )

    def rotation(self) -> Rotation:
        """The line as it stands."""
        rows = self.db.table("rotation").rows_where(order_by="place")
        return Rotation(tuple(row["consultant_id"] for row in rows))

    def save_rotation(self, rotation: Rotation) -> None:
        """Keep the line."""
        rows = [{"consultant_id": one, "place": at} for at, one in enumerate(rotation.queue)]
        self.db.table("rotation").delete_where()
        self.db.table("rotation").insert_all(rows)

    # Alerts

    def add_alert(self, alert: Alert, *, is_host_call: bool) -> None:
        """Keep a raised alert."""
        self.db.table("alerts").insert(
            {
                "alert_id": alert.alert_id,
                "visit_id": alert.visit_id,
                "role": alert.role,
                "staff_id": alert.staff_id,
                "is_host_call": is_host_call,
                "expires_at": alert.expires_at.timestamp(),
                "body": to_json(alert).decode(),
                "closed": None,
                "closed_at": None,
            }
        )

    def alert(self, alert_id: str) -> RaisedAlert | None:
        """The alert of this id, None when it was never raised."""
        try:
            return _raised(self.db.table("alerts").get(alert_id))
        except NotFoundError:
            return None

    def open_alerts(self, visit_id: str) -> list[RaisedAlert]:
        """The visit's alerts that nobody has taken and that are not over."""
        rows = self.db.table("alerts").rows_where("visit_id = ? and closed_at is null", [visit_id])
        return [_raised(row) for row in rows]

    def expired_alerts(self, moment: datetime) -> list[RaisedAlert]:
        """Open alerts past their time."""
        rows = self.db.table("alerts").rows_where(
            "closed_at is null and expires_at <= ?", [moment.timestamp()]
        )
        return [_raised(row) for row in rows]

    def alerts_for(
        self, staff_id: str, roles: Iterable[str], closed_since: datetime
    ) -> list[RaisedAlert]:
        """What this person's handheld must know: open alerts, and those closed of late."""
        names = [staff_id, *roles]
        marks = ",".join("?" * (len(names) - 1)) or "null"
        rows = self.db.table("alerts").rows_where(
            f"(closed_at is null or closed_at >= ?) and (staff_id = ? or role in ({marks}))",
            [closed_since.isoformat(), *names],
        )
        return [_raised(row) for row in rows]

    def close_alert(self, closed: AlertClosed) -> None:
        """Note that an alert is over."""
        self.db.table("alerts").update(
            closed.alert_id,
            {"closed": to_json(closed).decode(), "closed_at": closed.closed_at.isoformat()},
        )

    # What could not be used

    def reject(self, topic: str, payload: bytes, reason: str, received_at: datetime) -> None:
        """Set a delivery aside with the reason; the same one is kept once."""
        table = self.db.table("rejected")
        row: dict[str, Any] = {
            "digest": hashlib.sha256(topic.encode() + b"\0" + payload).hexdigest(),
            "received_at": received_at.isoformat(),
            "topic": topic,
            "reason": reason,
            "payload": payload,
        }
        with self.db.atomic():
            self._insert_new("rejected", row)
            if table.count > REJECTED_KEPT:
                table.delete_where(
                    "digest in (select digest from rejected order by received_at limit 100)"
                )

    def _insert_new(self, table: str, row: dict[str, Any]) -> bool:
        before = self.db.conn.total_changes
        self.db.table(table).insert(row, ignore=True)
        return self.db.conn.total_changes > before

    def _first_visit(self, where: str, values: list[Any]) -> Visit | None:
        rows = self.db.table("visits").rows_where(where, values, order_by="opened_at desc", limit=1)
        return next((visit_from(row) for row in rows), None)


def visit_from(row: dict[str, Any]) -> Visit:
    """The visit that a row of ``visits`` holds."""
    return replace(Visit(**row), is_turn_used=bool(row["is_turn_used"]))


def _raised(row: dict[str, Any]) -> RaisedAlert:
    closed = decode(AlertClosed, row["closed"].encode()) if row["closed"] else None
    return RaisedAlert(decode(Alert, row["body"].encode()), bool(row["is_host_call"]), closed)
