"""What the manager sees, and that nobody else does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from broker.console.app import create_app
from broker.console.clock_view import RefusedClock
from broker.console.erased_view import ErasedLine
from broker.console.site_view import Overview
from shared.privacy import masked_plate, masked_text
from tests.broker.console.conftest import SECRET, Browser
from tests.broker.console.fake_site import FakeSite, StandingClock
from tests.fakes import NINE

MANAGERS_PAGES = ("/", "/live", "/phone/li")


@pytest.mark.parametrize("path", MANAGERS_PAGES)
def test_only_the_manager_sees_the_console(
    consultant: Browser, manager: Browser, path: str
) -> None:
    assert consultant.get(path).status_code == 403
    assert "只有案场管理岗" in consultant.get(path).text
    assert manager.get(path).status_code == 200


def test_a_stranger_is_taken_to_the_log_in(browser: Browser) -> None:
    assert browser.get("/").location == "/login?to=console"
    assert browser.get("/phone/li").location == "/login?to=console"
    assert browser.get("/live").status_code == 401


def test_the_morning_is_told_in_the_office_s_words(manager: Browser) -> None:
    text = manager.get("/").text
    for word in ("张女士", "李敏", "接待中", "有效跟踪期", "等待 1", "北门", "离线", "82%"):
        assert word in text
    assert "未开始值守" in text
    assert ">R6<" not in text, "a rule is explained where somebody asks why"
    assert "11 月 23 日 星期一" in text
    assert "08:48" in text, "the site's time, not UTC"


def test_the_line_stands_in_order(manager: Browser) -> None:
    line = manager.get("/live").text.split('data-testid="line"')[1].split("</ol>")[0]
    assert line.index("赵磊") < line.index("李敏")


def test_plates_and_phones_are_masked_wherever_they_stand(manager: Browser) -> None:
    for path in ("/", "/live"):
        text = manager.get(path).text
        assert "浙A·8**88" in text
        assert "粤B·D***45" in text
        assert "138****8000" in text
        for whole in ("浙A88888", "粤BD12345", "13800138000"):
            assert whole not in text


def test_masking_finds_plates_and_phones_in_sentences() -> None:
    assert masked_text("浙A88888 由李敏接待，电话13800138000。") == (
        "浙A·8**88 由李敏接待，电话138****8000。"
    )
    assert masked_text("疑似 浙A·88888") == "疑似 浙A·8**88"
    assert masked_text("车牌粤Z1234港到访") == "车牌粤Z·1**4港到访"
    assert masked_text("按 R14 轮序，编号 20261123") == "按 R14 轮序，编号 20261123"
    assert masked_text(None) == ""
    assert masked_plate(None) == "—"
    assert masked_plate("无牌") == "无牌"


def test_a_visitor_s_name_is_text_and_never_markup(manager: Browser, site: FakeSite) -> None:
    visit = replace(site.view.visits[0], visitor="<img src=x onerror=alert(1)>")
    site.view = Overview(visits=(visit,))
    assert "<img" not in manager.get("/live").text


def test_an_empty_morning_says_so(manager: Browser, site: FakeSite) -> None:
    site.view = Overview()
    text = manager.get("/").text
    assert "今天还没有客户到访" in text
    assert "今日排轮表是空的" in text
    assert "还没有设备上线" in text


def test_the_manager_reads_what_the_night_erased(manager: Browser, site: FakeSite) -> None:
    assert 'data-testid="erased"' not in manager.get("/live").text
    counts = (("sightings", 12), ("look_ups", 3))
    site.view = Overview(erased=ErasedLine(NINE, counts, is_complete=False))
    line = manager.get("/live").text.split('data-testid="erased"')[1].split("</p>")[0]
    assert "未登记车牌 12 · 查询 3 · 其余今晚继续" in line


def test_the_manager_logs_a_phone_in_by_qr(manager: Browser) -> None:
    page = manager.get("/phone/li")
    assert "<svg" in page.text
    assert "09:10 前有效" in page.text
    assert manager.get("/phone/nobody").status_code == 404


def test_a_qr_code_never_leads_a_phone_to_itself(clock: StandingClock) -> None:
    app: Flask = create_app(FakeSite(lan_host=None), SECRET, clock)
    desk = Browser(app)
    desk.log_in("chen", "8642")
    page = desk.get("/phone/li").text  # the test client asks for "localhost"
    assert "手机打不开" in page
    assert "<svg" not in page


def test_a_clock_that_is_refused_stands_first_and_can_be_confirmed(
    site: FakeSite, manager: Browser, browser: Browser
) -> None:
    assert 'data-testid="clock"' not in manager.get("/live").text
    shown = NINE + timedelta(days=365)
    site.view = replace(site.view, clock=RefusedClock(shown=shown, ours=NINE))
    text = manager.get("/live").text
    assert f'data-confirm-clock="{shown.isoformat()}"' in text
    assert text.index('data-testid="clock"') < text.index('data-testid="alerts"')
    assert browser.get("/health").json == {"status": "ok", "clock": "refused"}


def test_a_device_s_clock_is_shown_with_its_sign(site: FakeSite, manager: Browser) -> None:
    nodes = tuple(replace(node, clock_off_s=-7) for node in site.view.nodes)
    site.view = replace(site.view, nodes=nodes)
    assert "时钟差 -7 秒" in manager.get("/live").text
