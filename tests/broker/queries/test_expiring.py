"""The owner's list of customers whose protection ends soon; everybody else sees it masked."""

from datetime import timedelta

from flask import Flask

from broker.console.app import create_app
from broker.console.pages import SHOWN_EXPIRING
from broker.handlers.context import Hub
from broker.queries.overview import HubSite
from tests.broker.console.conftest import SECRET, Browser
from tests.entered import enter
from tests.fakes import FakeClock


def test_the_owner_is_shown_whom_to_call_and_when_it_is_too_late(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    """张女士 of the site's file was received on the 10th: protected through the 25th."""
    enter(hub, "today", "13800000001", clock() - timedelta(days=15))
    enter(hub, "later", "13800000002", clock() - timedelta(days=5))
    enter(hub, "renewed-1", "13800000003", clock() - timedelta(days=14))
    enter(hub, "renewed-2", "13800000003", clock() - timedelta(days=2))
    enter(hub, "others", "13800000004", clock() - timedelta(days=14), owner="li")
    lines = site.expiring("wang", "zh-CN")
    assert [(line.phone, line.days_left) for line in lines] == [
        ("13800000001", 0),
        ("13800138000", 2),
    ]
    assert lines[1].visitor == "张女士"
    assert lines[1].last_day.isoformat() == "2026-11-25"
    assert len(site.expiring(None, "zh-CN")) == 3
    assert site.expiring("wu", "zh-CN") == (), "parking owns nobody"


def test_the_phone_shows_the_owner_the_number_and_the_console_masks_it(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    app: Flask = create_app(site, SECRET, clock)
    owner, manager, other = (Browser(app, f"192.0.2.{number}") for number in (51, 52, 53))
    owner.log_in("wang", "2222")
    manager.log_in("chen", "6666", "/login?to=console")
    other.log_in("li", "1111")
    assert "13800138000" in owner.get("/api/me").text
    assert "13800138000" not in other.get("/api/me").text
    page = manager.get("/").text
    assert "保护期将满" in page
    assert "138****8000" in page
    assert "13800138000" not in page


def test_the_console_shows_the_first_to_end_and_counts_the_rest(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    for number in range(60):
        at = clock() - timedelta(days=14, seconds=number)
        enter(hub, f"many-{number}", f"1390001{number:04d}", at)
    manager = Browser(create_app(site, SECRET, clock), "192.0.2.54")
    manager.log_in("chen", "6666", "/login?to=console")
    page = manager.get("/").text
    assert page.count("139****") == SHOWN_EXPIRING
    assert f"还有 {61 - SHOWN_EXPIRING} 位" in page
    assert len(site.expiring(None, "zh-CN")) == 61
    enter(hub, "one-more", "13800000009", clock() - timedelta(days=14))
    assert len(site.expiring(None, "zh-CN")) == 62, "a remembered list hears of a new customer"
