from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.alerts.calls import Call, Guest
from broker.alerts.care import (
    Care,
    at_the_gate,
    calls_nobody,
    calls_of_car_without_plate,
    calls_of_cart,
    calls_of_greeting,
    calls_of_leaving,
    calls_of_order,
    calls_of_seat,
    calls_of_showflat,
    checked_in,
    guest_of,
    heard,
    now_due,
    over,
    seated,
    served,
    to_showflat,
    unchanged,
)
from broker.rules.policy import Policy
from shared.messages import ReportKind, StaffReport
from tests.fakes import NINE
from tests.samples import NATURAL, arrival

POLICY = Policy()
BARE = Care(visit_id="v1")


GREETED = StaffReport(report_id="s-1", staff_id="lin", kind=ReportKind.GREETED, reported_at=NINE)


def after(care: Care, minutes: float) -> tuple[Care, list[str]]:
    """The care so many minutes later, and what the bar was told."""
    care, calls = now_due(care, POLICY, NINE + timedelta(minutes=minutes))
    return care, [call.words for call in calls]


@pytest.mark.parametrize("is_uncertain", [True, False])
def test_what_an_unsure_plate_may_be_is_kept_until_the_visitor_says(is_uncertain: bool) -> None:
    car = replace(arrival(), is_uncertain=is_uncertain, candidates=("浙A88888",))
    care = at_the_gate("v1", car)
    assert care.is_uncertain is is_uncertain
    assert care.candidates == (("浙A88888",) if is_uncertain else ())
    sure = checked_in(care, NATURAL, POLICY, NINE)
    assert (sure.is_uncertain, sure.candidates, sure.place) == (False, (), "hall")


def test_what_the_tablet_was_not_told_stays_as_the_posts_heard_it() -> None:
    known = replace(BARE, party_size=3, needs=("umbrella",), drinks=("tea",))
    care = checked_in(known, NATURAL, POLICY, NINE)
    assert (care.party_size, care.needs, care.drinks) == (3, ("umbrella",), ("tea",))
    wishes = replace(NATURAL, party_size=2, needs=("wheelchair",), drinks=("coffee",))
    care = checked_in(known, wishes, POLICY, NINE)
    assert (care.party_size, care.needs, care.drinks) == (2, ("wheelchair",), ("coffee",))


def test_what_a_post_reports_replaces_only_what_it_says() -> None:
    known = replace(BARE, surname="张", salutation="女士", party_size=3, place="hall")
    assert heard(known, GREETED) == known
    told = replace(
        GREETED,
        surname="李",
        salutation="先生",
        party_size=2,
        needs=("umbrella",),
        drinks=("tea",),
        place="lounge",
    )
    care = heard(known, told)
    assert (care.surname, care.salutation, care.party_size) == ("李", "先生", 2)
    assert (care.needs, care.drinks, care.place) == (("umbrella",), ("tea",), "lounge")


def test_a_drink_is_told_again_every_five_minutes_until_it_is_served() -> None:
    care = checked_in(BARE, replace(NATURAL, drinks=("tea",)), POLICY, NINE)
    assert [call.words for call in calls_of_order(care)] == ["order"]
    assert after(care, 4.9)[1] == []
    care, told = after(care, 5)
    assert told == ["order_again"]
    assert after(care, 9.9)[1] == []
    care = served(care, POLICY, NINE)
    assert after(care, 60)[1] == []
    assert list(calls_of_order(care)) == []


def test_who_sits_is_offered_more_every_ten_minutes_until_he_goes() -> None:
    care = served(seated(BARE, POLICY, NINE), POLICY, NINE)
    assert after(care, 9.9)[1] == []
    care, told = after(care, 10)
    assert told == ["refill"]
    assert after(care, 19.9)[1] == []
    assert after(care, 20)[1] == ["refill"]
    assert after(over(care), 60)[1] == []
    walking = to_showflat(care, POLICY, NINE)
    assert walking.is_at_showflat
    assert after(walking, 60)[1] == []


def test_the_next_thing_to_bring_is_the_first_that_is_due() -> None:
    assert seated(BARE, POLICY, NINE).due_at == NINE + timedelta(minutes=5)
    assert BARE.due_at is None


@pytest.mark.parametrize(
    ("calls", "is_at_showflat", "roles", "told"),
    [
        (calls_of_car_without_plate, False, ("gate",), ["parking", "door"]),
        (calls_of_greeting, False, ("parking",), ["door"]),
        (calls_of_greeting, False, ("door",), []),
        (calls_of_showflat, True, ("steward",), ["showflat"]),
        (calls_of_cart, True, ("steward",), ["cart"]),
        (calls_of_leaving, True, ("cart",), ["showflat"]),
        (calls_of_leaving, False, ("cart",), ["door"]),
        (calls_of_leaving, True, ("showflat",), ["door"]),
        (calls_of_leaving, True, ("cart", "showflat"), ["showflat", "door"]),
        (calls_of_leaving, True, ("door",), []),
        (calls_of_seat, False, ("steward",), []),
        (calls_nobody, False, ("bar",), []),
    ],
)
def test_the_post_that_is_next_is_told(
    calls: Callable[[Care, tuple[str, ...]], Iterator[Call]],
    is_at_showflat: bool,
    roles: tuple[str, ...],
    told: list[str],
) -> None:
    care = replace(BARE, is_at_showflat=is_at_showflat)
    assert [call.role for call in calls(care, roles)] == told


def test_the_bar_hears_of_who_sits_down() -> None:
    care = seated(replace(BARE, is_at_showflat=True), POLICY, NINE)
    assert not care.is_at_showflat
    assert [call.role for call in calls_of_seat(care, ("steward",))] == ["bar"]
    assert unchanged(care, POLICY, NINE) == care


def test_the_tablet_s_name_counts_more_than_what_a_post_heard() -> None:
    known = replace(BARE, surname="张", salutation="女士")
    assert guest_of(known, Guest(name="李先生")).name == "李先生"
    assert guest_of(known, Guest()).name == "张女士"
    assert guest_of(replace(known, salutation=None), Guest()).name == "张"
    assert guest_of(BARE, Guest()).name is None
