"""Measures the site, from the hub's file and from what its nodes say of themselves."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from broker.backup.kept import backups_in
from broker.backup.own_copies import LOCAL
from broker.certificates.keeping import valid_in
from broker.console.lost_phones import ON_DUTY, lost_phones
from broker.console.site_view import Overview
from broker.handlers.context import Hub
from broker.handlers.presence import Sighting
from broker.heads.ledger import read_ledger
from broker.heads.ways import ways_of
from broker.health.site_figures import (
    SLOTS,
    CameraFigures,
    Delay,
    Figures,
    HeadFigures,
    NodeFigures,
)
from broker.journal.entries import FILE_NAME
from broker.settings import HubSettings
from broker.store.moments import utc_text
from shared import VERSION
from shared.database import Database
from shared.disk_figures import disk_figures
from shared.file_check import checked_at, is_suspect
from shared.messages import NodeKind
from shared.words import LOG_LANGUAGE

HOUR = timedelta(hours=1)
GOOD_FOR_S = 2.0
"""Several pages that ask at once get the same figures."""
LATEST = 2_000
"""More cars do not come in an hour; so many rows are looked at."""


class HubFigures:
    """Measures when asked; any thread may ask."""

    def __init__(
        self,
        settings: HubSettings,
        hub: Hub,
        overview: Callable[[str], Overview],
        round_trip_ms: Callable[[], int | None],
    ) -> None:
        self._settings, self._hub = settings, hub
        self._overview, self._round_trip_ms = overview, round_trip_ms
        self._folder = Path(settings.data_dir)
        self._began_s = time.monotonic()
        self._lock = threading.Lock()
        self._kept: tuple[float, Figures] | None = None

    def measure(self) -> Figures:
        """The figures of this moment, or of a moment ago."""
        with self._lock:
            moment_s = time.monotonic()
            if self._kept is None or moment_s - self._kept[0] > GOOD_FOR_S:
                self._kept = moment_s, self._measured(moment_s)
            return self._kept[1]

    def _measured(self, moment_s: float) -> Figures:
        hub, file = self._hub, self._folder / FILE_NAME
        moment, nodes = hub.clock(), self._nodes()
        unread = {node.node_id: node.unread for node in nodes if node.kind is NodeKind.GATE}
        with hub.disk.reading() as db:
            cameras = _cameras(db, moment, unread)
            delay = _delay(db, moment, self._ahead())
        last = checked_at(file)
        return Figures(
            at=moment,
            version=VERSION,
            up_s=moment_s - self._began_s,
            is_open=hub.decider.policy.is_open(moment),
            nodes=nodes,
            cameras=cameras,
            delay=delay,
            outbox=hub.outbox.depth(),
            disk=disk_figures(self._folder),
            round_trip_ms=self._round_trip_ms(),
            backup_at=self._backup_at(moment),
            checked_at=last,
            is_sound=None if last is None else not is_suspect(file),
            head=self._head(),
            certificate_until=self._certificate_until(),
        )

    def _nodes(self) -> tuple[NodeFigures, ...]:
        site, names = self._overview(LOG_LANGUAGE), self._hub.people.names()
        on_duty = {line.staff_id for line in site.posts if line.post in ON_DUTY}
        missed = {lost.staff_id for lost in lost_phones(site, self._hub.clock())}
        sightings = [
            seen for seen in self._hub.presence.sightings() if seen.status.kind is not NodeKind.HUB
        ]
        found = []
        for seen in sightings:
            node_id, is_phone = seen.status.node_id, seen.status.kind is NodeKind.STAFF
            node = _node(
                seen, names.get(node_id, node_id), is_online=self._hub.presence.is_online(seen)
            )
            if is_phone:
                is_due, is_missed = node_id in on_duty, node_id in missed
                node = replace(node, is_due=is_due, is_missed=is_missed)
            found.append(node)
        return tuple(found)

    def _ahead(self) -> dict[str, float]:
        """How far the gates' clocks are ahead of ours."""
        sightings = self._hub.presence.sightings(NodeKind.GATE)
        return {seen.status.node_id: seen.ahead_s or 0.0 for seen in sightings}

    def _backup_at(self, moment: datetime) -> datetime | None:
        folder = Path(self._settings.backup_dir or self._folder / LOCAL)
        try:
            made = [at for at in backups_in(folder, self._settings.site) if at <= moment]
        except OSError:
            return None
        return made[-1] if made else None

    def _certificate_until(self) -> datetime | None:
        certificate = self._settings.server_certificate
        try:
            return None if certificate is None else valid_in(certificate)[1]
        except (OSError, ValueError):
            return None

    def _head(self) -> HeadFigures | None:
        ledger = read_ledger(self._folder)
        if not ledger.on:
            return None
        ways = tuple(ways_of(self._settings))
        return HeadFigures(on=ledger.on, left=ledger.left, failed=dict(ledger.failed), ways=ways)


def _node(seen: Sighting, name: str, *, is_online: bool) -> NodeFigures:
    status = seen.status
    return NodeFigures(
        kind=status.kind,
        node_id=status.node_id,
        name=name,
        is_online=is_online,
        seen_at=seen.heard_at,
        gone_at=seen.gone_at,
        back_at=seen.back_at,
        version=status.version,
        problem=status.problem,
        waiting=status.waiting,
        battery=status.battery,
        round_trip_ms=status.round_trip_ms,
        clock_off_s=seen.clock_off_s,
        disk=status.disk,
        unread=status.unread,
    )


_RECENT = f"""
    select arrival_id, gate_id, seen_at, received_at, late, body ->> 'is_uncertain' as is_uncertain,
        ifnull(body ->> 'reads', 1) as reads from arrivals
    where rowid > (select ifnull(max(rowid), 0) from arrivals) - {LATEST} and received_at >= ?"""


def _cameras(
    db: Database, moment: datetime, unread: Mapping[str, int | None]
) -> tuple[CameraFigures, ...]:
    """Of every gate that is known or told a car."""
    since = moment - HOUR
    rows: dict[str, list[tuple[datetime, bool, int]]] = {gate_id: [] for gate_id in unread}
    for row in db.query(_RECENT, [utc_text(since)]):
        at = datetime.fromisoformat(row["received_at"])
        told = at, bool(row["is_uncertain"]), int(row["reads"])
        rows.setdefault(row["gate_id"], []).append(told)
    return tuple(
        CameraFigures(
            gate_id=gate_id,
            read=len(told),
            uncertain=sum(is_uncertain for _, is_uncertain, _ in told),
            unread=unread.get(gate_id),
            votes=sum(reads for *_, reads in told) / len(told) if told else None,
            slots=_slots([at - since for at, *_ in told]),
        )
        for gate_id, told in sorted(rows.items())
    )


def _slots(ages: list[timedelta]) -> tuple[int, ...]:
    counts = [0] * SLOTS
    for age in ages:
        counts[min(SLOTS - 1, max(0, int(age / HOUR * SLOTS)))] += 1
    return tuple(counts)


def _delay(db: Database, moment: datetime, ahead_s: Mapping[str, float]) -> Delay | None:
    """By the gates' clocks as the hub knows them; what waited in an outbox is another matter."""
    rows = db.query(
        "select recent.gate_id, recent.seen_at, min(alerts.body ->> 'raised_at') as raised_at "
        f"from ({_RECENT}) as recent join visits using (arrival_id) join alerts using (visit_id) "
        "where not recent.late group by recent.arrival_id",
        [utc_text(moment - HOUR)],
    )
    took = sorted(_took_ms(row, ahead_s.get(row["gate_id"], 0.0)) for row in rows)
    if not took:
        return None
    return Delay(count=len(took), p50_ms=_quantile(took, 0.5), p95_ms=_quantile(took, 0.95))


def _took_ms(row: Mapping[str, str], ahead_s: float) -> int:
    seen_at = datetime.fromisoformat(row["seen_at"]) - timedelta(seconds=ahead_s)
    took = datetime.fromisoformat(row["raised_at"]) - seen_at
    return max(0, round(took.total_seconds() * 1000))


def _quantile(ordered: list[int], share: float) -> int:
    """The value that ``share`` of them do not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
