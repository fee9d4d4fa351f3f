"""What a visitor gets who leaves nothing about themselves, and how far they are."""

import pytest

from kiosk.questions import STAGES
from tests.kiosk.house import House, Visitor


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def visitor(house: House) -> Visitor:
    visitor = house.tablet()
    visitor.begin()
    return visitor


def test_who_leaves_nothing_about_themselves_still_gets_tea_and_a_wheelchair(
    house: House, visitor: Visitor
) -> None:
    visitor.answer("yes", "no", "no")
    assert visitor.consent("care").count('data-testid="care"') == 1
    more = {"drink.green_tea": "yes", "need.wheelchair": "yes", "phone": "13800138000"}
    visitor.send("/check-in/care", **more)
    (told,) = house.check_ins()
    assert (told.needs, told.drinks) == (("wheelchair",), ("green_tea",))
    assert (told.phone, told.consented_at) == (None, None)


def test_the_progress_never_grows(visitor: Visitor) -> None:
    page = visitor.open("/check-in/first_visit")
    pages = [page, visitor.answer("no", "yes", "yes"), visitor.consent("yes", car="type")]
    assert {page.count('class="dot') for page in pages} == {STAGES}
