"""A picture of every page of the tablet in every language.

[--out DIR]   where they go; default build/kiosk-pages
[--upright]   the tablet is held upright
"""

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from shared.words import LANGUAGES
from tests.browser.handheld_rig import chromium
from tests.browser.kiosk_tablet import TABLET, UPRIGHT, context_of, served, tablet_of
from tests.browser.kiosk_walk import every_page
from tests.site import ROOT


def take(browser: Browser, language: str, size: ViewportSize, out: Path) -> int:
    """Save each page as ``NUMBER-NAME.LANGUAGE.png``; how many."""
    count = 0
    with served(idle_warning_s=3599, idle_reset_s=3600, has_printer=True) as site:
        context = context_of(browser, size)
        tablet = tablet_of(context, site.url)
        tablet.page.emulate_media(reduced_motion="reduce")
        for count, name in enumerate(every_page(site, tablet, language), start=1):
            tablet.page.screenshot(path=out / f"{count:02}-{name}.{language}.png")
        context.close()
    return count


def main() -> int:
    """Take them all."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "kiosk-pages")
    parser.add_argument("--upright", action="store_true")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium())
        size = UPRIGHT if asked.upright else TABLET
        taken = sum(take(browser, language, size, asked.out) for language in LANGUAGES)
        browser.close()
    print(f"{taken} pictures in {asked.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
