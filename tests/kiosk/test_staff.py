"""The staff's side: the PIN, the link, the queue; and no forged forms."""

import pytest

from shared.pin_lock import LOCK_OUT_S, TRIES, PinLock
from tests.fakes import FakeClock
from tests.kiosk.house import PIN, TOKEN, House, Visitor, settings


@pytest.fixture
def house() -> House:
    return House()


def test_a_stranger_s_browser_sees_only_the_log_in(house: House) -> None:
    stranger = Visitor(house.browser())
    for path in (
        "/",
        "/check-in/first_visit",
        "/done",
        "/assignment",
        "/staff",
        "/pictures/li.jpg",
    ):
        stranger.open(path)
        assert stranger.shows("pin"), path


def test_the_pin_lets_the_tablet_in(house: House) -> None:
    staff = Visitor(house.browser())
    staff.send("/login", pin=PIN)
    assert staff.shows("language-zh")


def test_the_link_lets_the_tablet_in(house: House) -> None:
    staff = Visitor(house.browser())
    staff.open(f"/enter/{TOKEN}")
    assert staff.shows("language-zh")


def test_a_wrong_link_lets_nobody_in(house: House) -> None:
    stranger = Visitor(house.browser())
    stranger.open("/enter/another-token-altogether")
    assert stranger.status == 403
    stranger.open("/")
    assert stranger.shows("pin")


def test_without_a_token_there_is_no_link() -> None:
    stranger = Visitor(House(settings=settings(enrol_token=None)).browser())
    stranger.open(f"/enter/{TOKEN}")
    assert stranger.status == 404


def test_each_wrong_pin_makes_the_next_wait_longer() -> None:
    clock = FakeClock()
    lock = PinLock(clock)
    waits = []
    for _ in range(TRIES):
        assert not lock.opens("0000", PIN)
        waits.append(lock.wait_s())
        clock.pass_s(lock.wait_s())
    assert waits == [1, 2, 4, 8, LOCK_OUT_S]


def test_while_locked_even_the_right_pin_does_not_open(house: House) -> None:
    staff = Visitor(house.browser())
    for _ in range(TRIES):
        staff.send("/login", pin="000000")
        house.clock.pass_s(house.parts.pin_lock.wait_s() if _ < TRIES - 1 else 0)
    page = staff.send("/login", pin=PIN)
    assert staff.status == 429
    assert f"请 {LOCK_OUT_S} 秒后再试" in page
    house.clock.pass_s(LOCK_OUT_S)
    staff.send("/login", pin=PIN)
    assert staff.shows("language-zh")


def test_the_lock_out_holds_for_every_browser(house: House) -> None:
    for _ in range(TRIES):
        Visitor(house.browser()).send("/login", pin="000000")
        house.clock.pass_s(8)
    another = Visitor(house.browser())
    another.send("/login", pin=PIN)
    assert another.status == 429


def test_the_queue_count_stands_behind_the_pin(house: House) -> None:
    house.link.is_up = False
    tablet = house.tablet()
    tablet.begin()
    tablet.answer("yes", "no", "no")
    tablet.consent("no")
    tablet.open("/staff")
    assert tablet.shows("pin")
    assert not tablet.shows("waiting-count")
    page = tablet.send("/staff", pin=PIN)
    assert 'data-testid="waiting-count">1<' in page
    assert "断开" in page


def test_the_staff_s_page_closes_by_itself(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    house.clock.pass_s(61)
    tablet.open("/staff")
    assert tablet.shows("pin")


def test_the_staff_s_page_can_be_closed(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    tablet.send("/staff/close")
    assert tablet.shows("language-zh")
    tablet.open("/staff")
    assert tablet.shows("pin")


@pytest.mark.parametrize(
    "path", ["/begin", "/check-in/first_visit", "/reset", "/staff", "/staff/close", "/login"]
)
@pytest.mark.parametrize("form", [{}, {"csrf": "guessed"}, {"csrf": "咖啡"}])
def test_a_form_without_this_browser_s_token_is_refused(
    house: House, path: str, form: dict[str, str]
) -> None:
    tablet = house.tablet()
    tablet.begin()
    answer = tablet.browser.post(path, data=form)
    assert answer.status_code == 400
    assert "请重新开始" in answer.text


def test_a_token_in_the_header_is_as_good(house: House) -> None:
    tablet = house.tablet()
    tablet.begin()
    answer = tablet.browser.post("/reset", headers={"X-CSRF-Token": tablet.token()})
    assert answer.status_code == 303


def test_an_oversized_form_is_refused_with_a_way_on(house: House) -> None:
    tablet = house.tablet()
    tablet.begin()
    tablet.send("/check-in/first_visit", answer="yes" * 10_000)
    assert tablet.status == 413
    assert "请重新开始" in tablet.page


def test_the_program_lives_for_whoever_asks(house: House) -> None:
    assert house.browser().get("/health").json == {"status": "ok"}
