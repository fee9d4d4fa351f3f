from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlite_utils.db import NotFoundError

from broker.handlers.context import Hub
from broker.rules import events, notices
from broker.rules.facts import Keys, Registration
from broker.rules.state import Ownership
from broker.store.moments import utc_text
from broker.store.visits import LineRow
from tests.fakes import NINE
from tests.samples import NATURAL


def test_who_was_here_is_found_without_going_through_all_the_years(hub: Hub) -> None:
    said: list[str] = []
    connection = hub.inbox.db.conn
    connection.set_trace_callback(said.append)
    keys = Keys(phone="13800138000", plates=("浙A12345", "浙A54321"), visit_id="v1")
    assert hub.visits.receptions(keys) == ()
    connection.set_trace_callback(None)
    (asked,) = said
    plan = [str(step[3]) for step in connection.execute(f"explain query plan {asked}")]
    assert [step for step in plan if "visits" in step]
    assert not [step for step in plan if step.startswith("SCAN") and "visits" in step]


def kept(hub: Hub, visit_id: str, minutes: int, **more: str) -> None:
    opened_at = utc_text(NINE + timedelta(minutes=minutes))
    hub.inbox.db.table("visits").insert({"visit_id": visit_id, "opened_at": opened_at, **more})


def found(hub: Hub, keys: Keys) -> list[str]:
    return [reception.visit_id for reception in hub.visits.receptions(keys)]


def test_who_was_decided_on_is_found_by_phone_or_any_plate_latest_last(hub: Hub) -> None:
    kept(hub, "last year", -60 * 24 * 365, phone="13800138000", rule="R14")
    kept(hub, "third", 3, plate="浙A54321", rule="R14")
    kept(hub, "first", 1, phone="13800138000", rule="R14")
    kept(hub, "second", 2, plate="浙A12345", rule="R14")
    kept(hub, "not decided", 2, plate="浙A12345")
    kept(hub, "somebody else", 2, phone="13900001111", rule="R14")
    keys = Keys(phone="13800138000", plates=("浙A12345", "浙A54321"))
    assert found(hub, keys) == ["last year", "first", "second", "third"]
    assert found(hub, Keys(phone="13800138000")) == ["last year", "first"]
    assert found(hub, Keys(visit_id="second")) == ["second"]
    assert found(hub, Keys()) == []


def test_of_many_visits_only_the_latest_twenty_are_found_and_the_one_asked_for(hub: Hub) -> None:
    for minute in range(25):
        kept(hub, f"v{minute}", minute, phone="13800138000", rule="R14")
    latest = [f"v{minute}" for minute in range(5, 25)]
    assert found(hub, Keys(phone="13800138000")) == latest
    assert found(hub, Keys(phone="13800138000", visit_id="v0")) == ["v0", *latest]
    assert found(hub, Keys(phone="13800138000", visit_id="v9")) == latest


def test_a_check_in_completes_the_visit_of_its_own_car_or_of_its_plate(hub: Hub) -> None:
    kept(hub, "own", 1, arrival_id="a-1", plate="浙A12345")
    kept(hub, "over", 2, plate="浙A88888", finished_at=utc_text(NINE))
    kept(hub, "answered", 2, plate="浙A88888", check_in_id="c-9")
    kept(hub, "same plate", 3, plate="浙A88888")

    def waiting(minutes: int = 0, **more: str) -> str | None:
        since = NINE + timedelta(minutes=minutes)
        visit = hub.visits.waiting_for(replace(NATURAL, **more), since)
        return visit.visit_id if visit else None

    assert waiting(arrival_id="a-1") == "own"
    assert waiting(plate="浙A88888") == "same plate"
    assert waiting(plate="浙B99999") is None
    assert waiting(2, arrival_id="a-1") is None


def test_a_visit_that_was_never_opened_is_none(hub: Hub) -> None:
    assert hub.visits.find("v9") is None
    with pytest.raises(NotFoundError):
        hub.visits.get("v9")


def decided(host_id: str) -> events.Decided:
    ownership = Ownership(rule="R14")
    return events.Decided(
        at=NINE,
        visit_id="v1",
        host_id=host_id,
        rule="R14",
        flags=("natural", "courtesy"),
        ownership=ownership,
    )


def test_a_visit_keeps_what_car_post_and_tablet_said_each_where_it_said_something(
    hub: Hub,
) -> None:
    hub.visits.note(events.Arrived(at=NINE, visit_id="v1", plate="浙A12345"))
    hub.visits.hear_name("v1", "张", "女士")
    later = NINE + timedelta(minutes=5)
    hub.visits.note(events.CheckedIn(at=later, visit_id="v1", phone="13800138000"))
    visit = hub.visits.get("v1")
    assert (visit.opened_at, visit.plate) == (utc_text(NINE), "浙A12345")
    assert (visit.surname, visit.salutation, visit.phone) == ("张", "女士", "13800138000")
    said = events.CheckedIn(
        at=later,
        visit_id="v1",
        plate="浙B99999",
        phone="13900001111",
        surname="李",
        salutation="先生",
    )
    hub.visits.note(said)
    visit = hub.visits.get("v1")
    for name in ("plate", "phone", "surname", "salutation"):
        assert getattr(visit, name) == getattr(said, name)


def test_a_new_host_has_not_answered_yet_and_the_same_one_has(hub: Hub) -> None:
    hub.visits.note(decided("li"))
    hub.visits.note(events.Acknowledged(at=NINE, visit_id="v1", consultant_id="li"))
    hub.visits.note(decided("li"))
    assert (hub.visits.get("v1").claimed_by, hub.visits.get("v1").flags) == (
        "li",
        "natural courtesy",
    )
    assert hub.visits.get("v1").claimed_at == utc_text(NINE)
    hub.visits.note(decided("wang"))
    visit = hub.visits.get("v1")
    assert (visit.host_id, visit.claimed_by, visit.claimed_at) == ("wang", None, None)


def test_what_is_no_visit_s_opens_none(hub: Hub) -> None:
    hub.visits.note(events.Left(at=NINE, consultant_id="li"))
    hub.visits.note(notices.Refused(at=NINE, visit_id="v1", rule="R5"))
    assert hub.inbox.db.table("visits").count == 0


def test_the_line_is_kept_in_its_order(hub: Hub) -> None:
    line = (LineRow("wang"), LineRow("li"))
    hub.visits.save_line(line)
    assert hub.visits.line() == line
    hub.visits.save_line(line[1:])
    assert hub.visits.line() == line[1:]


def test_a_car_is_expected_by_its_one_owner_or_by_nobody(hub: Hub) -> None:
    hub.visits.note(events.Arrived(at=NINE, visit_id="v1", plate="浙A12345"))
    known = Registration(
        registration_id="r-1",
        consultant_id="wang",
        registered_at=NINE,
        received_at=NINE,
        surname="张",
        salutation="女士",
    )
    hub.visits.expect("v1", known)
    assert (hub.visits.get("v1").owner_id, hub.visits.get("v1").surname) == ("wang", "张")
    hub.visits.expect("v1", None)
    assert (hub.visits.get("v1").owner_id, hub.visits.get("v1").surname) == (None, "张")
