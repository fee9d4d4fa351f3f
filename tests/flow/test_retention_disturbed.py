"""What should be gone goes also when nights were missed, cut off, or somebody's data came late."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from tests.erasing import PHONE, check_in, finish
from tests.fakes import NINE, FakeClock
from tests.hub_fixtures import PEOPLE, clocked
from tests.nights import assert_sound, kept, night
from tests.samples import arrival

YEARS = 3 * 365
PLATE = "苏E55555"


def test_what_an_edge_kept_for_years_stays_no_longer_than_if_it_came_today(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    night(hub, clock, YEARS)
    late = {"sent_at": clock()}
    handle(hub, replace(arrival(PLATE, 1, seen_at=NINE), **late))
    handle(hub, replace(check_in(2, PHONE, surname="呼延"), checked_in_at=NINE, **late))
    for days, values in ((30, [PLATE]), (180, [PHONE, "呼延"])):  # nobody was received
        night(hub, clock, YEARS + days - 1)
        assert kept(tmp_path, *values) == set(values)
        night(hub, clock, YEARS + days + 1)
        assert not kept(tmp_path, *values)
    assert_sound(hub, tmp_path)


def test_after_years_in_which_the_hub_was_off_the_first_nights_do_it_all(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    handle(hub, arrival(PLATE, 1))
    handle(hub, check_in(2, PHONE, surname="呼延"))
    finish(hub, "c-2")
    hub.inbox.db.close()
    clock.moment = NINE + timedelta(days=YEARS)
    again = clocked(open_hub(tmp_path, PEOPLE, Policy(), clock), clock)
    night(again, clock, YEARS + 2)
    assert not kept(tmp_path, PLATE, PHONE, "呼延")
    assert_sound(again, tmp_path)


def test_a_night_that_is_cut_off_is_gone_on_with(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    plates = [f"苏E{number:05}" for number in range(200)]
    for number, plate in enumerate(plates, start=1):
        handle(hub, arrival(plate, number, seen_at=clock()))
    night(hub, clock, 1)
    for day in (39, 40):
        clock.moment = NINE + timedelta(days=day, hours=17)
        let_time_pass(hub)
    while len(left := kept(tmp_path, *plates)) == len(plates):
        let_time_pass(hub)
    assert left, "one turn does not do it all"
    again = clocked(open_hub(tmp_path, PEOPLE, Policy(), clock), clock)  # the power was cut
    night(again, clock, 41)
    assert not kept(tmp_path, *plates)
    assert_sound(again, tmp_path)
