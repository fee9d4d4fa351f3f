"""One round: a site, twelve minutes of mishaps, and what must hold at every second."""

import dataclasses
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from broker.handlers.context import Hub
from broker.handlers.presence import Presence
from broker.hub.loop import HubLoop
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.verify import problems
from broker.rules.policy import Policy
from broker.site_file import KnownCustomer, SitePeople, Staff
from shared.messages import (
    AckAnswer,
    Answer3,
    CheckIn,
    Message,
    NodeKind,
    ReportKind,
    StaffReport,
)
from shared.node import Node
from tests.bench.handheld_chaos.air import Air, AirLink, Phone
from tests.bench.handheld_chaos.checks import Watch, journal_problems
from tests.fakes import NINE, SITE, FakeClock
from tests.phone_page import PhonePage
from tests.samples import arrival

SECONDS = 240
QUIET_S = 60
"""At the end everybody is there and nothing more happens."""
CONSULTANTS = ("li", "wang", "zhao", "chen")
POSTS = {"wu": "parking", "hu": "parking", "lin": "door", "guan": "gate", "boss": "manager"}
PLATES = ("浙A88888", "浙A12345", "浙B54321", "浙A00012", "浙C66660")


class Killed(BaseException):
    """The process ends here, in the middle of whatever it does."""


def _until_killed(left: Iterator[int], messages: Iterable[Message]) -> Iterator[Message]:
    """``messages``, until as many are through as ``left`` counts: then the hub is killed."""
    for message in messages:
        if next(left, None) is None:
            raise Killed
        yield message


def site_people() -> SitePeople:
    """Four consultants in two teams, and a post each."""
    staff = [
        Staff(
            id=staff_id,
            name=staff_id.title(),
            roles=("consultant",),
            pin="1111",
            team="ab"[place % 2],
        )
        for place, staff_id in enumerate(CONSULTANTS)
    ]
    staff += [
        Staff(id=staff_id, name=staff_id.title(), roles=(role,), pin="1")
        for staff_id, role in POSTS.items()
    ]
    known = KnownCustomer(
        consultant="wang", at=NINE.replace(day=20), surname="张", plates=(PLATES[0],)
    )
    return SitePeople(staff=tuple(staff), order=CONSULTANTS, registered=(known,))


@dataclass
class Round:
    """A seeded round; ``run`` gives what went wrong."""

    seed: int
    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    number: int = 0
    hub: Hub | None = None
    back_at: int = 0
    server_back_at: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.people = site_people()
        self.air = Air(self.chance, self.clock, list(self._phones()))
        self.watch = Watch(self.air, self.people)
        self.air.rang = self.watch.rang

    def run(self) -> list[str]:
        """What did not hold; empty: all did."""
        self._start_hub()
        for phone in self.air.phones:
            self.air.connect(phone)
        for second in range(SECONDS + QUIET_S):
            self.clock.pass_s(1)
            if second < SECONDS:
                self._mishap(second)
                self._visitor()
            else:
                self._mend()
            self.air.pass_second()
            self._people_act(is_busy=second < SECONDS)
            self._hub_works(second)
            if self.hub is not None:
                self.watch.look(self.hub)
        return [*self.watch.wrong, *self._journal()]

    def _phones(self) -> Iterator[Phone]:
        for person in self.people.staff:
            for place in range(2 if self.chance.random() < 0.2 else 1):
                skew_s = self.chance.choice((0, 0, 0, 3600, -3600))
                page = PhonePage(person.id, person.roles, f"{person.id}-{place}")
                yield Phone(page, self.clock, skew_s)

    def _start_hub(self) -> None:
        opened = open_hub(self.folder, self.people, Policy(), self.clock)
        self.hub = dataclasses.replace(opened, presence=Presence(self.clock.running_s))
        self.service = HubLoop(self.hub, AirLink(self.air), Node(SITE, "hub", NodeKind.HUB, "x"))
        if self.air.is_up:
            self.air.hub_connects()

    def _hub_works(self, second: int) -> None:
        if self.hub is None:
            if second >= self.back_at:
                self._start_hub()
            return
        try:
            self.service.step(0)
        except Killed:
            self._end_hub(second)

    def _end_hub(self, second: int) -> None:
        """As kill −9 does it: nothing is said, what was not committed is gone."""
        if self.hub is not None:
            self.hub.inbox.db.conn.close()
        self.hub, self.air.is_hub_there = None, False
        self.air.to_hub.clear()
        self.back_at = second + self.chance.randint(1, 50)
        self._count("hub killed")

    def _mishap(self, second: int) -> None:
        if not self.air.is_up and second >= self.server_back_at:
            self.air.come_up()
        dice = self.chance.random()
        if dice < 0.012 and self.hub is not None:
            self._kill_hub(second)
        elif dice < 0.02 and self.air.is_up:
            self.air.go_down()
            self.server_back_at = second + self.chance.randint(1, 30)
            self._count("server killed")
        for phone in self.air.phones:
            self._phone_mishap(phone)

    def _kill_hub(self, second: int) -> None:
        """Between two messages, or in the middle of a transaction."""
        if self.chance.random() < 0.5 or self.hub is None:
            self._end_hub(second)
            return
        left, put_all = iter(range(self.chance.randint(0, 6))), self.hub.outbox.put_all

        def dying_put(messages: Iterable[Message]) -> None:
            put_all(_until_killed(left, messages))

        self.hub.outbox.put_all = dying_put  # type: ignore[method-assign]

    def _phone_mishap(self, phone: Phone) -> None:
        dice = self.chance.random()
        if phone.is_frozen and dice < 0.03:
            phone.is_frozen, phone.woken_for_s = False, 0
        elif not phone.is_connected and not phone.is_frozen and dice < 0.05:
            self.air.connect(phone)
        elif phone.is_connected and not phone.is_frozen and dice < 0.004:
            phone.is_frozen, phone.frozen_for_s = True, 0
            self._count("phone frozen")
        elif phone.is_connected and dice < 0.008:
            self.air.disconnect(phone, has_will=self.chance.random() < 0.8)
            self._count("phone lost")
        elif phone.is_connected and dice < 0.01:
            self.air.disconnect(phone)
            phone.page.items.clear()  # the page is reloaded and keeps only claims
            self._count("phone restarted")

    def _mend(self) -> None:
        if not self.air.is_up:
            self.air.come_up()
        self.back_at = 0
        for phone in self.air.phones:
            if phone.is_frozen:
                phone.is_frozen, phone.woken_for_s = False, 0
            self.air.connect(phone)

    def _visitor(self) -> None:
        """A car, or somebody at the tablet; both are in an outbox until the hub has them."""
        dice = self.chance.random()
        if dice >= 0.08 or self.hub is None or not self.air.is_up:
            return
        self.number += 1
        self._count("visitors")
        if dice < 0.02:
            plate = self.chance.choice(PLATES)
            self._to_hub(arrival(plate, self.number, seen_at=self.clock.moment))
            return
        check_in = CheckIn(
            check_in_id=f"c-{self.number}",
            kiosk_id="lobby",
            seq=self.number,
            checked_in_at=self.clock.moment,
            plate=self.chance.choice((*PLATES, None)),
            is_first_visit=Answer3.YES,
            family_visited=Answer3.NO,
            was_contacted=Answer3.NO,
        )
        self._to_hub(check_in)

    def _to_hub(self, message: Message) -> None:
        self.air.publish(message)

    def _people_act(self, *, is_busy: bool) -> None:
        for phone in self.air.phones:
            if phone.is_frozen:
                continue
            for alert_id in sorted(phone.page.ringing()):
                self._answer(phone, alert_id, eager=not is_busy)
            if self.chance.random() < 0.01 and "consultant" in phone.page.roles:
                self._finish(phone)

    def _answer(self, phone: Phone, alert_id: str, *, eager: bool) -> None:
        dice, now = self.chance.random(), self.clock.moment
        if dice < (0.2 if eager else 0.025):
            how = AckAnswer.CLAIM
        elif dice > 0.99:
            how = AckAnswer.PASS_ON
        elif dice > 0.8:
            how = AckAnswer.SHOWN
        else:
            return
        self._count(how.value)
        self.air.tell(phone, phone.page.answer(alert_id, how, now))

    def _finish(self, phone: Phone) -> None:
        self.number += 1
        report = StaffReport(
            report_id=f"s-{self.number}",
            staff_id=phone.page.staff_id,
            kind=ReportKind.FINISHED,
            reported_at=self.clock.moment,
        )
        self.air.tell(phone, report)

    def _journal(self) -> list[str]:
        """Whether the chain holds, the decisions come out again, and alerts end once."""
        assert self.hub is not None, "the hub is back at the end of a round"
        self.hub.journal.seal()
        path, said = self.folder / "hub.sqlite3", list[str]()
        wrong = [f"journal: {problem}" for problem in problems(path)]
        if replay(path, said.append) != 0:
            wrong += said
        rows = self.hub.inbox.db.conn.execute("select kind, subject_id, body from journal")
        wrong += journal_problems(rows.fetchall())
        rows = self.hub.inbox.db.conn.execute("select reason, payload from rejected")
        wrong += [f"rejected: {reason} {payload!r}" for reason, payload in rows.fetchall()]
        self.hub.inbox.db.conn.close()
        return wrong

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
