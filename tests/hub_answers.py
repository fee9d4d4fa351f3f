"""What a hub in memory answers to one message, and short words for what was told."""

from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from shared.messages import (
    Ack,
    AckAnswer,
    Alert,
    AlertClosed,
    Assignment,
    CloseReason,
    Message,
    NodeKind,
    NodeState,
    NodeStatus,
    Registration,
    ReportKind,
    Say,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.samples import NATURAL


def ack(alert: Alert, staff_id: str) -> Ack:
    return Ack(ack_id="k-1", alert_id=alert.alert_id, staff_id=staff_id, acked_at=NINE)


def answers(hub: Hub, message: Message) -> list[Message]:
    """What the hub sends after ``message``, without the sentences for the radio."""
    handle(hub, message)
    rows = hub.outbox.waiting(100)
    hub.outbox.forget([row.row for row in rows])
    return [row.message for row in rows if not isinstance(row.message, Say)]


def time_passes(hub: Hub) -> list[Message]:
    """What the hub sends because time has passed."""
    let_time_pass(hub)
    rows = hub.outbox.waiting(100)
    hub.outbox.forget([row.row for row in rows])
    return [row.message for row in rows]


def after(hub: Hub, clock: FakeClock, seconds: float) -> list[Message]:
    """What the hub sends because so many seconds have passed."""
    clock.pass_s(seconds)
    return time_passes(hub)


def alerts(found: list[Message]) -> dict[str, Alert]:
    return {
        message.role or message.staff_id or "": message
        for message in found
        if isinstance(message, Alert)
    }


def closed(found: list[Message]) -> list[tuple[str, CloseReason, str | None]]:
    return [
        (message.alert_id, message.reason, message.by_name)
        for message in found
        if isinstance(message, AlertClosed)
    ]


def unauthorised(found: list[Message]) -> list[tuple[str | None, str]]:
    """Whom the hub tells that somebody asked for what is not theirs, and what it says."""
    return [
        (message.role or message.staff_id, message.text)
        for message in found
        if isinstance(message, Alert) and message.title == "越权操作"
    ]


def line(hub: Hub) -> tuple[str, ...]:
    return tuple(person.consultant_id for person in hub.visits.line())


def count(hub: Hub, table: str) -> int:
    return int(hub.inbox.db.table(table).count)


def status(staff_id: str, *, connected_at: datetime = NINE) -> NodeStatus:
    return NodeStatus(
        node_id=staff_id,
        kind=NodeKind.STAFF,
        state=NodeState.ONLINE,
        at=NINE,
        connected_at=connected_at,
    )


def phones_come_online(hub: Hub, *staff_ids: str) -> None:
    """Phones of these people say that they are online now."""
    for staff_id in staff_ids:
        answers(hub, status(staff_id))


def report(kind: ReportKind, staff_id: str, number: int = 1, **more: object) -> StaffReport:
    bare = StaffReport(report_id=f"s-{number}", staff_id=staff_id, kind=kind, reported_at=NINE)
    return replace(bare, **more)


def visitor(number: int) -> Message:
    return replace(NATURAL, check_in_id=f"c-{number}", seq=number)


def registration(number: int, staff_id: str, phone: str) -> Registration:
    return Registration(
        registration_id=f"r-{number}", staff_id=staff_id, registered_at=NINE, phone=phone
    )


def hosts(found: list[Message]) -> list[str | None]:
    return [message.host_name for message in found if isinstance(message, Assignment)]


def journal_files(hub: Hub, tmp_path: Path) -> Path:
    hub.journal.seal()
    return tmp_path / "hub.sqlite3"


def pass_two_minutes(hub: Hub, clock: FakeClock) -> list[Message]:
    clock.pass_s(121)
    return time_passes(hub)


def answer(alert: Alert, staff_id: str, how: AckAnswer) -> Ack:
    return replace(ack(alert, staff_id), answer=how)


def host_alerts(hub: Hub) -> dict[str, Alert]:
    """The alerts that call the host of a natural visitor; the door has answered its alert."""
    told = alerts(answers(hub, NATURAL))
    answers(hub, ack(told["door"], "lin"))
    return told
