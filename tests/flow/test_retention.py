"""Three years pass: whatever was kept for long enough is gone, and every decision still stands."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.queries.erased import erased_last
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from broker.rules.retention import Retention
from shared.messages import LookUp, ServiceKind, ServiceVisit
from tests.erasing import (
    OTHER_PHONE,
    OTHER_PLATE,
    PHONE,
    PLATE,
    TYPED_WRONG,
    a_whole_visit,
    check_in,
    finish,
    left_on_the_disk,
    registration,
    somebody_else,
)
from tests.fakes import NINE, FakeClock
from tests.hub_fixtures import PEOPLE
from tests.nights import assert_sound, kept, night
from tests.samples import arrival

VISITED = "13500004444"
PASSER_BY, LOOKED_UP, LOOKED_UP_NAME = "苏E55555", "13600003333", "诸葛"
DELIVERER, WHOM = "慕容", "尉迟"
UNUSABLE = "not a message"


def a_first_day(hub: Hub, clock: FakeClock) -> None:
    """A day with something of every class."""
    handle(hub, arrival(PASSER_BY, 99))
    handle(hub, LookUp(look_up_id="l-9", staff_id="li", asked_at=NINE, phone=LOOKED_UP))
    handle(hub, LookUp(look_up_id="l-8", staff_id="li", asked_at=NINE, name=LOOKED_UP_NAME))
    came = ServiceVisit(
        service_visit_id="o-1",
        kiosk_id="lobby",
        seq=50,
        kind=ServiceKind.DELIVERY,
        name=DELIVERER,
        whom=WHOM,
        number="1234",
        party_size=1,
        came_at=NINE,
    )
    handle(hub, came)
    handle(hub, check_in(50, VISITED, surname="呼延"))
    finish(hub, "c-50")
    somebody_else(hub)
    a_whole_visit(hub, clock)
    hub.inbox.reject("x", UNUSABLE.encode(), "why", clock())


GONE = (
    (30, (PASSER_BY, f"X'{UNUSABLE.encode().hex().upper()}'")),
    (180, (LOOKED_UP, LOOKED_UP_NAME, DELIVERER, WHOM)),
    (730, (OTHER_PHONE, OTHER_PLATE, "司马", VISITED, "呼延", TYPED_WRONG)),
    # The appointment that they missed two days later was the last that was noted of them.
    (733, (PHONE, PLATE, "欧阳")),
)
"""After so many days, what is gone."""
CLASSES = {
    *("sightings", "visits", "registrations", "look_ups", "alerts"),
    *("other_visitors", "rejected", "own_pages"),
}


@pytest.mark.timeout(120)
def test_each_class_is_gone_on_its_day_and_everything_that_was_decided_stands(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    hub.inbox.db.conn.execute("pragma synchronous = off")
    a_first_day(hub, clock)
    for day in range(1, 4):
        night(hub, clock, day)
    counted = counts(hub)
    for days, values in GONE:
        night(hub, clock, days - 1)
        assert kept(tmp_path, *values), (days, values)
        night(hub, clock, days)
        assert not kept(tmp_path, *values), (days, values)
        erased = erased_last(hub.inbox.db)
        assert erased is not None
        assert {kind for kind, _ in erased.counts} & CLASSES
    night(hub, clock, 3 * 365)
    assert counts(hub) == counted
    assert_sound(hub, tmp_path)
    everything = tuple(value for _, values in GONE for value in values)
    assert left_on_the_disk(tmp_path, *everything) == []
    assert said_to_be_erased(hub).keys() >= CLASSES
    hub.inbox.db.conn.execute("delete from snapshots")
    hub.inbox.db.conn.commit()
    assert open_hub(tmp_path, PEOPLE, Policy(), clock).decider.state == hub.decider.state


def counts(hub: Hub) -> list[tuple[object, ...]]:
    """What reports count: visits by day, host, owner and rule, other visitors by kind."""
    visits = "select substr(opened_at, 1, 10), host_id, owner_id, rule, flags, is_turn_used"
    rows = hub.inbox.db.conn.execute(f"{visits} from visits order by rowid").fetchall()
    others = "select kind, party_size, came_at from service_visits order by rowid"
    return [*rows, *hub.inbox.db.conn.execute(others).fetchall()]


def said_to_be_erased(hub: Hub) -> dict[str, int]:
    """How many of each class the journal says to be gone."""
    said: dict[str, int] = {}
    rows = hub.inbox.db.conn.execute("select body from journal where kind = 'retention'")
    for (body,) in rows.fetchall():
        for kind, count in msgspec.json.decode(body)["erased"].items():
            said[kind] = said.get(kind, 0) + count
    return said


def test_who_still_comes_is_kept_however_long_ago_they_first_came(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    handle(hub, check_in(1, PHONE))
    night(hub, clock, 600)
    again = clock()
    handle(hub, replace(check_in(2, PHONE), checked_in_at=again, consented_at=again))
    for days in (900, 1300):
        night(hub, clock, days)
        assert kept(tmp_path, PHONE)
    night(hub, clock, 1331)
    assert not kept(tmp_path, PHONE, "欧阳")
    assert_sound(hub, tmp_path)


def test_who_is_protected_is_kept_though_their_days_are_over(
    tmp_path: Path, clock: FakeClock
) -> None:
    policy = Policy(
        protection_days=60,
        unreceived_protection_days=60,
        retention=Retention(registrations_days=10, visits_days=10),
    )
    hub = open_hub(tmp_path, PEOPLE, policy, clock)
    handle(hub, registration(1, PHONE, PLATE))
    night(hub, clock, 59)
    assert hub.register.find(Keys(phone=PHONE))
    night(hub, clock, 60)  # two in the morning after the last protected day
    assert not hub.register.find(Keys(phone=PHONE))
    assert not kept(tmp_path, PHONE, PLATE)
    assert_sound(hub, tmp_path)


def test_a_clock_that_leaps_a_year_ahead_erases_nobody_before_somebody_can_set_it_right(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    handle(hub, arrival(PASSER_BY, 99))
    night(hub, clock, 1)
    clock.moment = NINE + timedelta(days=366, hours=17)
    let_time_pass(hub)
    assert hub.nightly.is_idle
    clock.moment = NINE + timedelta(days=2, hours=17)
    let_time_pass(hub)
    assert kept(tmp_path, PASSER_BY)


def test_a_large_backlog_is_done_over_several_turns_and_no_turn_is_long(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    hub.inbox.db.conn.execute("pragma synchronous = off")
    for number in range(200):
        handle(hub, arrival(f"苏E{number:05}", number + 1, seen_at=clock()))
    night(hub, clock, 1)
    clock.moment = NINE + timedelta(days=39, hours=17)
    let_time_pass(hub)
    clock.moment = NINE + timedelta(days=40, hours=17)
    turns = 0
    let_time_pass(hub)
    while not hub.nightly.is_idle:
        turns += 1
        let_time_pass(hub)
    assert turns > 3
    assert hub.nightly.last is not None
    assert hub.nightly.last.erased["sightings"] == 200
    assert hub.nightly.last.is_complete
    assert kept(tmp_path, "苏E00042") == set()
    assert_sound(hub, tmp_path)
