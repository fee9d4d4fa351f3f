"""The staff's phones of one round: they hear alerts, claim, report, register and look up."""

import random
from dataclasses import dataclass, field

from shared.clock import now
from shared.codec import read_delivery
from shared.messages import (
    AckAnswer,
    Alert,
    AlertClosed,
    LookUp,
    Message,
    NodeStatus,
    Registration,
    ReportKind,
    StaffReport,
)
from shared.topics import filters_for
from tests.bench.chaos.exchange import Exchange, ExchangeLink
from tests.fakes import SITE
from tests.hub_fixtures import PEOPLE
from tests.phone_page import PhonePage

CLAIMS, PASSES_ON, ACTS = 0.15, 0.02, 0.05
"""How likely somebody claims what rings, passes it on, or does something else, in a turn."""
REPORTS = (ReportKind.FINISHED, ReportKind.AWAY, ReportKind.BACK, ReportKind.JOIN)


@dataclass(slots=True)
class Phones:
    """Everybody's phone."""

    exchange: Exchange
    chance: random.Random
    number: int = 0
    _pages: list[tuple[PhonePage, ExchangeLink]] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for person in PEOPLE.staff:
            page = PhonePage(person.id, person.roles, f"{person.id}-phone")
            filters = filters_for((Alert, AlertClosed), site=SITE, own={})
            self._pages.append((page, self.exchange.connect(filters)))

    def turn(self) -> None:
        """Hear what came, and act now and then."""
        for page, link in self._pages:
            self._connect(page, link)
            while delivery := link.receive(0):
                message = read_delivery(delivery.topic, delivery.payload, site=SITE)
                if isinstance(message, AlertClosed):
                    page.close(message)
                elif isinstance(message, Alert):
                    page.receive(message, now())
            page.pass_time(now())
            if link.connected_count:
                self._act(page, link)

    def _connect(self, page: PhonePage, link: ExchangeLink) -> None:
        known = self._known.get(page.staff_id)
        self._known[page.staff_id] = link.connected_count
        if link.connected_count == 0:
            page.lose_connection()
        elif link.connected_count != known:
            page.connect(now())
            link.send(_online(page))
            for ack in page.pending.values():
                link.send(ack)

    def _act(self, page: PhonePage, link: ExchangeLink) -> None:
        for alert_id in sorted(page.ringing()):
            dice = self.chance.random()
            if dice < CLAIMS:
                link.send(page.answer(alert_id, AckAnswer.CLAIM, now()))
            elif dice > 1 - PASSES_ON:
                link.send(page.answer(alert_id, AckAnswer.PASS_ON, now()))
        if "consultant" in page.roles and self.chance.random() < ACTS:
            self.number += 1
            link.send(self._deed(page.staff_id))

    def _deed(self, staff_id: str) -> Message:
        dice, name = self.chance.randrange(6), f"{staff_id}-{self.number}"
        phone = f"1380000{self.chance.randrange(50):04d}"
        if dice == 0:
            return Registration(
                registration_id=f"r-{name}", staff_id=staff_id, registered_at=now(), phone=phone
            )
        if dice == 1:
            return LookUp(look_up_id=f"l-{name}", staff_id=staff_id, asked_at=now(), phone=phone)
        kind = self.chance.choice(REPORTS)
        return StaffReport(report_id=f"s-{name}", staff_id=staff_id, kind=kind, reported_at=now())


def _online(page: PhonePage) -> NodeStatus:
    return page.heartbeat(now(), now())
