"""The same day twice, with a right clock and with one that jumps: the decisions are the same.

A seed chooses the visitors, the staff's answers, and what becomes of the machine's clock: hours and
years, forward and back, corrections by seconds, restarts, and power cuts with a clock that begins
anywhere. Nothing happens within seconds of a deadline, because a correction is brought in slowly.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from broker.site_file import SitePeople, Staff
from shared.messages import Message, ReportKind
from tests.clocked_hub import ClockedHub
from tests.hub_answers import registration, report, visitor
from tests.samples import arrival

STAFF = ("li", "wang", "zhao", "sun")
PEOPLE = SitePeople(
    staff=(
        *(
            Staff(id=who, name=who, roles=("consultant",), pin="1111", team="ab"[place % 2])
            for place, who in enumerate(STAFF)
        ),
        Staff(id="boss", name="boss", roles=("manager",), pin="2222"),
        Staff(id="lin", name="lin", roles=("door",), pin="3333"),
    ),
    order=STAFF,
)
SHORT_S, LONG_S = (1, 2), (150, 310, 1700)
SHORTS_IN_A_ROW = 3
PHONES = ("13800000001", "13800000002", "13900000003")
PLATES = ("浙A00001", "浙A00002")
FAR = tuple(
    timedelta(**far)
    for far in ({"hours": 1}, {"minutes": 3}, {"days": 20}, {"days": 365}, {"days": 9_000})
)
NEAR_S = 3.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a check-in."""

    check_in_id: str
    rule: str | None
    owner_id: str | None
    host_id: str | None
    is_turn_used: bool
    flags: str


class ClockDay:
    """Two sites that live through the same; the clock of ``astray`` is not to be trusted."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.sites = [ClockedHub(folder / name, PEOPLE) for name in ("right", "astray")]
        self.astray = self.sites[1]
        self.number = 0
        self.mishaps: list[str] = []

    def live(self, moves: int) -> None:
        """Live through so many moves, and compare after each."""
        for _ in range(moves):
            self._wait()
            self._mishap()
            self._move()
            self.assert_same()
        self._mend()
        for site in self.sites:
            site.pass_s(86_400)
        self.assert_same()
        for site in self.sites:
            site.assert_sound()

    def assert_same(self) -> None:
        """Both sites decided the same, and stand the same."""
        right, astray = ([*_decisions(site), _stands(site)] for site in self.sites)
        assert right == astray, self.mishaps

    def _wait(self) -> None:
        is_long = self.number % (SHORTS_IN_A_ROW + 1) == SHORTS_IN_A_ROW
        seconds = self.chance.choice(LONG_S if is_long else SHORT_S)
        for site in self.sites:
            site.pass_s(seconds)

    def _mishap(self) -> None:
        kinds = (self._jump, self._mend, self._correct, self._restart, self._power_cut)
        if self.chance.random() < 0.5:
            mishap = self.chance.choice(kinds)
            self.mishaps.append(f"{self.number} {mishap.__name__}")
            mishap()

    def _jump(self) -> None:
        far = self.chance.choice(FAR) * self.chance.choice((1, -1))
        self.astray.is_set(self.astray.right.moment + far)

    def _mend(self) -> None:
        self.astray.is_set(self.astray.right.moment)

    def _correct(self) -> None:
        off_s = self.chance.uniform(-NEAR_S, NEAR_S)
        self.astray.is_set(self.astray.right.moment + timedelta(seconds=off_s))

    def _restart(self) -> None:
        for site in self.sites:
            site.restart()

    def _power_cut(self) -> None:
        """Off for an hour while nobody waits for an answer; then the clock shows anything."""
        visits = self.sites[0].hub.decider.state.visits.values()
        if any(visit.host_id and visit.acked_at is None for visit in visits):
            return
        self._mend()
        right = self.sites[0].right.moment + timedelta(hours=1)
        begins = (right, datetime.fromisoformat("1970-01-01T00:00:09Z"), right + FAR[3])
        self.sites[0].switch_off(3600)
        self.astray.switch_off(3600, shows=self.chance.choice(begins))
        for site in self.sites:
            site.pass_s(20)
        self._mend()

    def _move(self) -> None:
        self.number += 1
        make = self.chance.choice(_MOVES)
        message = make(self)
        if message is None:
            return
        now = self.sites[0].right.moment
        moment = {name: now for name in _MOMENTS if hasattr(message, name)}
        for site in self.sites:
            site.take(replace(message, sent_at=now, **moment))

    def visit(self) -> Any:
        """One of the open visits, by its check-in the same at both sites; None: there is none."""
        found = [
            row
            for row in map(self.sites[0].hub.visits.find, self.sites[0].hub.decider.state.visits)
            if row is not None and row.check_in_id is not None
        ]
        return self.chance.choice(found) if found else None


_MOMENTS = ("checked_in_at", "reported_at", "registered_at", "seen_at")


def _decisions(site: ClockedHub) -> list[Decision]:
    rows = [site.hub.visits.of_check_in(f"c-{number}") for number in range(100)]
    return [
        Decision(
            row.check_in_id or "", row.rule, row.owner_id, row.host_id, row.is_turn_used, row.flags
        )
        for row in rows
        if row is not None
    ]


def _stands(site: ClockedHub) -> tuple[object, ...]:
    """The day, the line, who is away, and how many visits are open."""
    state = site.hub.decider.state
    line = tuple(turn.consultant_id for turn in site.hub.visits.line())
    return state.today, line, sorted(state.absent), len(state.visits), len(state.make_ups)


def _check_in(day: ClockDay) -> Message:
    phone = day.chance.choice((*PHONES, None))
    consented_at = day.sites[0].right.moment if phone else None
    return replace(visitor(day.number), phone=phone, consented_at=consented_at)


def _arrive(day: ClockDay) -> Message:
    return arrival(day.chance.choice(PLATES), day.number)


def _of_host(kind: ReportKind) -> Callable[[ClockDay], Message | None]:
    def made(day: ClockDay) -> Message | None:
        row = day.visit()
        if row is None or row.host_id not in STAFF:
            return None
        said = report(kind, row.host_id, day.number)
        return _at_both(day, said, row.check_in_id)

    return made


def _at_both(day: ClockDay, said: Message, check_in_id: str) -> Message | None:
    """``said`` about this check-in's visit, whose id differs at the two sites."""
    for site in day.sites:
        row = site.hub.visits.of_check_in(check_in_id)
        now = site.right.moment
        site.take(replace(said, visit_id=row and row.visit_id, reported_at=now, sent_at=now))
    return None


def _own(kind: ReportKind) -> Callable[[ClockDay], Message]:
    return lambda day: report(kind, day.chance.choice(STAFF), day.number)


def _register(day: ClockDay) -> Message:
    return registration(day.number, day.chance.choice(STAFF), day.chance.choice(PHONES))


_MOVES: tuple[Callable[[ClockDay], Message | None], ...] = (
    *((_check_in,) * 4),
    _arrive,
    *((_of_host(ReportKind.SERVING),) * 4),
    *((_of_host(ReportKind.FINISHED),) * 3),
    _of_host(ReportKind.DECLINED),
    _own(ReportKind.AWAY),
    *((_own(ReportKind.BACK),) * 2),
    _register,
)
