from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.alerts.calls import Guest
from broker.alerts.care import (
    Care,
    at_the_gate,
    calls_of_order,
    checked_in,
    guest_of,
    heard,
    now_due,
    over,
)
from broker.handlers.report_kinds import REPORTS
from broker.rules.policy import Policy
from shared.messages import ReportKind, StaffReport
from tests.fakes import NINE
from tests.samples import NATURAL, arrival

POLICY = Policy()
BARE = Care(visit_id="v1")


def report(kind: ReportKind, **more: object) -> StaffReport:
    bare = StaffReport(report_id="s-1", staff_id="lin", kind=kind, reported_at=NINE)
    return replace(bare, **more)


def reported(care: Care, message: StaffReport) -> Care:
    """The care after a post's report."""
    service = REPORTS[message.kind].service
    assert service is not None
    return service.change(heard(care, message), POLICY, NINE)


def after(care: Care, minutes: float) -> tuple[Care, list[str]]:
    """The care after ``minutes``, and what the posts were told by then."""
    care, calls = now_due(care, POLICY, NINE + timedelta(minutes=minutes))
    return care, [call.words for call in calls]


@pytest.mark.parametrize("is_uncertain", [True, False])
def test_what_an_unsure_plate_may_be_is_kept_until_the_visitor_says(is_uncertain: bool) -> None:
    car = replace(arrival(), is_uncertain=is_uncertain, candidates=("浙A88888",))
    care = at_the_gate("v1", car)
    assert care.is_uncertain is is_uncertain
    assert care.candidates == (("浙A88888",) if is_uncertain else ())
    assert not care.is_at_showflat
    sure = checked_in(care, NATURAL, POLICY, NINE)
    assert (sure.is_uncertain, sure.candidates, sure.place) == (False, (), "hall")


def test_what_the_tablet_was_not_told_stays_as_the_posts_heard_it() -> None:
    told = replace(BARE, party_size=3, needs=("umbrella",), drinks=("tea",))
    assert checked_in(told, NATURAL, POLICY, NINE).party_size == 3
    assert checked_in(told, NATURAL, POLICY, NINE).needs == ("umbrella",)
    assert checked_in(told, NATURAL, POLICY, NINE).drinks == ("tea",)
    wishes = replace(NATURAL, party_size=2, needs=("wheelchair",), drinks=("coffee",))
    care = checked_in(told, wishes, POLICY, NINE)
    assert (care.party_size, care.needs, care.drinks) == (2, ("wheelchair",), ("coffee",))


def test_what_a_post_reports_replaces_only_what_it_says() -> None:
    known = replace(BARE, surname="张", salutation="女士", party_size=3, place="hall")
    same = reported(known, report(ReportKind.GREETED))
    assert same == known
    told = report(
        ReportKind.GREETED,
        surname="李",
        salutation="先生",
        party_size=2,
        needs=("umbrella",),
        drinks=("tea",),
        place="lounge",
    )
    care = reported(known, told)
    assert (care.surname, care.salutation, care.party_size) == ("李", "先生", 2)
    assert (care.needs, care.drinks, care.place) == (("umbrella",), ("tea",), "lounge")


def test_a_drink_is_told_again_every_five_minutes_until_it_is_served() -> None:
    care = checked_in(BARE, replace(NATURAL, drinks=("tea",)), POLICY, NINE)
    assert [call.words for call in calls_of_order(care)] == ["order"]
    assert after(care, 4.9)[1] == []
    care, told = after(care, 5)
    assert told == ["order_again"]
    assert after(care, 9.9)[1] == []
    care = reported(care, report(ReportKind.SERVED))
    assert after(care, 60)[1] == []
    assert list(calls_of_order(care)) == []


def test_who_sits_is_offered_more_every_ten_minutes_until_they_go() -> None:
    care = reported(BARE, report(ReportKind.SEATED))
    care = reported(care, report(ReportKind.SERVED))
    assert after(care, 9.9)[1] == []
    care, told = after(care, 10)
    assert told == ["refill"]
    assert after(care, 19.9)[1] == []
    assert after(care, 20)[1] == ["refill"]
    assert after(over(care), 60)[1] == []
    walking = reported(care, report(ReportKind.SHOWFLAT))
    assert walking.is_at_showflat
    assert after(walking, 60)[1] == []


def test_the_next_thing_to_bring_is_the_first_that_is_due() -> None:
    seated = reported(BARE, report(ReportKind.SEATED))
    assert seated.due_at == NINE + timedelta(minutes=5)
    assert BARE.due_at is None


@pytest.mark.parametrize(
    ("kind", "is_at_showflat", "roles", "told"),
    [
        (ReportKind.NO_PLATE, False, ("gate",), ["parking", "door"]),
        (ReportKind.GREETED, False, ("parking",), ["door"]),
        (ReportKind.GREETED, False, ("door",), []),
        (ReportKind.SHOWFLAT, True, ("steward",), ["showflat"]),
        (ReportKind.CART, True, ("steward",), ["cart"]),
        (ReportKind.LEFT, True, ("cart",), ["showflat"]),
        (ReportKind.LEFT, False, ("cart",), ["door"]),
        (ReportKind.LEFT, True, ("showflat",), ["door"]),
        (ReportKind.LEFT, True, ("cart", "showflat"), ["showflat", "door"]),
        (ReportKind.LEFT, True, ("door",), []),
        (ReportKind.SERVED, False, ("bar",), []),
    ],
)
def test_the_post_that_is_next_is_told(
    kind: ReportKind, is_at_showflat: bool, roles: tuple[str, ...], told: list[str]
) -> None:
    care = replace(BARE, is_at_showflat=is_at_showflat)
    service = REPORTS[kind].service
    assert service is not None
    assert [call.role for call in service.calls(care, roles)] == told


def test_the_tablet_s_name_counts_more_than_what_a_post_heard() -> None:
    told = replace(BARE, surname="张", salutation="女士")
    assert guest_of(told, Guest(surname="李", salutation="先生")).surname == "李"
    assert guest_of(told, Guest(surname="李")).salutation is None
    assert (guest_of(told, Guest()).surname, guest_of(told, Guest()).salutation) == ("张", "女士")
    assert guest_of(BARE, Guest()).surname is None
