"""The staff's side: the PIN, the link, the queue; and no forged forms."""

import pytest

from kiosk.site_texts import LONGEST_GREETING, SiteTexts
from kiosk.store import Store
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
    assert staff.shows("language-zh-CN")


def test_the_link_lets_the_tablet_in(house: House) -> None:
    staff = Visitor(house.browser())
    staff.open(f"/enter/{TOKEN}")
    assert staff.shows("language-zh-CN")


def test_the_link_lets_one_tablet_in_and_the_next_needs_the_pin() -> None:
    house = House(settings=settings(enrols_once=True))
    first, second = Visitor(house.browser()), Visitor(house.browser())
    first.open(f"/enter/{TOKEN}")
    assert first.shows("language-zh-CN")
    first.open(f"/enter/{TOKEN}")
    assert first.shows("language-zh-CN"), "the same tablet loads it again"
    second.open(f"/enter/{TOKEN}")
    assert second.status == 403
    assert second.shows("pin-problem")
    second.send("/login", pin=PIN)
    assert second.shows("language-zh-CN")


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
    lock = PinLock(clock.running_s)
    waits = []
    for _ in range(TRIES):
        assert not lock.opens("0000", PIN)
        waits.append(lock.wait_s())
        clock.pass_s(lock.wait_s())
    assert waits == [1, 2, 4, 8, LOCK_OUT_S]


def test_a_clock_that_is_set_makes_no_wait_longer_or_shorter() -> None:
    clock = FakeClock()
    lock = PinLock(clock.running_s)
    for day_s in (0, -86_400, 2 * 86_400, -86_400):
        clock.is_set(day_s)
        assert not lock.opens("0000", PIN)
        assert 1 <= lock.wait_s() <= 8
        clock.pass_s(lock.wait_s() - 0.5)
        assert not lock.opens(PIN, PIN)
        clock.pass_s(0.5)
    assert lock.opens(PIN, PIN)


def test_a_clock_that_is_set_during_a_check_in_loses_no_answers(house: House) -> None:
    tablet = house.tablet()
    tablet.begin()
    for day_s in (86_400, -2 * 86_400):
        house.clock.is_set(day_s)
        house.visits.forget_idle()
    tablet.answer("yes", "no", "no")
    assert house.visits.under_way


def test_a_clock_that_is_set_back_keeps_no_staff_s_page_open(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    house.clock.is_set(-3600)
    tablet.open("/staff")
    assert tablet.shows("pin")


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
    assert staff.shows("language-zh-CN")


def test_the_lock_out_holds_for_every_browser(house: House) -> None:
    for _ in range(TRIES):
        Visitor(house.browser()).send("/login", pin="000000")
        house.clock.pass_s(8)
    stranger = Visitor(house.browser())
    stranger.send("/login", pin=PIN)
    assert stranger.status == 429


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
    assert tablet.shows("language-zh-CN")
    tablet.open("/staff")
    assert tablet.shows("pin")


def test_going_back_to_the_visitors_by_any_way_closes_the_staff_s_pages(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    tablet.open("/")
    tablet.open("/staff")
    assert tablet.shows("pin")


@pytest.mark.parametrize("path", ["/staff/texts", "/staff/try", "/staff/leave"])
def test_every_page_of_the_staff_stands_behind_the_pin(house: House, path: str) -> None:
    tablet = house.tablet()
    tablet.open(path)
    assert tablet.shows("pin")
    tablet.send("/staff", pin=PIN)
    tablet.open(path)
    assert not tablet.shows("pin")
    tablet.send("/reset")
    tablet.send("/staff/texts", language="en", greeting="不该出现")
    assert house.parts.store.site_texts() == SiteTexts()


def test_the_page_that_asks_again_by_itself_does_not_keep_itself_open(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    for _ in range(13):
        house.clock.pass_s(5)
        tablet.open("/staff")
    assert tablet.shows("pin")


def test_the_staff_see_since_when_the_oldest_waits_and_nobody_s_name(house: House) -> None:
    house.link.is_up = False
    tablet = house.tablet()
    for name in ("赵师傅", "钱师傅"):
        tablet.send("/service/begin")
        tablet.send("/service/delivery", name=name)
        house.clock.pass_s(150)
    page = tablet.send("/staff", pin=PIN)
    assert "最早一条已等 5 分钟" in page
    assert 'data-testid="waiting-count">2<' in page
    assert 'data-testid="inside-count">2<' in page
    assert "师傅" not in page


def test_the_site_s_own_texts_show_at_once_and_outlive_a_restart(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    own = {"greeting": "西湖边的家，欢迎您", "privacy_contact": "王女士 0571-0000 0001"}
    tablet.send("/staff/texts", language="zh-TW", **own)
    page = tablet.open("/")
    assert "西湖边的家，欢迎您" in page
    assert '<html lang="zh-TW"' in page
    tablet.begin()
    tablet.answer("yes", "no", "no")
    tablet.send("/check-in/car", car="none")
    assert "王女士 0571-0000 0001" in tablet.page
    assert Store(house.db).site_texts() == SiteTexts("zh-TW", **own)


def test_an_empty_text_is_the_catalogue_s_again(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    tablet.send("/staff/texts", language="zh-CN", greeting="新的一句")
    tablet.send("/staff/texts", language="zh-CN", greeting=" ", privacy_contact="")
    assert house.parts.store.site_texts() == SiteTexts()
    assert "回答三个小问题" in tablet.open("/")


def test_a_text_is_plain_and_not_too_long(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    tablet.send("/staff/texts", language="zh-CN", greeting="<b>粗</b>\n\x00字")
    assert house.parts.store.site_texts().greeting == "<b>粗</b> 字"
    assert "&lt;b&gt;粗" in tablet.open("/")
    tablet.send("/staff", pin=PIN)
    page = tablet.send("/staff/texts", language="zh-CN", greeting="长" * (LONGEST_GREETING + 1))
    assert (tablet.status, tablet.shows("greeting-problem")) == (422, True)
    assert "长" * (LONGEST_GREETING + 1) in page
    assert house.parts.store.site_texts().greeting == "<b>粗</b> 字"


def test_a_language_that_the_tablet_does_not_speak_is_refused(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    tablet.send("/staff/texts", language="fr")
    assert tablet.status == 400


def test_a_tablet_that_left_kiosk_mode_must_be_let_in_again(house: House) -> None:
    tablet = house.tablet()
    tablet.send("/staff", pin=PIN)
    tablet.send("/staff/leave")
    assert tablet.shows("left")
    tablet.open("/")
    assert tablet.shows("pin")


@pytest.mark.parametrize(
    "path",
    [
        *("/begin", "/check-in/first_visit", "/reset", "/staff", "/staff/close", "/login"),
        *("/service/begin", "/service/delivery", "/service/leave", "/staff/texts", "/staff/leave"),
    ],
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
