"""Honest people during the attack: a gate, a tablet and phones that work at their usual pace."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from broker.mqtt_server.accounts import Account
from shared.clock import now
from shared.ids import new_id
from shared.messages import (
    AckAnswer,
    Alert,
    AlertClosed,
    Level,
    Message,
    Receipt,
    ReportKind,
    StaffReport,
)
from shared.outbox import message_id
from shared.topics import ROOT
from tests.bench.crowd import Crowd
from tests.fakes import SITE
from tests.phone_page import PhonePage
from tests.samples import NATURAL, arrival

CAR_EVERY_S, VISITOR_EVERY_S = 1.0, 5.0
"""Twelve times as often as at a busy site, so that the figures say something."""
BEAT_S, AGAIN_S, LOOK_S = 10.0, 2.0, 0.5
CLAIM, FINISH = 0.3, 0.02
"""How likely a person claims what rings, or finishes, each time they look at their phone."""


@dataclass(slots=True)
class Honest:
    """What they sent, what they heard, and how long it took from a car to its alert."""

    crowd: Crowd
    gate: Account
    tablet: Account
    people: list[tuple[Account, str]]
    """Each with their post; parking is who hears of cars."""
    chance: random.Random
    took_ms: list[float] = field(default_factory=list)
    posted: set[str] = field(default_factory=set)
    kept: dict[str, Message] = field(default_factory=dict)
    """What has no receipt yet; it is sent again."""
    notices: dict[str, str] = field(default_factory=dict)
    """The title of what the manager heard, by the id of the alert."""
    urgent: set[str] = field(default_factory=set)
    """The manager's other alerts: somebody waits."""
    _seen_at_s: dict[str, float] = field(default_factory=dict)
    """By plate, until parking hears of it."""
    _pages: dict[str, PhonePage] = field(default_factory=dict)
    _number: int = 0

    def join(self) -> None:
        """Connect everybody, and begin."""
        root = f"{ROOT}/{SITE}"
        for edge in (self.gate, self.tablet):
            self.crowd.join(edge, [f"{root}/receipt/{edge.node_id}"], self._receipt)
        for account, role in self.people:
            page = self._pages[account.username] = PhonePage(
                account.node_id, (role,), f"{account.node_id}-phone"
            )
            topics = [f"{root}/alert/staff/{account.node_id}", f"{root}/alert/role/{role}"]
            topics.append(f"{root}/alert/closed")

            def hear(message: Message, page: PhonePage = page) -> None:
                self._hear(page, message)

            self.crowd.join(account, topics, hear)
        if not self.crowd.are_ready(within_s=60):
            raise SystemExit("not everybody could connect")
        self._beat()
        self._look()
        self._send_again()

    def come(self, for_s: float) -> list[float]:
        """Cars and visitors come for so long; the milliseconds from each car to its alert."""
        self.took_ms = []
        self._plan(for_s, CAR_EVERY_S, self._car)
        self._plan(for_s, VISITOR_EVERY_S, self._visitor)
        self.crowd.run(for_s)
        return self.took_ms

    def _plan(self, for_s: float, every_s: float, deed: Callable[[], None]) -> None:
        moment = self.chance.uniform(0, every_s)
        while moment < for_s - 1:
            self.crowd.later(moment, deed)
            moment += every_s * self.chance.uniform(0.5, 1.5)

    def _car(self) -> None:
        self._number += 1
        plate = f"浙D{self._number % 100_000:05d}"
        self._seen_at_s[plate] = time.monotonic()
        car = arrival(plate, self._number, seen_at=now())
        self._post(replace(car, arrival_id=new_id(), gate_id=self.gate.node_id))

    def _visitor(self) -> None:
        self._number += 1
        visitor = replace(
            NATURAL,
            check_in_id=new_id(),
            kiosk_id=self.tablet.node_id,
            seq=self._number,
            checked_in_at=now(),
        )
        self._post(visitor)

    def _post(self, message: Message) -> None:
        self.kept[message_id(message)] = message
        self.posted.add(message_id(message))
        self.crowd.send(self._sender(message), message)

    def _sender(self, message: Message) -> str:
        return (self.gate if hasattr(message, "gate_id") else self.tablet).username

    def _receipt(self, message: Message) -> None:
        if isinstance(message, Receipt):
            for name in message.ids:
                self.kept.pop(name, None)

    def _hear(self, page: PhonePage, message: Message) -> None:
        if isinstance(message, AlertClosed):
            page.close(message)
        if not isinstance(message, Alert):
            return
        page.receive(message, now())
        if "manager" in page.roles:
            self._note(message)
        if "parking" in page.roles and (
            seen_at_s := self._seen_at_s.pop(message.plate or "", None)
        ):
            self.took_ms.append(1000 * (time.monotonic() - seen_at_s))

    def forget_alerts(self) -> None:
        """Count the manager's alerts from now on."""
        self.notices.clear()
        self.urgent.clear()

    def _note(self, alert: Alert) -> None:
        if alert.level is Level.URGENT:
            self.urgent.add(alert.alert_id)
        else:
            self.notices[alert.alert_id] = alert.title

    def _beat(self) -> None:
        for name, page in self._pages.items():
            status = page.heartbeat(now(), page.settle_at)
            self.crowd.send(name, status)
        self.crowd.later(BEAT_S, self._beat)

    def _look(self) -> None:
        for name, page in self._pages.items():
            page.pass_time(now())
            for alert_id in sorted(page.ringing()):
                if self.chance.random() < CLAIM:
                    self.crowd.send(name, page.answer(alert_id, AckAnswer.CLAIM, now()))
            if "consultant" in page.roles and self.chance.random() < FINISH:
                self.crowd.send(name, _finished(page.staff_id))
        self.crowd.later(LOOK_S, self._look)

    def _send_again(self) -> None:
        for message in list(self.kept.values()):
            self.crowd.send(self._sender(message), message)
        self.crowd.later(AGAIN_S, self._send_again)


def _finished(staff_id: str) -> StaffReport:
    return StaffReport(
        report_id=new_id(), staff_id=staff_id, kind=ReportKind.FINISHED, reported_at=now()
    )
