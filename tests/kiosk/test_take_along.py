"""What a visitor takes along from the last page: their number and the way to their own data."""

import hashlib
import re

import pytest

from kiosk.desk import visitor_number
from kiosk.settings import OwnDrink
from kiosk.visitor_page import qr_of
from shared.messages import Drink, Roster
from tests.fakes import NINE
from tests.kiosk.house import House, Visitor, settings

URL = "http://192.0.2.10:8081"


def checked_in(house: House) -> Visitor:
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("yes", "no", "no")
    visitor.consent("no")
    return visitor


def test_the_number_on_the_last_page_is_the_one_the_host_is_told() -> None:
    house = House(settings=settings(number_prefix="A"))
    house.link.is_up = False
    visitor = checked_in(house)
    assert house.check_ins()[0].visitor_number == "A101"
    assert 'data-testid="visitor-number">A101<' in visitor.page


def test_nine_hundred_numbers_in_a_row_differ_and_all_have_three_digits() -> None:
    numbers = [visitor_number("", seq) for seq in range(1, 2000)]
    assert all(re.fullmatch(r"[1-9]\d\d", number) for number in numbers)
    assert all(len(set(numbers[at : at + 900])) == 900 for at in range(0, 1000, 100))


def test_the_hub_is_told_a_digest_and_only_the_visitor_s_page_holds_the_secret() -> None:
    house = House(settings=settings(visitor_page_url=URL))
    visitor = checked_in(house)
    (visit,) = house.visits.under_way
    (check_in,) = house.check_ins()
    assert check_in.page_key == hashlib.sha256(visit.page_secret.encode()).hexdigest()
    assert visit.page_secret not in repr(check_in)
    assert qr_of(URL, visit.page_secret) in visitor.page
    assert visit.page_secret not in visitor.page


def test_every_visitor_has_a_secret_of_their_own() -> None:
    house = House(settings=settings(visitor_page_url=URL))
    for _ in range(2):
        checked_in(house)
    first, second = house.check_ins()
    assert first.page_key != second.page_key


def test_without_such_a_page_a_visitor_is_told_whom_to_ask() -> None:
    page = checked_in(House()).page
    assert "<svg" not in page
    assert "请把号码 101 告诉前台" in page


@pytest.mark.parametrize("asked_for", [True, False])
def test_larger_text_and_voice_last_for_one_visitor(asked_for: bool) -> None:
    visitor = House().tablet()
    chosen = {"larger": "yes"} if asked_for else {}
    visitor.send("/begin", language="zh-CN", **chosen)
    for _ in range(2):
        assert ('class="larger"' in visitor.page) is asked_for
        assert ("voice.js" in visitor.page) is asked_for
        visitor.send("/check-in/first_visit", answer="yes")
    visitor.send("/reset")
    assert 'class="larger"' not in visitor.page
    assert 'class="larger"' not in visitor.begin()


def test_only_the_page_where_a_card_is_scanned_may_ask_for_the_camera() -> None:
    house = House()
    house.tell_roster()
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("yes", "yes", "no")
    for path, is_allowed in (("/check-in/family_consultant", True), ("/check-in/family", False)):
        policy = visitor.browser.get(path).headers["Permissions-Policy"]
        assert ("camera=(self)" in policy) is is_allowed
        assert "microphone=()" in policy


def test_a_scanned_card_names_the_consultant_and_is_the_evidence() -> None:
    house = House()
    house.tell_roster()
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("yes", "no", "yes")
    visitor.send("/check-in/consultant", card="yingbin:card:elsewhere:wang")
    assert "没有认出这张名片" in visitor.page
    visitor.send("/check-in/consultant", card="yingbin:card:xihu:wang")
    visitor.consent("no")
    (check_in,) = house.check_ins()
    assert (check_in.named_consultant_id, check_in.evidence) == ("wang", "card")


@pytest.mark.parametrize(("language", "name"), [("zh-CN", "柠檬水"), ("en", "Lemon water")])
def test_the_menu_speaks_the_visitor_s_language_and_the_bar_hears_which_drink_it_is(
    language: str, name: str
) -> None:
    house = House()
    visitor = house.tablet()
    visitor.begin(language)
    visitor.answer("yes", "no", "no")
    assert f"<span>{name}</span>" in visitor.consent("yes")
    visitor.send("/check-in/details", **{"drink.lemonade": "yes"})
    assert house.check_ins()[0].drinks == ("lemonade",)


OOLONG = Drink(key="oolong", zh_cn="乌龙茶", en="oolong tea", zh_tw="烏龍茶")


@pytest.mark.parametrize(("language", "name"), [("en", "Oolong tea"), ("zh-TW", "烏龍茶")])
def test_the_site_s_menu_comes_from_the_hub_and_outlives_a_restart(
    language: str, name: str
) -> None:
    house = House()
    house.tell(Roster(consultants=(), sent_at=NINE, drinks=(OOLONG,)))
    visitor = House(db=house.db).tablet()
    visitor.begin(language)
    visitor.answer("yes", "no", "no")
    page = visitor.consent("yes")
    assert f"<span>{name}</span>" in page
    assert "drink.green_tea" not in page
    visitor.send("/check-in/details", **{"drink.oolong": "yes"})


def test_a_tablet_s_own_menu_counts_where_the_hub_names_none() -> None:
    """Its drinks may have no key: the hub is told the Chinese name then, as before."""
    own = OwnDrink(zh_cn="酸梅汤", en="plum juice", zh_tw="酸梅湯")
    house = House(settings(drinks=(own,)))
    house.tell_roster()
    visitor = house.tablet()
    visitor.begin("en")
    visitor.answer("yes", "no", "no")
    assert "<span>Plum juice</span>" in visitor.consent("yes")
    visitor.send("/check-in/details", **{"drink.酸梅汤": "yes"})
    assert house.check_ins()[0].drinks == ("酸梅汤",)
