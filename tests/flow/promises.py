"""A random morning of one hub and one tablet, and what the tablet shows at every moment of it."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import msgspec

from broker.handlers.context import Hub
from broker.handlers.presence import Presence
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from kiosk.answers import Answers
from kiosk.last_page import showing
from kiosk.visits import Visit, Visits
from shared.messages import (
    Ack,
    AckAnswer,
    Alert,
    AlertClosed,
    Assignment,
    Message,
    NodeKind,
    NodeState,
    NodeStatus,
    ReportKind,
    StaffReport,
)
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL

PHONES = ("li", "wang", "chen")
STEPS = 14


@dataclass
class Morning:
    """What happened, noted apart from the hub: who said that they go, whose phone is online."""

    random: Random
    hub: Hub
    clock: FakeClock
    visits: Visits
    online: set[str] = field(default_factory=set)
    open_alerts: dict[str, Alert] = field(default_factory=dict)
    claims: list[tuple[str, str]] = field(default_factory=list)
    """Visit and person of each claim that was sent."""
    tablets: list[Visit] = field(default_factory=list)
    sent: int = 0
    shown: set[str] = field(default_factory=set)
    """Every kind of page that was shown: a run that shows nothing proves nothing."""

    def live(self, seed: int) -> set[str]:
        """The morning of ``seed``, before tablets that nobody stands at; the pages shown."""
        self.random.seed(seed)
        self.tablets, self.shown = [], set()
        for _ in range(STEPS):
            self.step()
        return self.shown

    def step(self) -> None:
        """Something happens; then every tablet is looked at."""
        self.sent += 1
        self.clock.pass_s(self.random.choice((1, 2, 20, 70)))
        self._beat()
        happens = self.random.choice(
            (self._check_in, self._answer, self._answer, self._flip, self._report, self._wait)
        )
        happens()
        self._take(lambda: let_time_pass(self.hub))
        for visit in self.tablets:
            self._look(visit)

    def _beat(self) -> None:
        for who in sorted(self.online):
            self._status(who, NodeState.ONLINE)

    def _status(self, who: str, state: NodeState) -> None:
        said = NodeStatus(node_id=who, kind=NodeKind.STAFF, state=state, at=self.clock())
        self._do(said)

    def _flip(self) -> None:
        who = self.random.choice(PHONES)
        self.online ^= {who}
        is_online = who in self.online
        self._status(who, NodeState.ONLINE if is_online else NodeState.OFFLINE)

    def _wait(self) -> None:
        self.clock.pass_s(130)
        self._beat()

    def _check_in(self) -> None:
        visit = self.visits.begin(Answers("zh-CN"))
        visit.checked_in_at, visit.checked_in_s = self.clock(), self.clock.running_s()
        self.tablets.append(visit)
        check_in = msgspec.structs.replace(
            NATURAL, check_in_id=visit.check_in_id, seq=self.sent, checked_in_at=self.clock()
        )
        self._do(check_in)

    def _answer(self) -> None:
        if not self.open_alerts:
            return
        alert = self.open_alerts[self.random.choice(list(self.open_alerts))]
        who = alert.staff_id or ("chen" if alert.role == "manager" else "lin")
        how = self.random.choice((AckAnswer.CLAIM, AckAnswer.CLAIM, AckAnswer.PASS_ON))
        if how is AckAnswer.CLAIM:
            self.claims.append((alert.visit_id, who))
        self._do(
            Ack(
                ack_id=f"ack-{self.sent}",
                alert_id=alert.alert_id,
                staff_id=who,
                answer=how,
                acked_at=self.clock(),
            )
        )

    def _report(self) -> None:
        kind = self.random.choice((ReportKind.AWAY, ReportKind.BACK, ReportKind.FINISHED))
        who = self.random.choice(PHONES[:2])
        open_visits = [v.visit_id for v in self.hub.decider.state.in_house if v.host_id == who]
        self._do(
            StaffReport(
                report_id=f"r-{self.sent}",
                staff_id=who,
                kind=kind,
                visit_id=open_visits[0] if kind is ReportKind.FINISHED and open_visits else None,
                reported_at=self.clock(),
            )
        )

    def _do(self, message: Message) -> None:
        self._take(lambda: handle(self.hub, message))

    def _take(self, work: object) -> None:
        assert callable(work)
        work()
        rows = self.hub.outbox.waiting(1000)
        self.hub.outbox.forget([row.row for row in rows])
        for message in (row.message for row in rows):
            match message:
                case Alert():
                    self.open_alerts[message.alert_id] = message
                case AlertClosed():
                    self.open_alerts.pop(message.alert_id, None)
                case Assignment():
                    self.visits.assign(message)

    def _look(self, visit: Visit) -> None:
        """Hold what this tablet shows against what was noted."""
        page = showing(visit.assignment, waited_s=1.0, answer_within_s=3.0, unsent=None)
        state, _, name = page.partition(":")
        self.shown.add(state)
        if state not in ("asked", "set_out"):
            return
        assert visit.assignment is not None
        people = {person.name: person.id for person in PEOPLE.staff} | {"值班经理": "chen"}
        has_claimed = (visit.assignment.visit_id, people[name]) in self.claims
        if state == "set_out":
            assert has_claimed, f"{page}: nobody said that they go"
        else:
            assert people[name] in self.online, f"{page}: their phone is offline"


def mornings(seeds: range, of_one_hub: int = 10) -> Iterator[set[str]]:
    """Live through the morning of each seed, some after another at one hub; the pages shown."""
    for first in range(seeds.start, seeds.stop, of_one_hub):
        clock = FakeClock()
        with tempfile.TemporaryDirectory() as folder:
            hub = open_hub(Path(folder), PEOPLE, Policy(), clock)
            timed = replace(hub, presence=Presence(clock.running_s))
            visits = Visits(idle_s=86_400, clock=clock, stopwatch=clock.running_s)
            lived = Morning(Random(), timed, clock, visits, online={"li", "wang"})
            for seed in range(first, min(first + of_one_hub, seeds.stop)):
                yield lived.live(seed)
            hub.inbox.db.close()
