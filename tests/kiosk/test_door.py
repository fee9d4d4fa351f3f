"""The door of visitors' own phones: links that are good once and soon end, and too many of them."""

import re

import pytest

from kiosk.answers import Answers
from kiosk.door import BEGINS_EACH, LOOKS_EACH
from kiosk.door_links import GOOD_S, MOST_LINKS, SHOWN_S, DoorLinks
from kiosk.own_phone import MOST_PHONES
from kiosk.throttle import Throttle
from shared.messages import NodeStatus
from shared.words import LANGUAGES
from tests.fakes import FakeClock
from tests.kiosk.house import PIN, WORDS, House, settings
from tests.kiosk.own_phone import DOOR, door_house, phone


@pytest.fixture
def house() -> House:
    return door_house()


def test_the_paper_s_code_gives_each_phone_a_link_of_its_own(house: House) -> None:
    links = []
    for _ in range(2):
        visitor = phone(house)
        visitor.open("/own-phone")
        links += re.findall(r'action="/own-phone/([\w-]+)"', visitor.page)
    assert len(set(links)) == 2
    assert 'data-testid="question-first_visit"' in visitor.begin_by(links[1])


def test_a_link_is_good_once_whoever_sends_it_again(house: House) -> None:
    visitor, link = phone(house), house.parts.door.links.shown()
    visitor.scan(house)
    for again in (phone(house), phone(house, "192.0.2.51")):
        assert again.open(f"/own-phone/{link}")
        assert (again.status, again.shows("phone-used")) == (410, True)
        again.begin_by(link)
        assert (again.status, again.shows("phone-used")) == (410, True)
    assert len(house.visits.under_way) == 1


def test_who_opens_the_used_link_on_the_same_phone_is_where_they_were(house: House) -> None:
    visitor, link = phone(house), house.parts.door.links.shown()
    visitor.scan(house)
    visitor.send("/check-in/first_visit", answer="yes")
    visitor.open(f"/own-phone/{link}")
    assert visitor.shows("question-family")


def test_a_link_that_is_too_old_opens_nothing_and_the_way_on_is_shown(house: House) -> None:
    visitor, link = phone(house), house.parts.door.links.shown()
    visitor.open(f"/own-phone/{link}")
    house.clock.pass_s(GOOD_S)
    visitor.begin_by(link)
    assert (visitor.status, visitor.shows("phone-used")) == (410, True)
    assert 'href="/own-phone"' in visitor.page
    assert not house.visits.under_way


def test_a_link_that_nobody_made_opens_nothing(house: House) -> None:
    visitor = phone(house)
    visitor.open("/own-phone/AAAAAAAAAAAAAAAA")
    assert (visitor.status, visitor.shows("phone-used")) == (410, True)
    assert phone(house).browser.get("/own-phone/" + "x" * 3000).status_code == 410


def test_looking_where_a_link_leads_does_not_use_it(house: House) -> None:
    link = house.parts.door.links.shown()
    for _ in range(3):
        phone(house).browser.head(f"/own-phone/{link}")
        phone(house).browser.get(f"/own-phone/{link}")
    assert 'data-testid="question-first_visit"' in phone(house).scan(house)


def test_where_the_site_has_no_such_way_there_is_none() -> None:
    house = House()
    assert phone(house).browser.get("/own-phone").status_code == 404
    tablet = house.tablet()
    tablet.open("/")
    assert not tablet.shows("own-phone")
    assert phone(house).browser.get("/check-in/first_visit").headers["Location"] == "/login"


def test_the_welcome_shows_another_code_after_a_minute_and_once_it_was_used(house: House) -> None:
    tablet = house.tablet()
    tablet.open("/")
    (shown,) = re.findall(r'data-shown="([\w-]+)"', tablet.page)
    ask = f"/own-phone/code?shown={shown}"
    assert tablet.browser.get(ask).status_code == 204
    phone(house).scan(house)
    second = tablet.browser.get(ask).json
    assert second
    assert second["shown"] != shown
    assert second["svg"].startswith("<svg")
    house.clock.pass_s(SHOWN_S)
    third = tablet.browser.get(f"/own-phone/code?shown={second['shown']}").json
    assert third
    assert third["shown"] not in (shown, second["shown"])


def test_a_plain_address_where_cookies_need_https_is_no_way_in() -> None:
    house = House(settings=settings(own_phone_url=DOOR, is_https=True))
    assert house.parts.door.on_screens() is None
    assert phone(house).browser.get("/own-phone").status_code == 404
    secure = House(settings=settings(own_phone_url="https://visit.example.org", is_https=True))
    assert secure.parts.door.on_screens()


def test_a_site_may_keep_the_code_from_the_welcome() -> None:
    house = House(settings=settings(own_phone_url=DOOR, shows_own_phone=False))
    tablet = house.tablet()
    tablet.open("/")
    assert not tablet.shows("own-phone")
    assert phone(house).open("/own-phone")


def test_200_links_a_minute_from_one_address_leave_the_others_alone(house: House) -> None:
    answers = [phone(house, "192.0.2.66").browser.get("/own-phone") for _ in range(200)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 200 - LOOKS_EACH
    assert 0 < int(refused[-1].headers["Retry-After"]) <= 60
    assert 'data-testid="phone-slow"' in refused[-1].text
    other = phone(house)
    assert 'data-testid="question-first_visit"' in other.scan(house)
    tablet = house.tablet()
    tablet.begin()
    assert tablet.shows("question-first_visit")
    house.clock.pass_s(60)
    assert phone(house, "192.0.2.66").browser.get("/own-phone").status_code == 200


def test_one_address_begins_so_many_visits_a_minute_and_no_more(house: House) -> None:
    for _ in range(200):
        link = house.parts.door.links.fresh()
        visitor = phone(house)
        visitor.page = 'data-csrf="x"'
        with visitor.browser.session_transaction() as session:
            session["csrf"] = "x"
        visitor.begin_by(link)
    assert visitor.status == 429
    assert len(house.visits.under_way) == BEGINS_EACH


def test_there_is_an_end_to_how_many_phones_are_under_way(house: House) -> None:
    for _ in range(MOST_PHONES):
        house.visits.begin(Answers("zh-CN"), is_on_phone=True)
    visitor = phone(house)
    visitor.scan(house)
    assert (visitor.status, visitor.shows("phone-slow")) == (429, True)
    assert len(house.visits.under_way) == MOST_PHONES


def test_addresses_of_one_household_count_as_one() -> None:
    throttle = Throttle(FakeClock().running_s, each=1, in_all=10)
    assert throttle.lets("2001:db8::1")
    assert not throttle.lets("2001:db8::2")
    assert throttle.lets("2001:db8:0:1::1")
    assert throttle.lets("192.0.2.1")
    assert not throttle.lets("::ffff:192.0.2.1")


def test_in_all_there_is_a_limit_too_and_it_passes_by_itself() -> None:
    clock = FakeClock()
    throttle = Throttle(clock.running_s, each=10, in_all=20)
    assert [throttle.lets(f"192.0.2.{at}") for at in range(25)].count(True) == 20
    assert throttle.wait_s("192.0.2.99") == 60
    clock.pass_s(60)
    assert throttle.lets("192.0.2.99")


def test_links_that_nobody_uses_do_not_pile_up() -> None:
    clock = FakeClock()
    links = DoorLinks(clock.running_s)
    made = [links.fresh() for _ in range(MOST_LINKS + 5)]
    assert sum(links.is_good(link) for link in made) == MOST_LINKS
    clock.pass_s(GOOD_S)
    assert links.use(links.fresh())
    assert not any(links.is_good(link) for link in made)


def test_the_heartbeat_tells_the_hub_where_the_door_is_now_and_the_wall_shows_it(
    house: House,
) -> None:
    (status,) = [sent for sent in house.link.sent if isinstance(sent, NodeStatus)]
    assert status.door == f"{DOOR}/own-phone/{house.parts.door.links.shown()}"


def test_the_sheet_for_the_door_has_the_house_s_name_and_the_way_in_for_all(house: House) -> None:
    tablet = house.tablet()
    tablet.open("/staff")
    tablet.send("/staff", pin=PIN)
    page = tablet.open("/staff/door")
    assert f"{DOOR}/own-phone<" in page
    assert house.settings.site_name in page
    assert "<svg" in page
    for language in LANGUAGES:
        assert WORDS.say("phone.by_own", language) in page
