from datetime import timedelta

from msgspec.structs import replace

from broker.handlers.context import Hub
from tests.fakes import NINE
from tests.samples import COURIER, COURIER_LEFT

CLOSING = NINE + timedelta(hours=9, minutes=30)


def test_who_is_in_is_in_the_register_however_long_and_who_left_only_today(hub: Hub) -> None:
    hub.others.came(COURIER)
    hub.others.came(replace(COURIER, service_visit_id="s-2", came_at=NINE + timedelta(hours=1)))
    hub.others.left(COURIER_LEFT)
    tomorrow = NINE + timedelta(days=1)
    assert [visit.service_visit_id for visit in hub.others.since(NINE)] == ["s-2", "s-1"]
    assert [visit.service_visit_id for visit in hub.others.since(tomorrow)] == ["s-2"]


def test_who_came_at_closing_time_is_asked_about_the_next_evening(hub: Hub) -> None:
    hub.others.came(replace(COURIER, came_at=CLOSING))
    assert hub.others.still_in(CLOSING) == ()
    (found,) = hub.others.still_in(CLOSING + timedelta(days=1))
    assert found.service_visit_id == "s-1"
    assert hub.others.still_in(CLOSING + timedelta(days=1)) == ()


def test_coming_and_leaving_are_noted_once(hub: Hub) -> None:
    assert hub.others.came(COURIER)
    assert not hub.others.came(COURIER)
    assert hub.others.left(COURIER_LEFT)
    assert not hub.others.left(COURIER_LEFT)
    found = hub.others.find("s-1")
    assert found is not None
    assert (found.came_at, found.left_at) == (NINE, NINE)
    assert hub.others.find("s-9") is None
