from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlite_utils.db import NotFoundError

from broker.handlers.context import Hub
from broker.rules.facts import Keys
from broker.store.moments import utc_text
from broker.store.visits import VisitRow
from tests.fakes import NINE
from tests.samples import NATURAL


def test_who_was_here_today_is_found_without_going_through_all_the_years(hub: Hub) -> None:
    said: list[str] = []
    connection = hub.inbox.db.conn
    connection.set_trace_callback(said.append)
    keys = Keys(phone="13800138000", plates=("浙A12345", "浙A54321"), visit_id="v1")
    assert hub.visits.receptions(keys, NINE) == ()
    connection.set_trace_callback(None)
    (asked,) = said
    plan = [str(step[3]) for step in connection.execute(f"explain query plan {asked}")]
    assert [step for step in plan if "visits" in step]
    assert not [step for step in plan if step.startswith("SCAN") and "visits" in step]


def kept(hub: Hub, visit_id: str, minutes: int, **more: str) -> None:
    opened_at = utc_text(NINE + timedelta(minutes=minutes))
    hub.inbox.db.table("visits").insert({"visit_id": visit_id, "opened_at": opened_at, **more})


def found(hub: Hub, keys: Keys, minutes: int = 0) -> list[str]:
    since = NINE + timedelta(minutes=minutes)
    return [one.visit_id for one in hub.visits.receptions(keys, since)]


def test_who_was_decided_on_today_is_found_by_phone_or_any_plate_latest_last(hub: Hub) -> None:
    kept(hub, "third", 3, plate="浙A54321", rule="R14")
    kept(hub, "first", 1, phone="13800138000", rule="R14")
    kept(hub, "second", 2, plate="浙A12345", rule="R14")
    kept(hub, "not decided", 2, plate="浙A12345")
    kept(hub, "somebody else", 2, phone="13900001111", rule="R14")
    keys = Keys(phone="13800138000", plates=("浙A12345", "浙A54321"))
    assert found(hub, keys) == ["first", "second", "third"]
    assert found(hub, keys, minutes=2) == ["second", "third"]
    assert found(hub, Keys(phone="13800138000")) == ["first"]
    assert found(hub, Keys(visit_id="second"), minutes=60) == ["second"]


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


@pytest.mark.parametrize(
    ("surname", "salutation", "name"),
    [("张", "女士", "张女士"), ("张", None, "张"), (None, "女士", None)],
)
def test_a_visitor_is_called_by_surname_and_salutation(
    surname: str | None, salutation: str | None, name: str | None
) -> None:
    assert VisitRow("v1", "", surname=surname, salutation=salutation).name == name
