"""The people of the loaded site: who rings, who claims when, and what was measured of it."""

import random
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from broker.mqtt_server.accounts import Account
from shared.clock import now
from shared.ids import new_id
from shared.messages import (
    AckAnswer,
    Alert,
    AlertClosed,
    Answer3,
    Arrival,
    Assignment,
    CheckIn,
    Message,
    NodeKind,
    NodeState,
    NodeStatus,
    ReportKind,
    StaffReport,
)
from shared.topics import ROOT
from tests.bench.crowd import Crowd
from tests.fakes import SITE
from tests.phone_page import PhonePage, Seen
from tests.samples import arrival

POSTS = {"parking": 4, "door": 4, "gate": 2, "steward": 2, "bar": 2, "showflat": 2, "cart": 2}
CONSULTANTS = tuple(f"c{number}" for number in range(20))
STAFF = {
    **dict.fromkeys(CONSULTANTS, "consultant"),
    **{f"{role}{number}": role for role, count in POSTS.items() for number in range(count)},
    "boss0": "manager",
    "boss1": "manager",
}
"""Forty people and their posts."""
WALK_S = (1.0, 3.0)
"""From the gate to the tablet, at the speed of the bench."""
REACTION_S = (0.3, 2.5)
RECEPTION_S = (5.0, 8.0)
HEARTBEAT_S = 10.0
CAR, VISITOR = "car at the gate → parking and door", "check-in → its host"


@dataclass(slots=True)
class Figures:
    """What the phones saw."""

    took_ms: dict[str, list[float]] = field(default_factory=lambda: {CAR: [], VISITOR: []})
    silent_ms: list[float] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    """What was published and has not reached its phone."""
    rung_after_end: int = 0
    waited: int = 0
    claims: int = 0
    hub_load: float = 0.0
    rejected: list[str] = field(default_factory=list)


@dataclass(slots=True)
class LoadedSite:
    """Cars, visitors and forty people with their phones."""

    crowd: Crowd
    accounts: dict[str, Account]
    chance: random.Random
    figures: Figures = field(default_factory=Figures)
    pages: dict[str, PhonePage] = field(default_factory=dict)
    _sent_at: dict[str, float] = field(default_factory=dict)
    _claimed_at: dict[str, float] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _number: int = 0
    _since: datetime = field(default_factory=now)

    def join(self) -> None:
        """Connect everybody."""
        root = f"{ROOT}/{SITE}"
        for name, account in self.accounts.items():
            if name in STAFF:
                self._join_phone(name, account, root)
            elif name.startswith("kiosk"):
                topic = f"{root}/kiosk/{account.node_id}/assignment"
                self.crowd.join(account, [topic], self._at_the_tablet)
            elif name == "gate":
                topic = f"{root}/receipt/{account.node_id}"
                self.crowd.join(account, [topic], lambda _message: None)

    def open(self, *, every_s: float, for_s: float) -> None:
        """Let cars come so often, for so long."""
        for place, name in enumerate(self.pages):
            wait_s = place * HEARTBEAT_S / len(self.pages)
            self.crowd.later(wait_s, partial(self._beat, name))
        for number in range(int(for_s / every_s)):
            self.crowd.later(number * every_s, self._car)

    def _join_phone(self, name: str, account: Account, root: str) -> None:
        page = self.pages[name] = PhonePage(name, (STAFF[name],), f"{name}-phone")
        topics = [f"{root}/alert/staff/{name}", f"{root}/alert/closed"]
        topics += [f"{root}/alert/role/{role}" for role in page.roles]
        self.crowd.join(account, topics, lambda message: self._hear(page, message))
        self.crowd.later(0, lambda: self._beat(name, is_first=True))

    def _beat(self, name: str, *, is_first: bool = False) -> None:
        status = NodeStatus(
            node_id=name,
            kind=NodeKind.STAFF,
            state=NodeState.ONLINE,
            at=now(),
            connected_at=self._since,
            device_id=f"{name}-phone",
        )
        self.crowd.send(f"staff-{name}", status)
        if not is_first:
            self.crowd.later(HEARTBEAT_S, lambda: self._beat(name))

    def _car(self) -> None:
        self._number += 1
        number, moment = self._number, now()
        plate = f"浙A{number % 100_000:05d}"
        car = arrival(plate, number, seen_at=moment)
        for role in ("parking", "door"):
            self._publish(f"{role} {plate}")
        self.crowd.send("gate-north", car)
        self.crowd.later(self.chance.uniform(*WALK_S), lambda: self._visitor(number, car))

    def _visitor(self, number: int, car: Arrival) -> None:
        kiosk = self.accounts[f"kiosk-{number % 5}"]
        self._publish(f"visitor {number}")
        check_in = CheckIn(
            check_in_id=f"c-{number}",
            kiosk_id=kiosk.node_id,
            seq=number,
            checked_in_at=now(),
            is_first_visit=Answer3.YES,
            family_visited=Answer3.NO,
            was_contacted=Answer3.NO,
            arrival_id=car.arrival_id,
            party_size=2,
            drinks=("green_tea",) if number % 3 == 0 else (),
            visitor_number=str(number),
        )
        self.crowd.send(kiosk.username, check_in)

    def _publish(self, what: str) -> None:
        self._sent_at[what] = time.monotonic()
        self.figures.lost.add(what)

    def _reached(self, what: str, kind: str) -> None:
        """The first phone for which ``what`` is meant has received it."""
        if what in self.figures.lost:
            self.figures.lost.discard(what)
            self.figures.took_ms[kind].append((time.monotonic() - self._sent_at[what]) * 1000)

    def _at_the_tablet(self, message: Message) -> None:
        if isinstance(message, Assignment) and message.host_name is None:
            self.figures.waited += 1
            number = message.check_in_id.removeprefix("c-")
            self.figures.lost.discard(f"visitor {number}")  # nobody to be told yet (R25)

    def _hear(self, page: PhonePage, message: Message) -> None:
        if isinstance(message, AlertClosed):
            page.close(message)
            if message.alert_id in self._claimed_at:
                took = time.monotonic() - self._claimed_at[message.alert_id]
                self.figures.silent_ms.append(took * 1000)
        elif isinstance(message, Alert):
            self.figures.rung_after_end += message.alert_id in page.over
            self._measure(message)
            if page.receive(message, now()):
                self._react(page, message)

    def _measure(self, alert: Alert) -> None:
        if alert.staff_id is not None and alert.visitor_number is not None:
            self._reached(f"visitor {alert.visitor_number}", VISITOR)
        elif alert.role in ("parking", "door"):
            self._reached(f"{alert.role} {alert.plate}", CAR)

    def _react(self, page: PhonePage, alert: Alert) -> None:
        """The phone says that it shows the alert; the first phone for which it rings claims it."""
        who = f"staff-{page.staff_id}"
        self.crowd.send(who, page.answer(alert.alert_id, AckAnswer.SHOWN, now()))
        if alert.alert_id not in self._asked:
            self._asked.add(alert.alert_id)
            wait_s = self.chance.uniform(*REACTION_S)
            self.crowd.later(wait_s, lambda: self._claim(page, alert))

    def _claim(self, page: PhonePage, alert: Alert) -> None:
        if page.items[alert.alert_id].state is not Seen.RINGING:
            return
        self.figures.claims += 1
        self._claimed_at[alert.alert_id] = time.monotonic()
        ack = page.answer(alert.alert_id, AckAnswer.CLAIM, now())
        self.crowd.send(f"staff-{page.staff_id}", ack)
        if alert.visitor_number is not None and page.staff_id in CONSULTANTS:
            wait_s = self.chance.uniform(*RECEPTION_S)
            self.crowd.later(wait_s, lambda: self._finish(page, alert))

    def _finish(self, page: PhonePage, alert: Alert) -> None:
        report = StaffReport(
            report_id=new_id(),
            staff_id=page.staff_id,
            kind=ReportKind.FINISHED,
            reported_at=now(),
            visit_id=alert.visit_id,
        )
        self.crowd.send(f"staff-{page.staff_id}", report)


def site_toml() -> str:
    """The forty people."""
    order = ", ".join(f'"{staff_id}"' for staff_id in CONSULTANTS)
    people = [
        f'[[staff]]\nid = "{staff_id}"\nname = "{staff_id}"\nroles = ["{role}"]\npin = "1111"\n'
        for staff_id, role in STAFF.items()
    ]
    return "\n".join([f"order = [{order}]", *people])
