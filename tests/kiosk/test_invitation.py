"""A guest shows the code of their invitation: no questions, and the hub learns which one it is."""

import pytest

from kiosk.invitation import guest_in
from tests.kiosk.house import House, Visitor

TICKET = "ImItMSI.h3QkmGqgN2Zx0cYV4b1uXw-_A1s"
ADDRESS = f"http://192.0.2.10:8081/guest/{TICKET}"


def at_the_code(house: House) -> Visitor:
    visitor = house.tablet()
    visitor.send("/invitation/begin")
    return visitor


@pytest.mark.parametrize("code", [ADDRESS, f" {ADDRESS}\r\n", f"{ADDRESS}?lang=en", f"{ADDRESS}/"])
def test_a_code_however_it_is_read_checks_the_guest_in(code: str) -> None:
    house = House()
    visitor = at_the_code(house)
    visitor.send("/invitation", code=code)
    assert visitor.shows("calling")
    (check_in,) = house.check_ins()
    assert (check_in.guest, check_in.phone, check_in.consented_at) == (TICKET, None, None)
    house.assign(check_in, "王强")
    visitor.open("/done")
    assert visitor.shows("asked")


@pytest.mark.parametrize(
    "code", ["", "yingbin:card:xihu:wang", "http://192.0.2.10/guest/", f"{ADDRESS}<b>", "x" * 9000]
)
def test_whatever_else_is_scanned_is_said_kindly_and_sends_nothing(code: str) -> None:
    house = House()
    visitor = at_the_code(house)
    visitor.send("/invitation", code=code)
    assert visitor.status == 422
    assert visitor.shows("invitation-problem")
    assert not house.check_ins()


def test_a_second_reading_is_the_same_check_in_and_the_page_forgets_it() -> None:
    house = House()
    visitor = at_the_code(house)
    for _ in range(2):
        visitor.send("/invitation", code=ADDRESS)
    assert len(house.check_ins()) == 1
    assert TICKET not in visitor.open("/done")
    visitor.send("/reset")
    visitor.open("/invitation")
    assert visitor.shows("language-zh-CN")


def test_only_this_page_may_use_the_camera() -> None:
    visitor = at_the_code(House())
    policy = visitor.browser.get("/invitation").headers["Permissions-Policy"]
    assert "camera=(self)" in policy


@pytest.mark.parametrize("language", ["zh-CN", "en", "zh-TW"])
def test_the_page_speaks_the_guest_s_language(language: str) -> None:
    visitor = House().tablet()
    visitor.send("/invitation/begin", language=language)
    assert f'<html lang="{language}"' in visitor.page


def test_a_code_holds_no_more_than_an_invitation_can() -> None:
    assert guest_in(f"/guest/{'a' * 200}")
    assert guest_in(f"/guest/{'a' * 201}") is None
