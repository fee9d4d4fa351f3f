"""The page of the site's health, who may see it, and the same figures for Prometheus."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from broker.console.health_page import HealthPages, serve_health
from broker.console.health_view import CheckLine
from broker.console.site_view import Person
from broker.health.site_figures import Condition, Figures
from shared.errors import OperatorError
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_health import HEAD, FakeHealth
from tests.broker.console.fake_site import NINE, FakeSite

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TECHNICIAN = Person("qian", "钱工", ("maintenance",), "9753")


@pytest.fixture
def health() -> FakeHealth:
    return FakeHealth()


@pytest.fixture
def app(app: Flask, health: FakeHealth) -> Flask:
    serve_health(app, HealthPages(health, ("192.0.2.0/25",)))
    return app


def page(browser: Browser, path: str = "/health") -> str:
    answer = browser.client.get(path, headers=HTML)
    assert answer.status_code == 200
    return answer.text


def said(text: str, testid: str) -> list[str]:
    """How the elements of this name stand, in their order."""
    return re.findall(rf'data-testid="{testid}" data-condition="(\w+)"', text)


def test_what_is_wrong_stands_first_with_what_to_do(manager: Browser) -> None:
    text = page(manager)
    assert text.index("打开手机页面") < text.index("擦镜头")
    assert said(text, "verdict") == ["wrong"]
    counts = re.findall(r'data-testid="count-(\w+)"><strong>(\d+)', text)
    assert counts == [("wrong", "1"), ("hint", "1"), ("unknown", "1"), ("fine", "1")]
    # What is not known is in the list of all checks, not among what is to be done.
    assert text.index("卡不报告磨损") > text.index("全部 4 项检查")


def test_what_is_not_known_is_never_green(manager: Browser, health: FakeHealth) -> None:
    health.checks = (
        CheckLine("wear", "磨损", Condition.UNKNOWN),
        CheckLine("disk", "磁盘", Condition.FINE),
    )
    text = page(manager)
    assert said(text, "tile-disks") == ["unknown"]
    assert said(text, "tile-phones") == ["unknown"]  # no check of phones was made at all
    assert "查得到的都正常" in text
    assert "一切正常" not in text
    health.checks = (CheckLine("disk", "磁盘", Condition.FINE),)
    assert "一切正常" in page(manager)


def test_every_figure_has_its_place(manager: Browser) -> None:
    text = page(manager)
    for figure in ("9 辆", "80 ms", "1.3 s", "7 ms", "2.0 GB", "40 MB", "3 小时前", "邮件", "40%"):
        assert figure in text, figure
    assert 'data-testid="node-north"' in text


def test_before_anything_was_measured_it_says_so(manager: Browser, health: FakeHealth) -> None:
    health.measured = Figures(at=health.measured.at, version="0.5.0", up_s=1.0, is_open=True)
    text = page(manager)
    for words in ("还没听到门岗", "最近一小时没有车", "还没听到手机"):
        assert words in text


def test_the_technician_and_the_manager_may_see_it_and_nobody_else(
    app: Flask, site: FakeSite, browser: Browser, consultant: Browser, manager: Browser
) -> None:
    site.staff = (*site.staff, TECHNICIAN)
    technician = Browser(app, "192.0.2.53")
    assert technician.log_in("qian", "9753", "/login?to=health").location == "/health"
    for path in ("/health", "/health/live"):
        assert page(technician, path)
        assert page(manager, path)
        assert consultant.client.get(path, headers=HTML).status_code == 403
    assert browser.client.get("/health", headers=HTML).location == "/login?to=health"
    assert browser.get("/health/live").status_code == 401
    assert technician.get("/head").status_code == 403
    assert consultant.log_in("li", "1357", "/login?to=health").location == "/handheld"


def test_a_program_is_told_in_json_as_ever(browser: Browser) -> None:
    assert browser.get("/health").json == {"status": "ok", "clock": "ok"}
    for accept in ("*/*", "application/json"):
        answer = browser.client.get("/health", headers={"Accept": accept})
        assert answer.json == {"status": "ok", "clock": "ok"}


def test_each_language_says_it(manager: Browser, health: FakeHealth) -> None:
    for tag, words in (("en", "1 to be put right"), ("zh-TW", "1 項要處理")):
        manager.post("/language", language=tag, to="/health")
        assert words in page(manager)
        assert health.asked_in[-1] == tag


def test_the_manager_scans_the_journal_s_end(manager: Browser, health: FakeHealth) -> None:
    text = page(manager, "/head")
    assert HEAD in text
    assert re.search(r'data-testid="qr"><svg [^>]*viewBox', text)
    assert "--head-key " + health.public_key() in text
    health.signed = None
    assert 'data-testid="message"' in page(manager, "/head")
    health.trouble = OperatorError("error.head_empty", path="/x/hub.sqlite3")
    assert "/x/hub.sqlite3" in page(manager, "/head")


def metrics(browser: Browser) -> dict[tuple[str, ...], float]:
    """Name and label values, as Prometheus' own parser reads them."""
    answer = browser.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_prometheus_reads_the_same_figures(browser: Browser) -> None:
    read = metrics(browser)
    assert read["yingbin_check", "phones"] == 2
    assert read["yingbin_check", "wear"] == -1
    assert read["yingbin_gate_accepted_ratio", "north"] == 0.8
    assert read["yingbin_alert_delay_seconds", "0.95"] == 1.3
    assert read["yingbin_outbox", "gate", "north"] == 2
    assert read["yingbin_disk_wear_ratio", "hub", "hub"] == 0.3
    assert read["yingbin_backup_age_seconds",] == 3 * 3600
    assert read["yingbin_up_seconds",] == 1234567.5
    assert read["yingbin_phones", "missed"] == 1
    assert read["yingbin_phone_battery_least_ratio",] == 0.4
    assert ("yingbin_file_check_age_seconds",) not in read  # not known: left out, never 0


def test_metrics_name_nobody(browser: Browser) -> None:
    text = browser.get("/metrics").text
    for name in ("李敏", "赵磊", '"li"', '"zhao"'):
        assert name not in text


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("192.0.2.9", 200), ("192.0.2.200", 403), ("", 403)],
)
def test_metrics_are_for_this_machine_and_chosen_addresses(
    app: Flask, address: str, status: int
) -> None:
    assert Browser(app, address).get("/metrics").status_code == status


def test_without_a_hub_behind_them_the_pages_only_say_that_they_answer(
    site: FakeSite, manager: Browser
) -> None:
    del manager.client.application.extensions["yingbin-health"]
    assert manager.client.get("/health", headers=HTML).json == {"status": "ok", "clock": "ok"}
    for path in ("/health/live", "/head", "/metrics"):
        assert manager.get(path).status_code == 404


def test_the_sheet_before_opening_says_who_and_what_is_missing(
    manager: Browser, consultant: Browser
) -> None:
    assert 'data-testid="readiness"' in page(manager)
    text = page(manager, "/health/readiness")
    for words in ("门岗相机 north", "赵磊", "备水果", "电瓶车&lt;车况&gt;", "打开手机页面", "签字"):
        assert words in text
    assert "充电" not in text, "it is not due yet"
    assert "巡逻" not in text, "it is not wanted any more"
    assert 'data-testid="score"' not in text
    assert consultant.get("/health/readiness").status_code == 403


def test_while_devices_are_unplugged_the_sheet_scores_each(
    manager: Browser, health: FakeHealth
) -> None:
    since = NINE - timedelta(minutes=5)
    gone, back = NINE - timedelta(minutes=2), NINE - timedelta(seconds=80)
    gate, *others = health.measured.nodes
    tried = replace(gate, gone_at=gone, back_at=back, waiting=0)
    health.measured = replace(health.measured, nodes=(tried, *others))
    path = f"/health/readiness?since={quote(since.isoformat())}"
    answer = manager.client.get(path, headers=HTML)
    assert answer.headers["Refresh"] == "5"
    found = dict(re.findall(r'data-testid="device-([^"]+)" data-state="(\w+)"', answer.text))
    assert found == {
        "hub-": "not_yet",
        "gate-north": "whole",
        "kiosk-lobby": "not_yet",
        "staff-li": "away",
        "staff-zhao": "not_yet",
    }
    assert "离线 40 秒" in answer.text
    assert 'data-testid="score">27%' in answer.text  # 4 points of 15
    for odd in ("yesterday", "2026-11-23T09:00", "%00"):
        answer = manager.client.get(f"/health/readiness?since={odd}", headers=HTML)
        assert (answer.status_code, "Refresh" in answer.headers) == (200, False)
