"""A site at which nobody answers for ten minutes: sixty cars an hour, and every phone is on."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace as changed

from broker.console.site_view import Overview
from broker.handlers.context import Hub
from broker.handlers.presence import Presence
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from broker.site_file import SitePeople, Staff
from shared.clock import now
from shared.messages import Alert, AlertClosed, Message, NodeKind, NodeState, NodeStatus
from tests.browser.handheld_phone import EVERYBODY
from tests.fakes import FakeClock
from tests.hub_site import site_of
from tests.phone_page import PhonePage
from tests.samples import NATURAL, arrival

CARS = 10
EVERY_S = 60
STEP_S = 20
LATER = timedelta(hours=1)
WALK_S = 120
"""From the gate to the tablet; every second visitor gets there."""


@dataclass(slots=True)
class UnansweredSite:
    """The hub after these ten minutes, and what lies on each phone."""

    hub: Hub
    clock: FakeClock
    phones: dict[str, PhonePage]
    told: list[Message] = field(default_factory=list)

    def open_alerts(self, staff_id: str) -> list[Alert]:
        """What this person's phone still shows as open, as it was last sent."""
        phone = self.phones[staff_id]
        ringing = phone.ringing()
        found = (item.alert for key, item in phone.items.items() if key in ringing)
        # A page that a busy machine opens late would find the first of them over.
        return [changed(alert, expires_at=alert.expires_at + LATER) for alert in found]

    def view(self, folder: Path) -> Overview:
        """What the pages are told of the site."""
        return site_of(self.hub, folder).overview("zh-CN")

    def hear(self, message: Message) -> None:
        """Act on ``message``, and let the phones hear what follows."""
        handle(self.hub, message)
        self._deliver()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(int(seconds / STEP_S)):
            self.clock.pass_s(STEP_S)
            let_time_pass(self.hub)
            self._deliver()

    def _deliver(self) -> None:
        while rows := self.hub.outbox.waiting(100):
            self.hub.outbox.forget([row.row for row in rows])
            for message in (row.message for row in rows):
                self._show(message)

    def _show(self, message: Message) -> None:
        self.told.append(message)
        for phone in self.phones.values():
            if isinstance(message, Alert):
                phone.receive(message, self.clock.moment)
            elif isinstance(message, AlertClosed):
                phone.close(message)
            phone.pass_time(self.clock.moment)


def nobody_answers(folder: Path, cars: int = CARS) -> UnansweredSite:
    """The site a minute after the last of so many cars; its clock then shows the time of now."""
    begun = now() - timedelta(seconds=cars * EVERY_S)
    clock = FakeClock(begun)
    staff = tuple(
        Staff(id=one.staff_id, name=one.name, roles=one.roles, pin=one.pin) for one in EVERYBODY
    )
    order = tuple(one.id for one in staff if "consultant" in one.roles)
    policy = changed(Policy(), open="00:00", close="24:00")
    hub = open_hub(folder, SitePeople(staff=staff, order=order), policy, clock)
    hub = replace(hub, presence=Presence(lambda: 0.0))  # no phone falls silent
    phones = {one.id: PhonePage(one.id, one.roles, f"{one.id}-phone") for one in staff}
    site = UnansweredSite(hub, clock, phones)
    for staff_id in phones:
        site.hear(heartbeat(staff_id, begun))
    for number in range(1, cars + 1):
        plate = f"浙A{number:02d}000"
        site.hear(arrival(plate, number, seen_at=clock.moment))
        site.wait(EVERY_S)
        late = number - WALK_S // EVERY_S
        if late > 0 and late % 2:
            site.hear(_check_in(late, clock))
    return site


def heartbeat(staff_id: str, at: datetime) -> NodeStatus:
    """Their phone is on."""
    return NodeStatus(
        node_id=staff_id,
        kind=NodeKind.STAFF,
        state=NodeState.ONLINE,
        at=at,
        device_id=f"{staff_id}-phone",
    )


def _check_in(number: int, clock: FakeClock) -> Message:
    return changed(
        NATURAL,
        check_in_id=f"c-{number}",
        seq=number,
        arrival_id=f"a-{number}",
        checked_in_at=clock.moment,
        sent_at=clock.moment,
        surname="张",
        salutation="女士",
        party_size=2,
        drinks=("green_tea", "green_tea"),
        visitor_number=str(100 + number),
    )
