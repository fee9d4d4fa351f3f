"""A site at which nobody answers: how long each phone's page and the console are then.

python -m tests.bench.unanswered [--cars 10]

Sixty cars an hour for ten minutes, real pages in Chromium. Targets: one open card a visit, and no
page longer than two screens.
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.bench.table import table
from tests.broker.console.fake_site import FakeSite
from tests.browser.handheld_phone import EVERYBODY, log_in
from tests.browser.handheld_rig import Rig, chromium
from tests.unanswered import CARS, UnansweredSite, nobody_answers
from tests.waiting import CAME_AT_ALL_S

PHONES: tuple[ViewportSize, ...] = ({"width": 390, "height": 844}, {"width": 360, "height": 640})
DESK: ViewportSize = {"width": 1280, "height": 800}
TABS = ("alerts", "people", "line", "more")
TARGET = 2.0
SETTLED_MS = 2_500


def main() -> int:
    """Print each page's length in screens; 1 when one is too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cars", type=int, default=CARS)
    asked = parser.parse_args()
    expect.set_options(timeout=CAME_AT_ALL_S * 1000)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as tools:
        folder = Path(name)
        lonely = nobody_answers(folder / "hub", asked.cars)
        rig = Rig(folder / "rig", FakeSite(staff=EVERYBODY, view=lonely.view(folder)))
        rig.start()
        browser = tools.chromium.launch(executable_path=chromium())
        rows = [measured(browser, rig, lonely, one.staff_id) for one in EVERYBODY]
        rows.append(["console", "", "", "", f"{console(browser, rig):.1f}"])
        browser.close()
        rig.stop()
    print(table(["phone", "open alerts", "visits", "cards", "screens, at most"], rows))
    longest = max(float(row[-1]) for row in rows)
    are_single = all(int(row[3]) <= int(row[2]) for row in rows[:-1])
    print(f"the longest page: {longest:.1f} screens (target {TARGET:.0f})")
    return 0 if longest <= TARGET and are_single else 1


def measured(browser: Browser, rig: Rig, lonely: UnansweredSite, staff_id: str) -> list[str]:
    """A row of the table for this person."""
    page = browser.new_context(viewport=PHONES[0]).new_page()
    log_in(page, rig.url("/login"), staff_id)
    told = lonely.open_alerts(staff_id)
    for alert in told:
        rig.hub.send(alert)
    page.wait_for_timeout(SETTLED_MS)
    cards = page.locator("article[data-state=ringing]").count()
    screens = max(
        screens_of(page, size, tab)
        for size in PHONES
        for tab in TABS
        if page.get_by_test_id(f"tab-{tab}").is_visible()
    )
    page.context.close()
    visits = {alert.visit_id for alert in told}
    return [staff_id, str(len(told)), str(len(visits)), str(cards), f"{screens:.1f}"]


def screens_of(page: Page, size: ViewportSize, tab: str) -> float:
    """How many screens long a tab is."""
    page.set_viewport_size(size)
    page.get_by_test_id(f"tab-{tab}").click()
    page.wait_for_timeout(SETTLED_MS)  # lists are drawn anew a moment after the screen changed
    return float(page.evaluate("document.documentElement.scrollHeight / innerHeight"))


def console(browser: Browser, rig: Rig) -> float:
    """How many screens long the manager's console is."""
    page = browser.new_context(viewport=DESK).new_page()
    log_in(page, rig.url("/login"), "chen")
    page.goto(rig.url("/"))
    expect(page.get_by_test_id("panel-people")).to_be_visible()
    screens = float(page.evaluate("document.documentElement.scrollHeight / innerHeight"))
    page.context.close()
    return screens


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
