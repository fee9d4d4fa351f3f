"""What a handheld's page does with messages, without a browser: the same states as alerts.js."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.ids import new_id
from shared.messages import (
    Ack,
    AckAnswer,
    Alert,
    AlertClosed,
    CloseReason,
    NodeKind,
    NodeState,
    NodeStatus,
)

SETTLE_AFTER = timedelta(seconds=5)
"""How long the hub has after a connection to send again what is still open."""


class Seen(StrEnum):
    """How an alert stands on this phone."""

    RINGING = "ringing"
    CLAIMING = "claiming"
    MINE = "mine"
    OVER = "over"
    INFO = "info"


@dataclass(slots=True)
class Item:
    """One alert on this phone."""

    alert: Alert
    state: Seen
    is_confirmed: bool = True
    rings: int = 1
    closed: AlertClosed | None = None


@dataclass(slots=True)
class PhonePage:
    """One person's page on one device."""

    staff_id: str
    roles: tuple[str, ...]
    device_id: str
    items: dict[str, Item] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    pending: dict[str, Ack] = field(default_factory=dict)
    settle_at: datetime | None = None

    def heartbeat(self, at: datetime, connected_at: datetime | None) -> NodeStatus:
        """What it says of itself at this moment."""
        return NodeStatus(
            node_id=self.staff_id,
            kind=NodeKind.STAFF,
            state=NodeState.ONLINE,
            at=at,
            connected_at=connected_at,
            device_id=self.device_id,
        )

    def receive(self, alert: Alert, now: datetime) -> Item | None:
        """Take in an alert; the item when it rings, for the first time or anew."""
        if not self._is_mine(alert) or alert.alert_id in self.over or now >= alert.expires_at:
            return None
        if known := self.items.get(alert.alert_id):
            known.is_confirmed = True
            is_again = alert.repeat > known.alert.repeat and known.state is Seen.RINGING
            known.alert = alert
            known.rings += is_again
            return known if is_again else None
        state = Seen.RINGING if alert.needs_claim else Seen.INFO
        if alert.alert_id in self.pending:
            state = Seen.CLAIMING
        item = self.items[alert.alert_id] = Item(alert, state)
        return item if state is Seen.RINGING else None

    def close(self, closed: AlertClosed) -> None:
        """Fall silent for this alert, also if it has not come yet."""
        self.over.add(closed.alert_id)
        self.pending.pop(closed.alert_id, None)
        if item := self.items.get(closed.alert_id):
            is_mine = closed.reason is CloseReason.CLAIMED and closed.by_staff_id == self.staff_id
            item.state, item.closed = (Seen.MINE if is_mine else Seen.OVER), closed

    def answer(self, alert_id: str, how: AckAnswer, now: datetime) -> Ack:
        """What the person taps; a claim is sent again until the hub answers."""
        ack = Ack(
            ack_id=new_id(now),
            alert_id=alert_id,
            staff_id=self.staff_id,
            acked_at=now,
            device_id=self.device_id,
            answer=how,
        )
        if how is AckAnswer.CLAIM:
            self.items[alert_id].state = Seen.CLAIMING
            self.pending[alert_id] = ack
        elif how is AckAnswer.PASS_ON:
            self.items[alert_id].state = Seen.OVER
            self.over.add(alert_id)
        return ack

    def pass_time(self, now: datetime) -> None:
        """End what is past its time, and what the hub did not confirm after a connection."""
        is_settled = self.settle_at is not None and now >= self.settle_at
        for item in self.items.values():
            is_open = item.state in (Seen.RINGING, Seen.INFO)
            if is_open and (now >= item.alert.expires_at or (is_settled and not item.is_confirmed)):
                item.state = Seen.OVER
        if is_settled:
            self.settle_at = None

    def lose_connection(self) -> None:
        """Alerts may end meanwhile: an open one rings again only when the hub confirms it."""
        self.settle_at = None
        for item in self.items.values():
            item.is_confirmed = False

    def connect(self, now: datetime) -> None:
        """The hub is about to say what is still true."""
        self.settle_at = now + SETTLE_AFTER

    def ringing(self) -> set[str]:
        """The alerts that this phone rings for."""
        return {
            key
            for key, item in self.items.items()
            if item.state is Seen.RINGING and item.is_confirmed
        }

    def _is_mine(self, alert: Alert) -> bool:
        return alert.staff_id == self.staff_id or alert.role in self.roles
