"""Days with duties: outages, kills, clocks that jump; and what must hold of each duty."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from broker.rules.duties import Duty, DutyAct, DutyState
from broker.rules.duty_planning import of_day
from broker.rules.duty_table import DutyPlan, Late
from broker.rules.policy import Policy
from broker.site_file import SitePeople
from broker.store.duty_rows import (
    PLANNED,
    STEPPED,
    PlannedDuties,
    SteppedDuty,
    duties_of_day,
    duties_told,
)
from shared.errors import MessageError
from shared.messages import ReportKind, StaffReport
from tests.clocked_hub import ClockedHub
from tests.hub_answers import answers
from tests.hub_fixtures import PEOPLE

POSTS = ("parking", "door", "manager", "bar")
HOLDERS = {"parking": "wu", "door": "lin", "manager": "chen", "bar": "chen"}
TIMES = ("09:00", "open-30 13:15", "close+10", "10:00-16:00/90", "11:00 17:45")
TELLS = ("岗位任务", "设备没有确认，请人工办理")
"""The titles of what rings at the post that does it."""
SLACK = timedelta(seconds=2)


class DutyDays:
    """A hub whose days go wrong as ``seed`` says."""

    times: tuple[str, ...] = TIMES
    people: SitePeople = PEOPLE

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        plans = tuple(self.row(number) for number in range(self.chance.randint(2, 6)))
        self.policy = Policy(duties=plans)
        self.site = ClockedHub(folder, people=self.people, policy=self.policy)
        self.began = self.site.hub.clock()
        self.reports = 0

    def row(self, number: int) -> DutyPlan:
        """A row of the table."""
        return DutyPlan(
            key=f"d{number}",
            post=self.chance.choice(POSTS),
            text=f"任务{number}",
            times=self.chance.choice(self.times),
            within_minutes=self.chance.choice((5, 15, 40)),
            late=self.chance.choice(tuple(Late)),
        )

    def live(self, moves: int) -> None:
        """So many things happen; then the clock is right until the next day has begun."""
        for _ in range(moves):
            self.chance.choice(self.moves())()
        self._settle()

    def moves(self) -> tuple[Callable[[], None], ...]:
        """What may happen next."""
        return (
            *(self._wait, self._wait, self._tick),
            *(self._kill, self._outage, self._leap, self._boot),
        )

    def _wait(self) -> None:
        self.site.pass_s(self.chance.choice((20.0, 300.0, 1800.0, 7200.0)))

    def _kill(self) -> None:
        self.site.restart()

    def _outage(self) -> None:
        self.site.switch_off(self.chance.choice((60.0, 900.0, 3 * 3600.0, 20 * 3600.0)))

    def _leap(self) -> None:
        """The machine's clock jumps; a while later it is set right."""
        leap = timedelta(minutes=self.chance.choice((-600, -45, -3, 3, 20, 45, 600, 1800)))
        self.site.is_set(self.site.machine.moment + leap)
        self.site.pass_s(self.chance.choice((5.0, 120.0, 2400.0)))
        self.site.is_set(self.site.right.moment)

    def _boot(self) -> None:
        """The machine starts with a clock that is wrong; a while later it is set right."""
        ahead = timedelta(minutes=self.chance.choice((-90, 4, 90, 1500)))
        off = timedelta(seconds=self.chance.choice((30.0, 1800.0)))
        self.site.switch_off(off.total_seconds(), self.site.right.moment + off + ahead)
        self.site.pass_s(self.chance.choice((5.0, 900.0)))
        self.site.is_set(self.site.right.moment)

    def _tick(self) -> None:
        """Somebody at a post does, or can't do, one of today's duties."""
        hub = self.site.hub
        on = hub.decider.policy.local(hub.clock()).date()
        found = list(hub.duties.of_day(on))
        if not found:
            return
        duty = self.chance.choice(found)
        kind = self.chance.choice(
            (ReportKind.DUTY_DONE, ReportKind.DUTY_IMPOSSIBLE, ReportKind.DUTY_RUN)
        )
        self.reports += 1
        report = StaffReport(
            report_id=f"r-{self.reports}",
            staff_id=HOLDERS[duty.post],
            kind=kind,
            reported_at=hub.clock(),
            duty_id=duty.duty_id,
        )
        try:
            answers(hub, report)
        except MessageError:  # it was over, or is not asked about
            return

    def _settle(self) -> None:
        """The clock is right, and the next day has begun."""
        self.site.is_set(self.site.right.moment)
        hub = self.site.hub
        late = max(hub.clock(), self.site.right.moment)
        self.ends = self.policy.start_of(self.policy.local(late).date() + timedelta(days=1))
        while hub.clock() < self.ends + SLACK:
            self.site.pass_s(3600.0)

    def problems(self) -> Iterator[str]:
        """What does not hold."""
        db = self.site.hub.inbox.db
        folded = duties_told(db)
        rows = {
            duty.duty_id: duty
            for day in {duty.on for duty in folded.values()}
            for duty in duties_of_day(db, day)
        }
        if rows != folded:
            yield "the rows are not what the journal tells"
        yield from self._told_twice()
        for duty in folded.values():
            if duty.is_open and self.policy.start_of(duty.on + timedelta(days=1)) <= self.ends:
                yield f"{duty.duty_id} is still {duty.state}"
        yield from self._lost(folded)
        yield from self._against_policy(folded)

    def _told_twice(self) -> Iterator[str]:
        """A duty rings at its post once each time that it was planned."""
        told = Counter(alert.visit_id for title in TELLS for alert in self.site.alerts(title))
        planned = self._planned()
        for duty_id, count in told.items():
            if count > planned[duty_id]:
                yield f"{duty_id} was told {count} times, and planned {planned[duty_id]} times"

    def _planned(self) -> Counter[str]:
        """How often each duty was planned: again, once it was dropped or taken back."""
        rows = self.site.hub.inbox.db.conn.execute(
            "select body from journal where kind = ? order by seq", [PLANNED]
        )
        entries = (msgspec.json.decode(body, type=PlannedDuties) for (body,) in rows.fetchall())
        return Counter(duty.duty_id for entry in entries for duty in entry.duties)

    def _lost(self, folded: dict[str, Duty]) -> Iterator[str]:
        """Every duty of each day on which the hub ran, from its second day on, was planned."""
        first = self.policy.local(self.began).date()
        for day in {duty.on for duty in folded.values()} - {first}:
            for duty_id in set(of_day(self.policy, day)) - set(folded):
                yield f"{duty_id} was never planned"

    def _against_policy(self, folded: dict[str, Duty]) -> Iterator[str]:
        """What time does is done in time, or as the policy says."""
        allowed = {DutyAct.TELL: Late.RUN, DutyAct.SKIP: Late.SKIP, DutyAct.ASK: Late.ASK}
        for duty_id, act, by, at in self._steps():
            duty = folded.get(duty_id)
            if duty is None or by is not None or act not in allowed:
                continue
            if at < duty.due_at:
                yield f"{duty_id}: {act} before it was due"
            is_late = at > duty.due_at + duty.may_take
            if is_late and allowed[act] is not duty.late:
                yield f"{duty_id}: {act} at {at:%H:%M} though it is {duty.late}"
            if not is_late and act is not DutyAct.TELL:
                yield f"{duty_id}: {act} though it is in time"

    def _steps(self) -> Iterator[tuple[str, DutyAct, str | None, datetime]]:
        rows = self.site.hub.inbox.db.conn.execute(
            "select subject_id, at, body from journal where kind = ? order by seq", [STEPPED]
        )
        for duty_id, at, body in rows.fetchall():
            note = msgspec.json.decode(body, type=SteppedDuty)
            yield duty_id, note.act, note.by, datetime.fromisoformat(at)

    def ended(self) -> Counter[DutyState]:
        """How the duties ended."""
        return Counter(duty.state for duty in duties_told(self.site.hub.inbox.db).values())
