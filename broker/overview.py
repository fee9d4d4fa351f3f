"""What the staff's pages are told of the site: reads the hub's file, changes nothing."""

import socket
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from broker.accounts import Account
from broker.console.site_view import (
    AlertLine,
    MqttAccount,
    NodeLine,
    Overview,
    Person,
    TurnLine,
    VisitLine,
    VisitState,
)
from broker.console.words import ROLE_WORDS
from broker.people import SitePeople
from broker.presence import Presence
from broker.settings import HubSettings
from broker.visits import Visit, visit_from
from shared.clock import Clock
from shared.codec import decode
from shared.messages import Alert, NodeKind

VISITS_SHOWN = 200


class HubSite:
    """The pages' ``Site``: a read-only connection a call, so that any thread may ask."""

    def __init__(
        self,
        settings: HubSettings,
        people: SitePeople,
        accounts: tuple[Account, ...],
        presence: Presence,
        clock: Clock,
    ) -> None:
        self._settings, self._people, self._presence, self._clock = (
            settings,
            people,
            presence,
            clock,
        )
        self._accounts = {one.node_id: one for one in accounts if one.party == "staff"}
        self.site = settings.site
        self.site_name = settings.site_name
        self.is_demo = settings.is_demo
        self.mqtt_ws_port = settings.mqtt_ws_port
        self.zone = ZoneInfo(settings.time_zone)
        self.lan_host = lan_address() if settings.listen_host == "0.0.0.0" else None

    def people(self) -> tuple[Person, ...]:
        """See Site."""
        return tuple(Person(one.id, one.name, one.roles, one.pin) for one in self._people.staff)

    def mqtt_account(self, staff_id: str) -> MqttAccount:
        """See Site."""
        account = self._accounts[staff_id]
        return MqttAccount(account.username, account.password)

    def overview(self) -> Overview:
        """See Site."""
        db = _read_only(Path(self._settings.data_dir, "hub.sqlite3"))
        try:
            return Overview(
                visits=self._visits(db),
                line=self._line(db),
                nodes=self._nodes(),
                alerts=self._alerts(db),
            )
        finally:
            db.conn.close()

    def _visits(self, db: Database) -> tuple[VisitLine, ...]:
        midnight = self._clock().astimezone(self.zone).replace(hour=0, minute=0, second=0)
        rows = db.query(
            "select * from visits where opened_at >= ? order by opened_at desc limit ?",
            [midnight.astimezone(self._clock().tzinfo).isoformat(), VISITS_SHOWN],
        )
        return tuple(self._visit_line(visit_from(row)) for row in rows)

    def _visit_line(self, visit: Visit) -> VisitLine:
        return VisitLine(
            visit_id=visit.visit_id,
            came_at=datetime.fromisoformat(visit.opened_at),
            plate=visit.plate,
            visitor=visit.name,
            host_name=self._people.names().get(visit.host_id or visit.claimed_by or ""),
            state=_state(visit),
            rule=visit.rule,
            why=visit.why or None,
        )

    def _line(self, db: Database) -> tuple[TurnLine, ...]:
        names = self._people.names()
        rows = db.conn.execute("select consultant_id, note from rotation order by place")
        return tuple(TurnLine(one, names.get(one, one), note) for one, note in rows)

    def _nodes(self) -> tuple[NodeLine, ...]:
        moment, names = self._clock(), self._people.names()
        return tuple(
            NodeLine(
                node_id=seen.status.node_id,
                kind=seen.status.kind,
                name=_node_name(seen.status.kind, seen.status.node_id, names),
                is_online=seen.is_online(moment),
                seen_at=seen.heard_at,
                problem=seen.status.problem,
                battery=seen.status.battery,
                round_trip_ms=seen.status.round_trip_ms,
                device_id=seen.status.device_id,
            )
            for seen in self._presence.sightings()
        )

    def _alerts(self, db: Database) -> tuple[AlertLine, ...]:
        since = (self._clock() - timedelta(days=1)).timestamp()
        rows = db.query(
            "select body from alerts where closed_at is null and expires_at >= ? "
            "order by expires_at desc",
            [since],
        )
        names = self._people.names()
        return tuple(_alert_line(row, names) for row in rows)


def lan_address() -> str | None:
    """This machine's address as the local network sees it; None without a network.

    Connecting a datagram socket sends nothing: it only asks for the route (192.0.2.1 is
    documentation space, RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def _read_only(path: Path) -> Database:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
    return Database(connection)


def _state(visit: Visit) -> VisitState:
    if visit.finished_at:
        return VisitState.FINISHED
    if visit.claimed_by:
        return VisitState.SERVING
    if visit.check_in_id is None:
        return VisitState.ARRIVED
    return VisitState.CALLED if visit.host_id else VisitState.WAITING


def _node_name(kind: NodeKind, node_id: str, names: dict[str, str]) -> str:
    if kind is NodeKind.STAFF:
        return names.get(node_id, node_id)
    return {NodeKind.GATE: "门岗相机", NodeKind.KIOSK: "迎宾平板"}.get(kind, "中枢") + f" {node_id}"


def _alert_line(row: dict[str, Any], names: dict[str, str]) -> AlertLine:
    alert = decode(Alert, row["body"].encode())
    return AlertLine(
        alert_id=alert.alert_id,
        title=alert.title,
        text=alert.text,
        to=ROLE_WORDS.get(alert.role or "", "") or names.get(alert.staff_id or "", ""),
        level=alert.level,
        raised_at=alert.raised_at,
    )
