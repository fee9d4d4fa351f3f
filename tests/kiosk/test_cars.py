"""The car: one that just came is taken with one tap, else its plate is typed after consent."""

from datetime import timedelta

import pytest

from shared.messages import OfferedCar, RecentArrivals
from tests.fakes import NINE
from tests.kiosk.house import House, Visitor

CAR = OfferedCar(arrival_id="arrival-1", plate="浙A·8**88", seen_at=NINE)
OLDER = OfferedCar(arrival_id="arrival-2", plate="沪C·1**45", seen_at=NINE - timedelta(minutes=8))


@pytest.fixture
def house() -> House:
    house = House()
    house.tell_cars(CAR, OLDER)
    return house


@pytest.fixture
def visitor(house: House) -> Visitor:
    return at_the_car(house)


def at_the_car(house: House) -> Visitor:
    """A visitor who has answered the three questions."""
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("yes", "no", "no")
    return visitor


def test_the_cars_that_just_came_are_offered_masked_newest_first(visitor: Visitor) -> None:
    assert visitor.page.index("浙A·8**88") < visitor.page.index("沪C·1**45")
    assert "刚到" in visitor.page
    assert "8 分钟前到" in visitor.page


def test_a_car_is_taken_with_one_tap_and_without_typing(house: House, visitor: Visitor) -> None:
    visitor.send("/check-in/car", arrival="arrival-1")
    visitor.send("/check-in/consent", consent="no")
    (check_in,) = house.check_ins()
    assert (check_in.arrival_id, check_in.plate) == ("arrival-1", None)
    assert check_in.consented_at is None


def test_each_car_is_forgotten_ten_minutes_after_the_gate_saw_it(house: House) -> None:
    house.clock.pass_s(121)
    page = at_the_car(house).page
    assert "浙A·8**88" in page
    assert "沪C·1**45" not in page
    house.clock.pass_s(480)
    house.parts.board.forget_cars()
    house.clock.pass_s(-480)  # whoever sets the clock back finds nothing either
    assert house.parts.board.cars == ()


def test_what_the_hub_offers_anew_replaces_what_it_offered(house: House, visitor: Visitor) -> None:
    house.tell_cars(OLDER)
    assert "浙A·8**88" not in visitor.open("/check-in/car")


def test_a_car_that_somebody_else_took_meanwhile_is_explained(
    house: House, visitor: Visitor
) -> None:
    house.tell_cars(OLDER)
    visitor.send("/check-in/car", arrival="arrival-1")
    assert visitor.shows("car-problem")
    assert house.check_ins() == []


def test_back_shows_the_car_taken_though_the_hub_offers_it_no_more(
    house: House, visitor: Visitor
) -> None:
    visitor.send("/check-in/car", arrival="arrival-1")
    house.tell_cars()
    page = visitor.open("/check-in/car")
    (chosen,) = [line for line in page.splitlines() if 'aria-pressed="true"' in line]
    assert 'data-testid="car-arrival-1"' in chosen


def test_a_plate_is_typed_only_after_consent(house: House, visitor: Visitor) -> None:
    visitor.send("/check-in/car", car="type")
    assert visitor.shows("consent-yes")
    visitor.send("/check-in/plate", plate="浙A12345")
    assert visitor.shows("consent-yes")
    visitor.send("/check-in/consent", consent="yes")
    assert visitor.shows("plate")
    visitor.send("/check-in/plate", plate="浙A12345")
    visitor.send("/check-in/details", skip="1")
    (check_in,) = house.check_ins()
    assert (check_in.plate, check_in.consented_at) == ("浙A12345", NINE)


def test_who_refuses_consent_is_received_without_a_plate(house: House, visitor: Visitor) -> None:
    visitor.consent("no", car="type")
    assert visitor.shows("done")
    (check_in,) = house.check_ins()
    assert (check_in.plate, check_in.arrival_id) == (None, None)


def test_an_incomplete_plate_is_answered_with_a_sentence(visitor: Visitor) -> None:
    visitor.consent("yes", car="type")
    page = visitor.send("/check-in/plate", plate="浙A12")
    assert visitor.shows("plate-problem")
    assert 'value="浙A12"' in page


def test_without_any_car_offered_the_page_asks_whether_the_visitor_drove() -> None:
    visitor = House().tablet()
    visitor.begin()
    assert "您是开车来的吗？" in visitor.answer("yes", "no", "no")


@pytest.mark.parametrize("off_by", [timedelta(days=-400), timedelta(hours=3)])
def test_a_tablet_with_a_wrong_clock_offers_the_cars_with_their_age(off_by: timedelta) -> None:
    house = House()
    house.clock.moment += off_by
    cars = RecentArrivals(cars=(CAR, OLDER), sent_at=NINE)
    house.tell(cars)
    visitor = at_the_car(house)
    assert "刚到" in visitor.page
    assert "8 分钟前到" in visitor.page
