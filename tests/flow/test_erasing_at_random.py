"""Random days with few phones and plates, so that many share one, and people who are erased."""

import random
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.verify import verify
from broker.local.questions import OwnCorrection, OwnErasure, PersonRequest, Purpose
from broker.rules.policy import Policy
from broker.store.rebuilt import differences
from shared.errors import MessageError
from shared.messages import (
    Answer3,
    LookUp,
    Registration,
    ReportKind,
    StaffReport,
)
from shared.sealed_file import connect
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.rows import everything_in
from tests.samples import NATURAL, arrival, departure

PHONES = ("13800138000", "13900001111", "13700002222", None)
PLATES = ("浙A88888", "浙B99999", "浙C77777", "浙AD12345", None)
MOVES = 80


class Days:
    """A hub's days: one random event after the other."""

    def __init__(self, hub: Hub, clock: FakeClock, seed: int) -> None:
        self.hub, self.clock, self.chance, self.number = hub, clock, random.Random(seed), 0

    def go_on(self) -> None:
        self.number += 1
        self.clock.pass_s(self.chance.choice((1, 5, 60, 600, 4000)))
        move = self.chance.choice(MOVE)
        with suppress(MessageError):  # two people have the plate, or there is no such check-in
            move(self)
        let_time_pass(self.hub)
        rows = self.hub.outbox.waiting(1000)
        self.hub.outbox.forget([row.row for row in rows])

    def phone(self) -> str | None:
        return self.chance.choice(PHONES)

    def plate(self) -> str | None:
        return self.chance.choice(PLATES)

    def some_check_in(self) -> str:
        return f"c-{self.chance.randint(1, self.number)}"

    def arrive(self) -> None:
        handle(self.hub, arrival(self.plate() or "苏E55555", self.number, seen_at=self.clock()))

    def leave(self) -> None:
        handle(self.hub, departure(self.plate() or "苏E55555", self.number, seen_at=self.clock()))

    def check_in(self) -> None:
        phone = self.phone()
        asked = replace(
            NATURAL,
            check_in_id=f"c-{self.number}",
            checked_in_at=self.clock(),
            consented_at=self.clock(),
            phone=phone,
            surname=self.chance.choice(("张", "李", None)),
            salutation="先生",
            plate=self.plate(),
            arrival_id=self.chance.choice((None, f"a-{self.chance.randint(1, self.number)}")),
            is_first_visit=self.chance.choice(tuple(Answer3)),
            named_consultant_id=self.chance.choice((None, "li", "wang")),
            page_key=f"{self.number:064d}",
        )
        handle(self.hub, asked)

    def register(self) -> None:
        plate = self.plate()
        entry = Registration(
            registration_id=f"r-{self.number}",
            staff_id=self.chance.choice(("li", "wang")),
            registered_at=self.clock(),
            surname="张",
            phone=self.phone(),
            plates=(plate,) if plate else (),
        )
        handle(self.hub, entry)

    def look_up(self) -> None:
        asked = LookUp(
            look_up_id=f"l-{self.number}",
            staff_id="li",
            asked_at=self.clock(),
            phone=self.phone(),
            plate=self.plate(),
        )
        handle(self.hub, asked)

    def report(self) -> None:
        kind = self.chance.choice((ReportKind.FINISHED, ReportKind.AWAY, ReportKind.BACK))
        who = self.chance.choice(("li", "wang"))
        said = StaffReport(
            report_id=f"s-{self.number}", staff_id=who, kind=kind, reported_at=self.clock()
        )
        handle(self.hub, said)

    def correct(self) -> None:
        said = OwnCorrection(
            correction_id=f"o-{self.number}",
            check_in_id=self.some_check_in(),
            corrected_at=self.clock(),
            surname="赵",
            phone=self.phone(),
            plate=self.plate(),
        )
        handle(self.hub, said)

    def erase(self) -> None:
        phone, plate = self.phone(), self.plate()
        if phone is None and plate is None:
            return
        asked = PersonRequest(
            request_id=f"q-{self.number}",
            purpose=Purpose.ERASE,
            asked_at=self.clock(),
            phone=phone,
            plate=None if phone else plate,
        )
        handle(self.hub, asked)

    def erase_myself(self) -> None:
        check_in_id, at = self.some_check_in(), self.clock()
        asked = OwnErasure(erasure_id=f"e-{self.number}", check_in_id=check_in_id, asked_at=at)
        handle(self.hub, asked)


MOVE: tuple[Callable[[Days], None], ...] = (
    *(Days.arrive, Days.arrive, Days.check_in, Days.check_in, Days.check_in),
    *(Days.leave, Days.register, Days.look_up, Days.report, Days.report, Days.correct),
    *(Days.erase, Days.erase_myself),
)


def assert_sound(hub: Hub, clock: FakeClock, folder: Path) -> None:
    hub.journal.seal()
    said: list[str] = []
    assert verify(folder / "hub.sqlite3", said.append) == 0, said
    assert replay(folder / "hub.sqlite3", said.append) == 0, said
    assert list(differences(folder / "hub.sqlite3")) == []
    hub.inbox.db.conn.execute("delete from snapshots")
    hub.inbox.db.conn.commit()
    assert open_hub(folder, PEOPLE, Policy(), clock).decider.state == hub.decider.state


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(n, marks=pytest.mark.slow) for n in (3, 4))])
def test_after_any_days_the_journal_is_proved_and_every_decision_comes_out_the_same(
    hub: Hub, clock: FakeClock, tmp_path: Path, seed: int
) -> None:
    hub.inbox.db.conn.execute("pragma synchronous = off")
    days = Days(hub, clock, seed)
    for _ in range(MOVES):
        days.go_on()
    erasures = hub.inbox.db.query("select count(*) as n from erasures where done_at is not null")
    assert next(iter(erasures))["n"] > 1
    assert_sound(hub, clock, tmp_path)


@pytest.mark.parametrize("seed", [5, *(pytest.param(n, marks=pytest.mark.slow) for n in (6, 7, 8))])
def test_after_any_days_and_the_nights_of_two_years_nobody_is_left_and_all_decisions_stand(
    hub: Hub, clock: FakeClock, tmp_path: Path, seed: int
) -> None:
    hub.inbox.db.conn.execute("pragma synchronous = off")
    days = Days(hub, clock, seed)
    for move in range(MOVES):
        days.go_on()
        if move % 20 == 19:
            two_in_the_morning(hub, clock, days=25)
    for _ in range(3):
        two_in_the_morning(hub, clock, days=300)
    assert_sound(hub, clock, tmp_path)
    with closing(connect(tmp_path / "hub.sqlite3")) as db:
        said = everything_in(db)
    keys = [key for key in (*PHONES, *PLATES, "苏E55555") if key]
    assert [key for key in keys if key in said] == []


def two_in_the_morning(hub: Hub, clock: FakeClock, days: int) -> None:
    """So many days later, in the night; everything that is due is done."""
    for later in (days - 1, 1):
        clock.moment = (clock.moment + timedelta(days=later)).replace(hour=18)
        let_time_pass(hub)
        while not hub.nightly.is_idle:
            let_time_pass(hub)
