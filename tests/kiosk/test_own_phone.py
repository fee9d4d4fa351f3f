"""A visitor's own phone is a tablet for one visit: it disturbs nobody, and forgets like one."""

import pytest

from kiosk.visits import GRACE_S, PHONE_PATIENCE, PHONE_WAITS_S
from shared.messages import Coming
from tests.kiosk.house import House
from tests.kiosk.own_phone import OWN_DATA, door_house, go_all_the_way, phone


@pytest.fixture
def house() -> House:
    return door_house()


def test_a_phone_goes_the_whole_way_and_its_check_in_is_this_kiosk_s(house: House) -> None:
    visitor = phone(house)
    assert 'data-testid="question-first_visit"' in visitor.scan(house)
    go_all_the_way(visitor)
    assert visitor.shows("calling")
    (check_in,) = house.check_ins()
    assert check_in.kiosk_id == "lobby"
    house.assign(check_in, "李敏")
    assert ">李敏<" in visitor.open("/done")
    assert visitor.shows("asked")
    house.assign(check_in, "李敏", coming=Coming.SET_OUT)
    visitor.open("/done")
    assert visitor.shows("set-out")
    house.assign(check_in, "李敏", coming=Coming.MET)
    assert visitor.browser.get("/assignment").json == {"showing": "over"}


def test_while_the_hub_is_away_the_phone_tells_the_tablet_s_truth(house: House) -> None:
    house.link.is_up = False
    visitor = phone(house)
    visitor.scan(house)
    go_all_the_way(visitor)
    house.clock.pass_s(house.settings.answer_within_s)
    visitor.open("/done")
    assert visitor.shows("please-wait")
    assert len(house.check_ins()) == 1


def test_a_phone_too_is_told_to_go_to_the_desk_while_nobody_was_told(house: House) -> None:
    house.link.is_up = False
    visitor = phone(house)
    visitor.scan(house)
    house.outbox_db.conn.execute("pragma query_only = on")
    go_all_the_way(visitor)
    assert visitor.shows("tell-desk")


def test_after_the_visitor_left_a_stranger_finds_nothing(house: House) -> None:
    visitor, link = phone(house), house.parts.door.links.shown()
    visitor.scan(house, "en")
    visitor.answer("no", "no", "no")
    visitor.send("/check-in/consultant", named_text="独一无二的名字")
    visitor.send("/reset")
    assert visitor.shows("phone-over")
    stranger = phone(house)
    for path in (f"/own-phone/{link}", "/check-in/consultant", "/done", "/assignment"):
        for browser in (visitor, stranger):
            assert "独一无二的名字" not in browser.open(path)
    assert not house.visits.under_way


def test_two_phones_and_the_tablet_do_not_see_each_other(house: House) -> None:
    first, second, tablet = phone(house), phone(house), house.tablet()
    tablet.begin()
    first.scan(house)
    second.scan(house, "en")
    first.send("/check-in/first_visit", answer="no")
    second.open("/check-in/family")
    assert second.shows("question-first_visit")
    second.send("/reset")
    first.open("/check-in/family")
    assert first.shows("question-family")
    tablet.open("/check-in/first_visit")
    assert tablet.shows("question-first_visit")
    go_all_the_way(first)
    go_all_the_way(tablet)
    numbers = [check_in.visitor_number for check_in in house.check_ins()]
    assert len(set(numbers)) == 2
    assert len({check_in.check_in_id for check_in in house.check_ins()}) == 2


@pytest.mark.parametrize(
    "path", ["/", "/staff", "/staff/texts", "/service", "/invitation", "/own-phone/code"]
)
def test_a_phone_comes_to_its_own_visit_and_nowhere_else(house: House, path: str) -> None:
    visitor = phone(house)
    visitor.scan(house)
    page = visitor.open(path)
    assert 'data-testid="pin"' not in page
    assert visitor.shows("phone-over") or visitor.status in (404, 410)


def test_an_icon_that_the_phone_asks_for_ends_no_visit(house: House) -> None:
    visitor = phone(house)
    visitor.scan(house)
    assert visitor.browser.get("/apple-touch-icon.png").status_code == 404
    visitor.open("/check-in/first_visit")
    assert visitor.shows("question-first_visit")


def test_a_phone_begins_no_second_visit_without_another_link(house: House) -> None:
    visitor = phone(house)
    visitor.scan(house)
    visitor.send("/reset")
    visitor.send("/begin", language="en")
    assert visitor.shows("phone-over")
    assert not house.visits.under_way


def test_the_tablet_s_own_browser_stays_a_tablet(house: House) -> None:
    tablet = house.tablet()
    tablet.open("/own-phone")
    assert tablet.shows("staff")


def test_an_idle_phone_is_forgotten_too_but_not_as_soon(house: House) -> None:
    visitor = phone(house)
    usual_s = house.settings.idle_reset_s
    assert f'data-idle-reset-s="{PHONE_PATIENCE * usual_s}"' in visitor.scan(house)
    house.clock.pass_s(PHONE_PATIENCE * usual_s)
    house.visits.forget_idle()
    assert house.visits.under_way
    house.clock.pass_s(PHONE_PATIENCE * GRACE_S + 1)
    assert visitor.browser.get("/alive").status_code == 410
    visitor.open("/check-in/first_visit")
    assert visitor.shows("phone-over")


def test_who_waits_with_a_dark_phone_still_learns_who_comes(house: House) -> None:
    visitor = phone(house)
    visitor.scan(house)
    go_all_the_way(visitor)
    house.clock.pass_s(PHONE_WAITS_S - 1)
    house.assign(house.check_ins()[0], "李敏", coming=Coming.SET_OUT)
    visitor.open("/done")
    assert visitor.shows("set-out")
    house.clock.pass_s(PHONE_WAITS_S + 1)
    visitor.open("/done")
    assert visitor.shows("phone-over")


def test_on_their_own_phone_a_link_leads_to_their_data_instead_of_a_code(house: House) -> None:
    visitor = phone(house)
    visitor.scan(house)
    go_all_the_way(visitor)
    (visit,) = house.visits.under_way
    assert f'href="{OWN_DATA}/me/{visit.page_secret}"' in visitor.page
    assert "<svg" not in visitor.page


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [("en-GB,en;q=0.9", "en"), ("zh-TW,zh;q=0.8", "zh-TW"), ("zh-CN", "zh-CN"), ("fr", "zh-CN")],
)
def test_the_first_page_speaks_the_phone_s_own_language(
    house: House, accepted: str, spoken: str
) -> None:
    page = phone(house).browser.get("/own-phone", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{spoken}"' in page


def test_the_cookie_of_a_phone_lasts_no_longer_than_its_browser_and_no_page_is_kept(
    house: House,
) -> None:
    visitor = phone(house)
    visitor.scan(house)
    for answer in (visitor.browser.get("/own-phone"), visitor.browser.get("/check-in/first_visit")):
        assert answer.headers["Cache-Control"] == "no-store"
    assert visitor.last is not None
    begun = visitor.last.history[0]
    assert "Expires" not in begun.headers["Set-Cookie"]
    assert "HttpOnly" in begun.headers["Set-Cookie"]


def test_a_guest_who_opens_the_invitation_in_the_hall_is_checked_in_with_one_tap(
    house: House,
) -> None:
    visitor, link = phone(house), house.parts.door.links.shown()
    visitor.open(f"/own-phone/{link}?guest=ImItMSI.h3QkmGqgN2Zx0cYV4b1u")
    assert visitor.shows("phone-guest")
    assert 'name="guest" value="ImItMSI.h3QkmGqgN2Zx0cYV4b1u"' in visitor.page
    visitor.send(f"/own-phone/{link}", language="en", guest="ImItMSI.h3QkmGqgN2Zx0cYV4b1u")
    assert visitor.shows("calling")
    (check_in,) = house.check_ins()
    assert (check_in.guest, check_in.language) == ("ImItMSI.h3QkmGqgN2Zx0cYV4b1u", "en")
