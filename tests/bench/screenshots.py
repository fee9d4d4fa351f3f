"""Pictures of the pages for the README, from a running demo.

[--out DIR]   where they go; default .github/pictures
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.handheld_rig import chromium
from tests.site import ROOT, RunningSite, running_site

TABLET = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SETTLED_MS = 600
"""Pages fade in."""


def _page(browser: Browser, size: dict[str, int], url: str) -> Page:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]}, has_touch=True
    )
    page = context.new_page()
    page.goto(url)
    return page


def _save(page: Page, path: Path) -> None:
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=path)


def _phone(browser: Browser, site: RunningSite, staff_id: str) -> Page:
    person = site.person(staff_id)
    page = _page(browser, PHONE, str(site.said["handheld"]))
    page.get_by_test_id(f"person-{staff_id}").tap()
    for digit in person["pin"]:
        page.get_by_test_id(f"pin-{digit}").tap()
    page.get_by_test_id("enter").tap()
    page.get_by_test_id("start").tap()
    expect(page.locator("body")).to_have_attribute("data-connected", "true", timeout=20_000)
    return page


def take(browser: Browser, site: RunningSite, out: Path) -> None:
    """The way of one visitor, picture by picture."""
    owner = _phone(browser, site, "wang")
    expect(owner.locator("body")).to_have_attribute("data-ringing", "true", timeout=90_000)
    _save(owner, out / "handheld-ringing.png")
    owner.get_by_test_id("claim").first.tap()
    expect(owner.locator("article[data-state=mine]").first).to_be_visible()
    _save(owner, out / "handheld-mine.png")
    tablet = _page(browser, TABLET, str(site.said["kiosk"]))
    _save(tablet, out / "kiosk-welcome.png")
    tablet.get_by_test_id("language-zh-CN").tap()
    _save(tablet, out / "kiosk-question.png")
    for answer in ("yes", "no", "no"):
        tablet.get_by_test_id(f"answer-{answer}").tap()
    tablet.get_by_test_id("car-none").tap()
    _save(tablet, out / "kiosk-consent.png")
    tablet.get_by_test_id("consent-no").tap()
    expect(tablet.get_by_test_id("done")).to_be_visible(timeout=5000)
    _save(tablet, out / "kiosk-host.png")
    console = _page(browser, TABLET, str(site.person("chen")["log_in"]))
    console.goto(str(site.said["console"]))
    _save(console, out / "console.png")


def main() -> int:
    """Start a demo, take the pictures, end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / ".github" / "pictures")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Path(folder, "log").open("w") as log,
        running_site(Path(folder, "data"), "--demo", "--every", "2", log=log) as site,
        sync_playwright() as tools,
    ):
        browser = tools.chromium.launch(executable_path=chromium())
        take(browser, site, out)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
