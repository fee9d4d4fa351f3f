"""The machine's clock jumps by hours and years: nothing is silenced, nothing ends, people know."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.hub.opening import open_hub
from broker.journal.epochs import EPOCH as EPOCH_ENTRY
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from shared.messages import Alert, Assignment, Message, ReportKind, StaffReport
from tests.clocked_hub import ClockedHub, heartbeat
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers, registration, report, time_passes, visitor
from tests.hub_fixtures import PEOPLE
from tests.samples import arrival

YEAR, HOUR = timedelta(days=365), timedelta(hours=1)
REFUSED, SET = "主机时钟不对", "系统时间已校正"
EPOCH = datetime(1970, 1, 1, 0, 0, 20, tzinfo=UTC)
PI_WITHOUT_CLOCK = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> ClockedHub:
    return ClockedHub(tmp_path)


def car(site: ClockedHub, number: int) -> list[Message]:
    """Zhang comes in her car, whom Wang protects until the 25th."""
    now = site.right.moment
    return site.take(replace(arrival("浙A88888", number, seen_at=now), sent_at=now))


def rings(told: list[Message]) -> bool:
    return any(isinstance(message, Alert | Assignment) for message in told)


def host_of(site: ClockedHub, number: int) -> str | None:
    found = site.hub.visits.of_check_in(f"c-{number}")
    return found.host_id if found else None


def check_in(site: ClockedHub, number: int, phone: str | None = None) -> None:
    now = site.right.moment
    site.take(
        replace(
            visitor(number),
            checked_in_at=now,
            sent_at=now,
            phone=phone,
            consented_at=now if phone else None,
        )
    )


def confirmation(site: ClockedHub, staff_id: str, number: int, shown: str) -> StaffReport:
    now = site.right.moment
    said = report(ReportKind.CONFIRM_CLOCK, staff_id, number, note=shown)
    return replace(said, reported_at=now, sent_at=now)


def is_as_ever(site: ClockedHub) -> None:
    """Cars ring, the owner is the owner, who is called has two minutes, and days begin."""
    assert abs(site.off_s()) < 61
    check_in(site, 90)
    first = host_of(site, 90)
    site.run(115)
    assert host_of(site, 90) == first
    site.run(12)
    assert host_of(site, 90) != first
    assert rings(car(site, 91))
    check_in(site, 92, phone="13800138000")
    found = site.hub.visits.of_check_in("c-92")
    assert found is not None
    assert found.owner_id == "wang"
    today = site.hub.decider.policy.local(site.right.moment).date()
    assert site.hub.decider.state.today == today
    site.assert_sound()


@pytest.mark.parametrize(
    ("jump", "for_s"),
    [(YEAR, 6), (-2 * YEAR, 60), (-HOUR, 600), (HOUR, 600), (timedelta(days=20), 60)],
)
def test_a_jump_while_the_hub_runs_changes_nothing_and_is_told(
    site: ClockedHub, jump: timedelta, for_s: int
) -> None:
    check_in(site, 1)
    site.run(30)
    site.is_set(site.right.moment + jump)
    site.run(for_s)
    assert abs(site.off_s()) < 1
    assert len(site.alerts(REFUSED)) == 1
    site.is_set(site.right.moment)
    site.run(5)
    assert [entry.count("refused") for entry in site.entries()] == [1, 0]
    assert not site.alerts(SET)
    is_as_ever(site)


@pytest.mark.parametrize("shows", [EPOCH, PI_WITHOUT_CLOCK, NINE + YEAR])
def test_a_machine_that_starts_with_a_wrong_clock_is_right_a_minute_later(
    site: ClockedHub, shows: datetime
) -> None:
    check_in(site, 1)
    site.switch_off(90, shows=shows)
    site.run(60)
    assert -100 < site.off_s() <= 0
    assert len(site.alerts(REFUSED)) == 1
    site.is_set(site.right.moment)
    site.run(5)
    is_as_ever(site)


def test_after_a_night_the_time_before_the_clock_was_right_moves_to_the_right_day(
    site: ClockedHub,
) -> None:
    check_in(site, 1)
    site.switch_off(86_400, shows=EPOCH)
    site.run(30)
    check_in(site, 2)
    called = host_of(site, 2)
    site.run(30)
    site.is_set(site.right.moment)
    site.run(2)
    assert len(site.alerts(SET)) == 1
    assert host_of(site, 2) == called
    (visit,) = site.hub.decider.state.visits.values()
    second = site.hub.visits.of_check_in("c-2")
    assert second is not None
    assert visit.visit_id == second.visit_id
    assert abs((visit.arrived_at - site.right.moment).total_seconds() + 32) < 5
    is_as_ever(site)


def test_a_restart_while_the_clock_is_wrong_loses_no_second(site: ClockedHub) -> None:
    site.run(20)
    site.is_set(site.right.moment + YEAR)
    site.run(10)
    site.stop()
    site.right.pass_s(40)
    site.machine.pass_s(40)
    site.start()
    assert abs(site.off_s()) < 2
    site.run(5)
    assert len(site.alerts(REFUSED)) == 1
    site.is_set(site.right.moment)
    is_as_ever(site)


def test_weeks_without_power_are_plausible_if_a_time_server_says_so(site: ClockedHub) -> None:
    site.switch_off(12 * 86_400)
    site.run(5)
    assert site.alerts(REFUSED)
    site.is_time_source_followed = True
    site.run(2)
    assert abs(site.off_s()) < 1
    assert site.alerts(SET)


def test_a_time_server_that_contradicts_the_stopwatch_is_not_believed(site: ClockedHub) -> None:
    site.is_time_source_followed = True
    site.run(5)
    site.is_set(site.right.moment + YEAR)
    site.run(10)
    assert abs(site.off_s()) < 1
    assert site.alerts(REFUSED)


def test_the_manager_confirms_the_machine_s_clock(site: ClockedHub) -> None:
    site.switch_off(100 * 86_400)
    site.run(5)
    shown = site.machine.moment.isoformat()
    site.take(confirmation(site, "li", 1, shown))
    site.run(2)
    assert site.off_s() < -86_400
    site.take(confirmation(site, "chen", 2, EPOCH.isoformat()))
    site.run(2)
    assert site.off_s() < -86_400
    site.take(confirmation(site, "chen", 3, shown))
    site.run(2)
    assert abs(site.off_s()) < 1
    today = site.hub.decider.policy.local(site.right.moment).date()
    assert site.hub.decider.state.today == today
    site.assert_sound()


def test_two_devices_with_clocks_of_their_own_confirm_it(site: ClockedHub) -> None:
    site.switch_off(100 * 86_400)
    for _ in range(4):
        now = site.right.moment
        site.take(heartbeat("north", now, "m-1"), heartbeat("twin", now, "m-1"))
        site.take(heartbeat("here", now, f"boot-{site.boot}"))
        site.run(10)
    assert site.off_s() < -86_400
    for _ in range(4):
        now = site.right.moment
        site.take(heartbeat("north", now, "m-1"), heartbeat("south", now, "m-2"))
        site.run(10)
    assert abs(site.off_s()) < 1


def test_devices_that_were_set_together_with_the_hub_confirm_nothing(site: ClockedHub) -> None:
    for off in (timedelta(0), YEAR):
        site.is_set(site.right.moment + off)
        for _ in range(4):
            now = site.right.moment + off
            site.take(heartbeat("north", now, "m-1"), heartbeat("south", now, "m-2"))
            site.run(10)
    assert abs(site.off_s()) < 1
    assert site.alerts(REFUSED)


def of_earlier_release(folder: Path, *, is_right_again: bool) -> None:
    """A file whose hub believed a clock that was a year ahead for six seconds."""
    clock = FakeClock(NINE - HOUR)
    hub = open_hub(folder, PEOPLE, Policy(), clock)
    clock.pass_s(3540)
    answers(hub, visitor(1))
    clock.is_set(YEAR.total_seconds())
    clock.pass_s(3)
    time_passes(hub)
    answers(hub, replace(registration(1, "li", "13900139000"), sent_at=NINE))
    clock.pass_s(3)
    time_passes(hub)
    if is_right_again:
        clock.is_set(-YEAR.total_seconds())
        clock.pass_s(40)
        answers(hub, visitor(2))
    hub.journal.seal()
    hub.inbox.db.close()


@pytest.mark.parametrize("is_right_again", [True, False])
def test_a_file_that_an_earlier_release_wrote_in_the_future_is_mended(
    tmp_path: Path, is_right_again: bool
) -> None:
    of_earlier_release(tmp_path, is_right_again=is_right_again)
    site = ClockedHub(tmp_path, is_time_source_followed=True)
    site.run(10)
    assert abs(site.off_s()) < 1
    assert len(site.alerts(SET)) == 1
    (entry,) = site.hub.register.find(Keys(phone="13900139000"))
    assert abs(entry.received_at - site.right.moment) < timedelta(minutes=2)
    assert '"what":"set"' in site.entries()[-1]
    state = site.hub.decider.state
    assert state.now is not None
    assert state.now <= site.right.moment
    is_as_ever(site)
    site.right.pass_s(86_400)
    site.machine.pass_s(86_400)
    site.turn()
    today = site.hub.decider.policy.local(site.right.moment).date()
    assert site.hub.decider.state.today == today


def test_nobody_but_a_person_ends_a_future_that_the_journal_does_not_contradict(
    tmp_path: Path,
) -> None:
    of_earlier_release(tmp_path, is_right_again=False)
    site = ClockedHub(tmp_path)
    site.run(10)
    assert site.alerts(REFUSED)
    site.take(confirmation(site, "chen", 3, site.machine.moment.isoformat()))
    site.run(2)
    assert abs(site.off_s()) < 1
    site.assert_sound()


def test_a_restore_on_a_machine_without_a_clock_takes_nobody_back_to_1970(
    site: ClockedHub,
) -> None:
    check_in(site, 1)
    site.run(30)
    site.hub.journal.append(EPOCH_ENTRY, "", b"{}", EPOCH)
    site.switch_off(60, shows=EPOCH)
    site.run(20)
    assert -100 < site.off_s() <= 0
    site.is_set(site.right.moment)
    is_as_ever(site)


def test_a_trace_is_not_believed_where_the_rules_know_better(site: ClockedHub) -> None:
    check_in(site, 1)
    site.run(30)
    site.hub.journal.append("note", "", b"{}", NINE - HOUR)
    (site.folder / "clock.json").unlink()
    site.switch_off(60, shows=EPOCH)
    site.run(20)
    assert -120 < site.off_s() <= 0
    assert not site.alerts(SET)
