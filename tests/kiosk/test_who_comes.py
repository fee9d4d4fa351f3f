"""The last page: who comes for the visitor."""

import pytest

from shared.messages import CheckIn, Coming
from tests.kiosk.house import House, Visitor


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def visitor(house: House) -> Visitor:
    return checked_in(house)


def checked_in(house: House) -> Visitor:
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("yes", "no", "no")
    visitor.consent("no")
    return visitor


def showing(visitor: Visitor) -> str:
    return str(visitor.browser.get("/assignment").json["showing"])  # type: ignore[index]


def latest(house: House) -> CheckIn:
    return house.check_ins()[-1]


def test_the_consultant_s_name_and_greeting_show(house: House, visitor: Visitor) -> None:
    assert showing(visitor) == "calling"
    house.assign(latest(house), "李敏", greeting="张女士，您好")
    assert showing(visitor) == "asked:李敏"
    page = visitor.open("/done")
    assert '正在请 <strong data-testid="host-name">李敏</strong> 来接您' in page
    assert "张女士，您好" in page
    assert "已出发" not in page


def test_only_who_says_that_they_go_has_set_out(house: House, visitor: Visitor) -> None:
    house.assign(latest(house), "李敏")
    house.assign(latest(house), "李敏", coming=Coming.SET_OUT)
    assert showing(visitor) == "set_out:李敏"
    page = visitor.open("/done")
    assert '<strong data-testid="host-name">李敏</strong> 已出发' in page
    assert 'data-return-s="180"' in page


def test_the_page_ends_when_they_have_met(house: House, visitor: Visitor) -> None:
    house.assign(latest(house), "李敏", coming=Coming.SET_OUT)
    house.assign(latest(house), "李敏", coming=Coming.MET)
    assert showing(visitor) == "over"


def test_a_silent_hub_is_covered_by_the_front_desk(house: House, visitor: Visitor) -> None:
    house.clock.pass_s(2.9)
    assert showing(visitor) == "calling"
    house.clock.pass_s(0.1)
    assert showing(visitor) == "please_wait:"
    assert "请稍候，前台为您安排" in visitor.open("/done")


@pytest.mark.parametrize("by_s", [-3600, 3600, 31_536_000])
def test_a_clock_that_is_set_lets_nobody_wait_longer(
    house: House, visitor: Visitor, by_s: float
) -> None:
    house.clock.is_set(by_s)
    assert showing(visitor) == "calling"
    house.clock.pass_s(3)
    assert showing(visitor) == "please_wait:"


def test_a_visitor_who_comes_while_the_house_is_kept_is_told_kindly(
    house: House, visitor: Visitor
) -> None:
    house.assign(latest(house), None, notice="最近可参观：11-24 09:30")
    page = visitor.open("/done")
    assert "感谢您的到来" in page
    assert "最近可参观：11-24 09:30" in page
    assert "请稍候，前台为您安排" not in page
    house.assign(latest(house), "李敏")
    assert showing(visitor) == "asked:李敏"


def test_a_name_that_comes_late_still_shows(house: House, visitor: Visitor) -> None:
    house.clock.pass_s(10)
    house.assign(latest(house), "李敏")
    assert showing(visitor) == "asked:李敏"


def test_nobody_free_is_said_at_once(house: House, visitor: Visitor) -> None:
    house.assign(latest(house), None)
    assert showing(visitor) == "please_wait:"


def test_another_host_replaces_the_first(house: House, visitor: Visitor) -> None:
    house.assign(latest(house), "李敏")
    house.assign(latest(house), "赵磊")
    assert showing(visitor) == "asked:赵磊"
    assert "李敏 一时走不开，换由 赵磊 来照顾您" in visitor.open("/done")


def test_two_tablets_each_show_their_own_host(house: House) -> None:
    first = checked_in(house)
    house.assign(latest(house), "李敏")
    second = checked_in(house)
    house.assign(latest(house), "王强")
    assert (showing(first), showing(second)) == ("asked:李敏", "asked:王强")


def test_an_assignment_for_somebody_else_is_let_go(house: House, visitor: Visitor) -> None:
    mine = latest(house)
    stranger = CheckIn(
        check_in_id="somebody-else", kiosk_id="lobby", seq=9, checked_in_at=mine.checked_in_at
    )
    house.assign(stranger, "王强")
    assert showing(visitor) == "calling"


def test_after_the_reset_nothing_more_is_told(house: House, visitor: Visitor) -> None:
    visitor.send("/reset")
    house.assign(latest(house), "李敏")
    assert showing(visitor) == "over"
    assert "李敏" not in visitor.open("/done")
