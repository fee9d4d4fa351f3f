"""The twenty people of a soaked site with their phones: they claim, finish, enter and look up."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from broker.mqtt_server.accounts import Account, new_account
from shared.clock import now
from shared.ids import new_id
from shared.messages import (
    AckAnswer,
    Alert,
    AlertClosed,
    LookUp,
    Message,
    Registration,
    ReportKind,
    StaffReport,
)
from shared.node import HEARTBEAT_S
from shared.topics import ROOT, Party
from tests.bench.crowd import Crowd
from tests.bench.soak.plan import Plan, checks_in, is_registered, phone_of, plate_of
from tests.fakes import SITE
from tests.phone_page import PhonePage, Seen

STAFF = {
    **{f"c{number}": "consultant" for number in range(14)},
    "parking0": "parking",
    "parking1": "parking",
    "door0": "door",
    "gate0": "gate",
    "bar0": "bar",
    "boss0": "manager",
}
POSTS = ("parking", "door")
"""They are told of each car."""
REACTION_S = (0.3, 2.0)
RECEPTION_S = (4.0, 8.0)


def staff_accounts() -> list[Account]:
    """Their log-ins at the MQTT server."""
    return [new_account(Party.STAFF, name, (role,)) for name, role in STAFF.items()]


def site_toml() -> str:
    """The site's file of people."""
    order = [name for name, role in STAFF.items() if role == "consultant"]
    people = [
        f'[[staff]]\nid = "{name}"\nname = "{name}"\nroles = ["{role}"]\npin = "1111"\n'
        for name, role in STAFF.items()
    ]
    return "\n".join([f"order = {order}", *people])


@dataclass(slots=True)
class People:
    """What they do, and what they heard."""

    crowd: Crowd
    plan: Plan
    chance: random.Random
    awaited: set[str] = field(default_factory=set)
    """Whom nobody has been told of yet: ``door 7``, ``host 7``."""
    heard: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """How often each phone heard each ring of each alert."""
    _since: datetime = field(default_factory=now)
    _asked: set[str] = field(default_factory=set)

    def join(self, accounts: list[Account]) -> None:
        """Connect everybody, and await everybody who will come."""
        root = f"{ROOT}/{SITE}"
        for account in accounts:
            name, role = account.node_id, STAFF[account.node_id]
            page = PhonePage(name, (role,), f"{name}-phone")
            topics = [f"{root}/alert/staff/{name}", f"{root}/alert/role/{role}"]
            topics += [f"{root}/alert/closed", f"{root}/staff/{name}/answer"]
            self.crowd.join(account, topics, partial(self._hear, page))
            self.crowd.later(0, partial(self._beat, page))
        for number in self.plan.arrivals:
            self.awaited |= {f"{role} {plate_of(number)}" for role in POSTS}
            if checks_in(number):
                self.awaited.add(f"host {number}")

    @property
    def doubled(self) -> int:
        """How many rings came to a phone more than once."""
        return sum(often > 1 for often in self.heard.values())

    def _beat(self, page: PhonePage) -> None:
        status = page.heartbeat(now(), self._since)
        self._say(page, status)
        self.crowd.later(HEARTBEAT_S / self.plan.speed, partial(self._beat, page))

    def _say(self, page: PhonePage, message: Message) -> None:
        self.crowd.send(f"staff-{page.staff_id}", message)

    def _hear(self, page: PhonePage, message: Message) -> None:
        if isinstance(message, AlertClosed):
            page.close(message)
        elif isinstance(message, Alert):
            self.heard[page.staff_id, message.alert_id, message.repeat] += 1
            who = message.visitor_number if message.role is None else message.plate
            self.awaited.discard(f"{message.role or 'host'} {who}")
            if page.receive(message, now()):
                self._react(page, message)

    def _react(self, page: PhonePage, alert: Alert) -> None:
        """The phone says that it shows the alert; the first for which it rings claims it."""
        self._say(page, page.answer(alert.alert_id, AckAnswer.SHOWN, now()))
        if alert.alert_id not in self._asked:
            self._asked.add(alert.alert_id)
            wait_s = self.chance.uniform(*REACTION_S)
            self.crowd.later(wait_s, partial(self._claim, page, alert))

    def _claim(self, page: PhonePage, alert: Alert) -> None:
        if page.items[alert.alert_id].state is not Seen.RINGING:
            return
        self._say(page, page.answer(alert.alert_id, AckAnswer.CLAIM, now()))
        if alert.visitor_number is not None and page.roles == ("consultant",):
            wait_s = self.chance.uniform(*RECEPTION_S)
            self.crowd.later(wait_s, partial(self._finish, page, alert))

    def _finish(self, page: PhonePage, alert: Alert) -> None:
        """The reception ends; the customer is entered; somebody's plate is looked up."""
        number, staff_id = int(alert.visitor_number or 0), page.staff_id
        if is_registered(number):
            entry = Registration(
                registration_id=new_id(),
                staff_id=staff_id,
                registered_at=now(),
                surname="王",
                phone=phone_of(number),
                plates=(plate_of(number),),
                visit_id=alert.visit_id,
            )
            self._say(page, entry)
        look_up = LookUp(
            look_up_id=new_id(), staff_id=staff_id, asked_at=now(), plate=plate_of(number)
        )
        self._say(page, look_up)
        finished = StaffReport(
            report_id=new_id(),
            staff_id=staff_id,
            kind=ReportKind.FINISHED,
            reported_at=now(),
            visit_id=alert.visit_id,
        )
        self._say(page, finished)
