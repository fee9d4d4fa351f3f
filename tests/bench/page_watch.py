"""Parking's page in Chromium, which notes when each alert stood on it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

from shared.clock import running_s
from tests.browser.handheld_rig import chromium
from tests.site import RunningSite

WHO = "tingche"
_NOTE = """
window.shownAt = [];
new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
        for (const node of addedNodes) {
            const id = node.dataset?.alertId;
            if (id) window.shownAt.push([id, (performance.timeOrigin + performance.now()) / 1000]);
        }
}).observe(document, { childList: true, subtree: true });
"""


@dataclass(frozen=True, slots=True)
class PageWatch:
    """The page; None: nobody looks at one."""

    page: Page | None = None

    def shown(self) -> list[tuple[str, float]]:
        """Each alert and when it was shown, by ``running_s``."""
        if self.page is None:
            return []
        ahead_s = time.time() - running_s()
        return [(name, at_s - ahead_s) for name, at_s in self.page.evaluate("window.shownAt")]


@contextmanager
def watched_page(site: RunningSite) -> Iterator[PageWatch]:
    """Parking's phone, logged in."""
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium())
        page = browser.new_page()
        page.add_init_script(_NOTE)
        page.goto(site.person(WHO)["log_in"])
        page.get_by_test_id("start").click()
        yield PageWatch(page)
        browser.close()
