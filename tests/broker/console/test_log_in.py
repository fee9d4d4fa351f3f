"""Who comes in: by PIN, by QR code, and who stays out."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from broker.console import attempts
from broker.console.tickets import TICKET_LIFETIME, login_path
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_site import LI, NINE, FakeSite, StandingClock

WRONG = "0000"


def fail(browser: Browser, times: int, staff_id: str = "li") -> int:
    """The last status after so many wrong PINs."""
    return [browser.log_in(staff_id, WRONG).status_code for _ in range(times)][-1]


def lock_out(browser: Browser, clock: StandingClock) -> None:
    """Type wrong PINs for 李敏, patiently, until the lock falls."""
    for _ in range(attempts.TRIES_PER_PERSON):
        browser.log_in("li", WRONG)
        clock.forward(attempts.FIRST_WAIT_S * 64)


def test_the_right_pin_opens_the_handheld_page(browser: Browser) -> None:
    answer = browser.log_in("li", "1357")
    assert (answer.status_code, answer.location) == (303, "/handheld")
    assert "李敏" in browser.get("/handheld").text


def test_a_manager_who_wanted_the_console_gets_there(browser: Browser) -> None:
    assert browser.get("/").location == "/login?to=console"
    assert browser.log_in("chen", "8642", "/login?to=console").location == "/"


def test_a_consultant_who_wanted_the_console_gets_the_handheld_page(browser: Browser) -> None:
    assert browser.log_in("li", "1357", "/login?to=console").location == "/handheld"


def test_a_wrong_pin_is_told_and_lets_nobody_in(browser: Browser) -> None:
    answer = browser.log_in("li", WRONG)
    assert answer.status_code == 401
    assert "口令不对，请重新输入。" in answer.text
    assert browser.get("/handheld").location == "/login"


def test_somebody_else_s_pin_is_a_wrong_pin(browser: Browser) -> None:
    assert browser.log_in("li", "2468").status_code == 401


def test_an_unknown_name_and_an_empty_pin_are_refused(browser: Browser, site: FakeSite) -> None:
    assert browser.log_in("nobody", "1357").status_code == 401
    assert browser.log_in("li", "").status_code == 401
    assert browser.post("/login", pin="1357").status_code == 400
    site.staff = (replace(LI, pin=""),)
    assert browser.log_in("li", "").status_code in (401, 429)


def test_after_three_wrong_pins_one_has_to_wait(browser: Browser, clock: StandingClock) -> None:
    assert fail(browser, 2) == 401
    answer = browser.log_in("li", WRONG)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == str(attempts.FIRST_WAIT_S)
    assert "请 5 秒后再试" in answer.text
    assert browser.log_in("li", "1357").status_code == 429, "even the right one waits"
    clock.forward(attempts.FIRST_WAIT_S)
    assert browser.log_in("li", "1357").status_code == 303


def test_many_wrong_pins_lock_for_a_quarter_of_an_hour(
    browser: Browser, clock: StandingClock
) -> None:
    lock_out(browser, clock)
    answer = browser.log_in("li", "1357")
    assert answer.status_code == 429
    assert "请案场管理岗出示登录二维码" in answer.text
    clock.forward(attempts.LOCK_OUT_S)
    assert browser.log_in("li", "1357").status_code == 303


def test_a_locked_person_still_comes_in_with_the_qr_code(
    browser: Browser, clock: StandingClock
) -> None:
    lock_out(browser, clock)
    browser.get(login_path(SECRET, "li", clock() + TICKET_LIFETIME))
    assert browser.get("/handheld").status_code == 200


def test_a_lock_on_one_person_leaves_the_others_alone(
    app: Flask, browser: Browser, clock: StandingClock
) -> None:
    lock_out(browser, clock)
    assert Browser(app, "192.0.2.60").log_in("zhao", "2468").status_code == 303


def test_one_address_cannot_try_everybody_in_turn(app: Flask, clock: StandingClock) -> None:
    guesser = Browser(app, "192.0.2.66")
    names = ("li", "zhao", "chen", "sun", "nobody", "x1", "x2", "x3")
    answers = [guesser.log_in(name, WRONG).status_code for name in names * 2]
    assert answers[attempts.FREE_TRIES_PER_ADDRESS] == 429
    assert guesser.log_in("sun", "7531").status_code == 429, "own PIN or not: this address waits"
    assert Browser(app, "192.0.2.67").log_in("sun", "7531").status_code == 303


def test_one_s_own_pin_buys_no_guesses_at_another_s(app: Flask, clock: StandingClock) -> None:
    guesser = Browser(app, "192.0.2.66")
    for _ in range(attempts.FREE_TRIES_PER_ADDRESS):
        clock.forward(attempts.LOCK_OUT_S)
        assert guesser.log_in("zhao", "2468").status_code == 303
        guesser.log_in("li", WRONG)
    clock.forward(attempts.LOCK_OUT_S)
    assert guesser.log_in("sun", WRONG).status_code == 429


def test_a_qr_code_logs_its_person_in(browser: Browser, clock: StandingClock) -> None:
    page = browser.get(login_path(SECRET, "li", clock() + TICKET_LIFETIME))
    assert page.status_code == 200
    assert "李敏，您好" in page.text
    assert 'content="0;url=/handheld"' in page.text
    assert browser.get("/api/account").json["staff_id"] == "li"  # type: ignore[index]


def test_a_qr_code_is_over_after_ten_minutes(browser: Browser, clock: StandingClock) -> None:
    path = login_path(SECRET, "li", clock() + TICKET_LIFETIME)
    clock.forward(TICKET_LIFETIME.total_seconds())
    answer = browser.get(path)
    assert answer.status_code == 403
    assert "二维码已失效" in answer.text
    assert browser.get("/handheld").status_code == 303


def test_a_forged_or_damaged_qr_code_opens_nothing(browser: Browser) -> None:
    good = login_path(SECRET, "li", NINE + timedelta(hours=1))
    forged = login_path("another key", "chen", NINE + timedelta(hours=1))
    swapped = login_path(SECRET, "chen", NINE).split(".")[0] + "." + good.split(".")[1]
    for path in (forged, swapped, good[:-1], good + "x", "/enter/x", "/enter/..", "/enter/%00"):
        assert browser.get(path).status_code in (403, 404), path
    assert browser.get("/handheld").status_code == 303


def test_a_qr_code_for_somebody_who_left_opens_nothing(browser: Browser) -> None:
    path = login_path(SECRET, "who-left", NINE + timedelta(hours=1))
    assert browser.get(path).status_code == 403


def test_a_changed_pin_ends_the_sessions_of_before(consultant: Browser, site: FakeSite) -> None:
    assert consultant.get("/handheld").status_code == 200
    site.staff = (replace(LI, pin="9999"),)
    assert consultant.get("/handheld").status_code == 303


def test_who_left_the_office_is_out(consultant: Browser, site: FakeSite) -> None:
    site.staff = ()
    assert consultant.get("/handheld").status_code == 303
    assert consultant.get("/api/account").status_code == 401


def test_logging_out_ends_the_session(consultant: Browser) -> None:
    assert consultant.post("/logout").location == "/login?why=out"
    assert consultant.get("/handheld").status_code == 303


def test_the_log_in_page_says_why_one_is_there(browser: Browser) -> None:
    assert "消息服务器拒绝了此账号" in browser.get("/login?why=refused").text
    assert "登录已失效" in browser.get("/login?why=ended").text
    assert "<script>" not in browser.get("/login?why=<script>&to=<script>").text


def test_who_left_the_company_is_told_so_and_only_with_the_right_pin(
    browser: Browser, consultant: Browser, site: FakeSite
) -> None:
    site.staff, site.gone = site.staff[1:], (LI,)
    answer = browser.log_in("li", "1357")
    assert answer.status_code == 403
    assert "您已离职，此账号已停用" in answer.text
    assert "已离职" not in browser.log_in("li", WRONG).text
    assert "李敏" not in browser.get("/login").text
    assert consultant.get("/api/me").status_code == 401
    assert "您已离职" in consultant.get("/login?why=ended").text


def test_after_a_log_out_a_copy_of_the_cookie_opens_nothing(
    app: Flask, consultant: Browser
) -> None:
    cookie = consultant.client.get_cookie("yingbin_staff")
    assert cookie is not None
    consultant.post("/logout")
    thief = Browser(app)
    thief.client.set_cookie("yingbin_staff", cookie.value)
    assert thief.get("/api/account").status_code == 401
    assert thief.get("/handheld").status_code == 303


def test_a_session_ends_with_the_working_day_though_its_page_asked_all_the_time(
    consultant: Browser, clock: StandingClock
) -> None:
    for _ in range(13):
        clock.forward(3600)
        assert consultant.get("/api/account").status_code == 200
    clock.forward(3600)
    assert consultant.get("/api/account").status_code == 401


def test_a_qr_code_logs_in_once(app: Flask, browser: Browser, clock: StandingClock) -> None:
    path = login_path(SECRET, "li", clock() + TICKET_LIFETIME, "mark")
    assert browser.client.head(path).status_code == 200, "a look at where it leads is no log-in"
    assert browser.get(path).status_code == 200
    assert browser.get(path).status_code == 200, "the same phone loads the page again"
    other = Browser(app, "192.0.2.70")
    answer = other.get(path)
    assert answer.status_code == 403
    assert "此二维码已经用过" in answer.text
    assert other.get("/handheld").status_code == 303
    browser.post("/logout")
    assert browser.get(path).status_code == 403


def test_whoever_guesses_elsewhere_locks_nobody_out_of_their_own_phone(
    app: Flask, consultant: Browser, clock: StandingClock
) -> None:
    consultant.post("/logout")
    lock_out(Browser(app, "192.0.2.66"), clock)
    assert Browser(app, "192.0.2.67").log_in("li", "1357").status_code == 429, "a new phone waits"
    assert consultant.log_in("li", "1357").status_code == 303


def test_an_address_that_waits_does_not_keep_its_own_people_out(
    app: Flask, consultant: Browser, clock: StandingClock
) -> None:
    """All phones may come by one address, as behind a proxy."""
    consultant.post("/logout")
    guesser = Browser(app, "192.0.2.51")
    for name in ("zhao", "chen", "sun", "nobody", "x1") * 3:
        guesser.log_in(name, WRONG)
    assert guesser.log_in("sun", "7531").status_code == 429
    assert consultant.log_in("li", "1357").status_code == 303


def test_a_phone_that_knows_its_person_is_no_place_for_guesses(
    app: Flask, consultant: Browser, clock: StandingClock
) -> None:
    consultant.post("/logout")
    assert fail(consultant, 3) == 429
    assert consultant.log_in("li", "1357").status_code == 429
    assert fail(consultant, 3, "zhao") == 429, "nor at anybody else's PIN"
    assert consultant.log_in("zhao", "2468").status_code == 429


def test_a_forged_mark_of_a_phone_is_none(app: Flask, clock: StandingClock) -> None:
    guesser = Browser(app, "192.0.2.66")
    for forged in ('["mark", ["li"]]', "", "x.y", "W10.abc"):
        guesser.client.set_cookie("yingbin_device", forged)
        guesser.log_in("li", WRONG)
    assert guesser.log_in("li", "1357").status_code == 429
