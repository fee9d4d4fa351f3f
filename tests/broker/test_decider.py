from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

import broker.decider
from broker.handlers.context import Hub
from broker.handlers.table import handle
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.steps import latest_snapshot
from broker.journal.verify import problems
from broker.rules.commands import Away, Back, Command, LookUp
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from broker.store.schema import migrations
from shared.outbox import open_database
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL, arrival


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot every few steps."""
    monkeypatch.setattr(broker.decider, "SNAPSHOT_EVERY", 4)


def visitors(hub: Hub, count: int) -> None:
    for number in range(count):
        handle(hub, replace(NATURAL, check_in_id=f"c-{number}"))
    hub.journal.seal()


def reopened(folder: Path, clock: FakeClock) -> Hub:
    return open_hub(folder, PEOPLE, Policy(), clock)


def test_a_start_reads_only_what_followed_the_latest_snapshot(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    visitors(hub, 11)
    state, seq = latest_snapshot(hub.inbox.db)
    assert seq > 0
    assert state.visits
    again = reopened(tmp_path, clock)
    assert again.decider.state == hub.decider.state
    assert again.decider.state != state


def test_a_snapshot_that_somebody_changed_is_passed_over(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    visitors(hub, 10)
    with hub.inbox.db.atomic():
        hub.inbox.db.conn.execute("""update snapshots set body = replace(body, '"li"', '"wang"')""")
    assert latest_snapshot(hub.inbox.db) == (SiteState(), 0)
    assert reopened(tmp_path, clock).decider.state == hub.decider.state


def test_a_snapshot_of_another_release_is_passed_over(hub: Hub) -> None:
    visitors(hub, 6)
    latest = latest_snapshot(hub.inbox.db)[1]
    with hub.inbox.db.atomic():
        hub.inbox.db.conn.execute("update snapshots set body = '[]' where seq = ?", [latest])
    assert latest_snapshot(hub.inbox.db)[1] != latest


def test_only_the_last_snapshots_are_kept_and_the_journal_vouches_for_each(
    hub: Hub, tmp_path: Path
) -> None:
    visitors(hub, 30)
    assert hub.inbox.db.table("snapshots").count == 3
    assert replay(tmp_path / "hub.sqlite3", print) == 0
    assert list(problems(tmp_path / "hub.sqlite3")) == []


def test_a_message_that_fails_leaves_no_snapshot_and_no_state(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitors(hub, 3)
    before = hub.decider.state, latest_snapshot(hub.inbox.db)

    def fail(_message: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(hub.outbox, "put_all", fail)
    with pytest.raises(OSError, match="disk full"):
        handle(hub, replace(NATURAL, check_in_id="c-9"))
    assert (hub.decider.state, latest_snapshot(hub.inbox.db)) == before


def test_a_hub_of_the_release_before_goes_on_with_its_line_and_customers(
    tmp_path: Path, clock: FakeClock
) -> None:
    db = open_database(tmp_path / "hub.sqlite3")
    migrations.apply(db, stop_before="keep_the_house_rules")
    db.table("rotation").insert_all(
        [{"consultant_id": "wang", "place": 0}, {"consultant_id": "li", "place": 1}]
    )
    db.table("registrations").insert(
        {
            "registration_id": "r-1",
            "consultant_id": "li",
            "registered_at": "2026-11-20T09:00:00+08:00",
            "surname": "张",
            "salutation": "女士",
            "phone": "13800138000",
        }
    )
    db.conn.close()
    hub = reopened(tmp_path, clock)
    assert hub.decider.state.line == ("wang", "li")
    assert [registration.registration_id for registration in hub.register.search("张")] == ["r-1"]
    known = replace(NATURAL, phone="13800138000", consented_at=clock.moment)
    handle(hub, known)
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.owner_id, visit.rule) == ("li", "R6")
    assert (tmp_path / "hub.sqlite3.before-keep_the_house_rules").exists()


def notes(hub: Hub) -> dict[str, str | None]:
    return {place.consultant_id: place.note for place in hub.visits.line()}


def test_the_line_says_who_is_on_leave_and_who_is_only_away(hub: Hub, clock: FakeClock) -> None:
    def take(command: Command) -> dict[str, str | None]:
        with hub.decider.atomic():
            hub.decider.take(command)
        return notes(hub)

    at = clock()
    free = take(Away(at=at, consultant_id="li"))
    leave = take(Away(at=at, consultant_id="li", is_excused=True))
    assert free["wang"] is leave["wang"] is None
    assert len({free["li"], leave["li"], None}) == 3
    assert take(Back(at=at, consultant_id="li"))["li"] is None


def test_a_past_visit_is_known_by_its_plate_and_its_phone(hub: Hub, clock: FakeClock) -> None:
    handle(hub, arrival("浙A88888"))
    handle(hub, replace(NATURAL, arrival_id="a-1"))
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    known = hub.decider.known(Keys(visit_id=visit.visit_id), clock())
    assert [registration.consultant_id for registration in known.registrations] == ["wang"]
    assert [reception.visit_id for reception in known.receptions] == [visit.visit_id]


def test_what_was_searched_for_is_known_until_the_end_of_the_next_day(
    hub: Hub, clock: FakeClock
) -> None:
    with hub.decider.atomic():
        hub.decider.take(LookUp(at=clock(), consultant_id="li", phone="13900001111"))
    keys = Keys(phone="13900001111")
    ends_at = Policy().midnight(clock()) + timedelta(days=2)
    assert len(hub.decider.known(keys, ends_at - timedelta(seconds=1)).look_ups) == 1
    assert hub.decider.known(keys, ends_at).look_ups == ()


def test_the_policy_is_noted_once_and_again_only_when_it_changed(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    def policies(hub: Hub) -> int:
        return hub.inbox.db.table("journal").count_where("kind = 'policy'")

    visitors(hub, 2)
    assert policies(hub) == 1
    hub = reopened(tmp_path, clock)
    handle(hub, replace(NATURAL, check_in_id="c-7"))
    assert policies(hub) == 1
    hub.decider.use(Policy(protection_days=3))
    handle(hub, replace(NATURAL, check_in_id="c-8"))
    assert policies(hub) == 2


def test_a_start_counts_the_steps_since_the_latest_snapshot(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    def come_or_go(hub: Hub) -> None:
        kind = Back if "li" in hub.decider.state.absent else Away
        with hub.decider.atomic():
            hub.decider.take(kind(at=clock(), consultant_id="li"))

    def steps_until_a_snapshot(hub: Hub) -> int:
        before = latest_snapshot(hub.inbox.db)[1]
        steps = 0
        while latest_snapshot(hub.inbox.db)[1] == before:
            come_or_go(hub)
            steps += 1
        return steps

    assert steps_until_a_snapshot(hub) <= 4
    assert steps_until_a_snapshot(hub) == 4
    come_or_go(hub)
    assert steps_until_a_snapshot(reopened(tmp_path, clock)) == 3
