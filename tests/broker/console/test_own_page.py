"""A visitor's own page: their secret, data and corrections, and nothing of anybody else."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import TestResponse

from broker.console.app import create_app
from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.queries.own_data import OwnData
from shared.messages import LookUp, ReportKind, StaffReport
from tests.broker.console.fake_site import FakeSite
from tests.broker.console.own_page import MINE, PHONE, PLATE, SECRET, HubAtHand
from tests.fakes import FakeClock
from tests.hub_fixtures import clock, hub
from tests.samples import arrival

__all__ = ["clock", "hub"]


class Phone:
    """A visitor's phone with the page open."""

    def __init__(self, client: FlaskClient, address: str = "192.0.2.77") -> None:
        self._client, self._address = client, {"REMOTE_ADDR": address}

    def get(self, path: str = f"/me/{SECRET}") -> TestResponse:
        return self._client.get(path, environ_base=self._address)

    def post(self, path: str, **fields: str) -> TestResponse:
        token = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        data = {"csrf": token.group(1) if token else "", **fields}
        return self._client.post(path, data=data, environ_base=self._address)

    def kept(self, key: str) -> str:
        found = re.search(rf'data-testid="kept-{key}">(.*?)</dd>', self.get().text, re.DOTALL)
        assert found, key
        return re.sub(r"<[^>]+>|\\s+", " ", found[1]).strip()


@pytest.fixture
def phone(hub: Hub, clock: FakeClock) -> Phone:
    pages = OwnData(hub, HubAtHand(hub), clock)
    return Phone(create_app(FakeSite(), "k", clock, pages).test_client())


def finish(hub: Hub, number: int = 1) -> None:
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    said = StaffReport(
        report_id=f"s-{number}",
        staff_id=visit.host_id or "li",
        kind=ReportKind.FINISHED,
        reported_at=hub.clock(),
        visit_id=visit.visit_id,
    )
    handle(hub, said)


def test_a_visitor_sees_everything_they_gave_and_who_received_them(hub: Hub, phone: Phone) -> None:
    handle(hub, MINE)
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert phone.kept("name") == "欧阳先生"
    assert phone.kept("phone") == PHONE
    assert phone.kept("plate") == PLATE
    assert phone.kept("came") == "2026-11-23 09:00"
    assert phone.kept("host") == hub.people.names()[visit.host_id or ""]
    assert phone.kept("named") == "王强"
    assert phone.kept("needs") == "雨伞"
    assert phone.kept("until").startswith("2028-11-22")


def test_who_looked_a_visitor_up_is_said_by_post_and_not_by_name(
    hub: Hub, phone: Phone, clock: FakeClock
) -> None:
    handle(hub, MINE)
    assert phone.kept("looked_up") == "没有人查询过"
    clock.pass_s(60)
    handle(hub, LookUp(look_up_id="l-1", staff_id="wang", asked_at=clock(), phone=PHONE))
    assert phone.kept("looked_up") == "2026-11-23 09:01 置业顾问"


def test_a_car_that_was_tapped_shows_no_plate_and_no_name_of_its_owner(
    hub: Hub, phone: Phone
) -> None:
    """The visitor may have tapped another's car: 浙A88888 is 张女士's."""
    handle(hub, arrival("浙A88888"))
    handle(hub, replace(MINE, plate=None, surname=None, salutation=None, arrival_id="a-1"))
    page = phone.get().text
    assert "您在平板上认领的车" in page
    assert "88888" not in page
    assert "张" not in page


@pytest.mark.parametrize("secret", ["x" * 32, "", "../x", "%00", "谁", "s" * 31, "s" * 5000])
def test_whatever_is_no_secret_gets_the_same_answer(hub: Hub, phone: Phone, secret: str) -> None:
    handle(hub, MINE)
    unknown = phone.get("/me/unknown")
    answer = phone.get(f"/me/{secret}")
    assert answer.status_code == 404
    if secret and "/" not in secret:
        assert answer.text == unknown.text


def test_after_its_days_the_page_is_as_one_that_never_was(
    hub: Hub, phone: Phone, clock: FakeClock
) -> None:
    handle(hub, MINE)
    clock.moment += timedelta(days=30)
    assert phone.get().status_code == 200
    clock.pass_s(1)
    assert phone.get().text == phone.get("/me/unknown").text


def test_who_guesses_soon_has_to_wait(hub: Hub, phone: Phone) -> None:
    handle(hub, MINE)
    codes = [phone.get(f"/me/{guess}").status_code for guess in range(12)]
    assert codes[:3] == [404, 404, 404]
    assert codes[-1] == 429
    assert phone.get().status_code == 429, "also for a right one: nothing can be learnt"


def test_no_page_is_kept_found_or_framed(hub: Hub, phone: Phone) -> None:
    handle(hub, MINE)
    for path in (f"/me/{SECRET}", f"/me/{SECRET}/correct", f"/me/{SECRET}/copy", "/me/no"):
        headers = phone.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"


def test_a_visitor_corrects_what_is_wrong_and_takes_back_what_shall_not_be_kept(
    hub: Hub, phone: Phone
) -> None:
    handle(hub, MINE)
    path = f"/me/{SECRET}/correct"
    fields = {"surname": "司徒", "salutation": "女士", "phone": "+86 137 0000 2222", "plate": ""}
    assert phone.post(path, **fields).status_code == 303
    assert phone.kept("name") == "司徒女士"
    assert phone.kept("phone") == "13700002222"
    assert phone.kept("plate") == "未填写"
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.surname, visit.phone, visit.plate) == ("司徒", "13700002222", None)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("phone", "1390000", "11 位"), ("plate", "浙A1", "7 或 8 位")],
)
def test_what_is_no_number_or_plate_is_said_kindly_and_nothing_changes(
    hub: Hub, phone: Phone, field: str, value: str, words: str
) -> None:
    handle(hub, MINE)
    answer = phone.post(f"/me/{SECRET}/correct", **{field: value})
    assert answer.status_code == 400
    assert words in answer.text
    assert phone.kept("phone") == PHONE


def test_the_copy_holds_what_the_page_shows(hub: Hub, phone: Phone) -> None:
    handle(hub, MINE)
    answer = phone.get(f"/me/{SECRET}/copy")
    assert "attachment" in answer.headers["Content-Disposition"]
    copy = answer.get_json()
    assert (copy["surname"], copy["phone"], copy["plate"]) == ("欧阳", PHONE, PLATE)
    assert copy["check_in"]["drinks"] == ["绿茶"]
    assert "page_key" not in copy["check_in"]


def test_a_visitor_is_erased_with_two_taps_once_the_visit_is_over(hub: Hub, phone: Phone) -> None:
    handle(hub, MINE)
    finish(hub)
    assert "无法恢复" in phone.get(f"/me/{SECRET}/erase").text
    answer = phone.post(f"/me/{SECRET}/erase")
    assert "您的信息已经删除" in answer.text
    assert phone.get().text == phone.get("/me/unknown").text


def test_while_a_visitor_is_here_the_wish_is_kept_and_done_when_they_leave(
    hub: Hub, phone: Phone
) -> None:
    handle(hub, MINE)
    assert phone.post(f"/me/{SECRET}/erase").status_code == 303
    assert "接待结束后立即删除" in phone.get().text
    finish(hub)
    let_time_pass(hub)
    assert phone.get().status_code == 404


def test_for_a_number_with_more_behind_it_the_front_desk_sees_the_visitor_first(
    hub: Hub, phone: Phone
) -> None:
    handle(hub, replace(MINE, phone="13800138000"))
    finish(hub)
    phone.post(f"/me/{SECRET}/erase")
    assert "当面确认" in phone.get().text
    assert len(hub.register.search("张女士")) == 1


def test_a_post_without_the_page_s_token_is_refused(hub: Hub, phone: Phone) -> None:
    handle(hub, MINE)
    for what in ("erase", "correct"):
        answer = phone.post(f"/me/{SECRET}/{what}", csrf="guessed")
        assert answer.status_code == 400
    assert phone.kept("phone") == PHONE


def test_it_speaks_the_language_of_the_tablet_and_any_other_that_is_asked_for(
    hub: Hub, phone: Phone
) -> None:
    handle(hub, replace(MINE, language="en"))
    assert "What we keep" in phone.get().text
    assert "我們保存了什麼" in phone.get(f"/me/{SECRET}?lang=zh-TW").text
    assert phone.get(f"/me/{SECRET}?lang=xx").status_code == 200


def test_the_posts_that_looked_a_visitor_up_are_named_in_their_language(
    hub: Hub, phone: Phone, clock: FakeClock
) -> None:
    handle(hub, replace(MINE, language="en"))
    handle(hub, LookUp(look_up_id="l-1", staff_id="wang", asked_at=clock(), phone=PHONE))
    assert phone.kept("looked_up").endswith("Consultant")
    assert phone.kept("needs") == "umbrella"
    assert phone.kept("drinks") == "green tea"


def test_staff_s_pages_stay_closed_to_a_visitor(hub: Hub, phone: Phone) -> None:
    handle(hub, MINE)
    phone.get()
    assert phone.get("/handheld").status_code == 303
    assert phone.get("/api/account").status_code == 401
