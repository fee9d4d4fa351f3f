"""Who leaves the company, or whose session ends: the open page shows the log-in by itself."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from shared.clock import now
from tests.broker.console.fake_site import LI, FakeSite, busy_morning
from tests.browser.handheld_phone import EVERYBODY, MARKS, log_in
from tests.browser.handheld_rig import Rig

pytestmark = MARKS


@pytest.fixture
def own_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A site of this test's own, from which people may leave."""
    site = FakeSite(staff=EVERYBODY, view=busy_morning(now()))
    built = Rig(tmp_path_factory.mktemp("leaving"), site)
    built.start()
    yield built
    built.stop()


def test_the_open_page_of_who_leaves_shows_the_log_in_and_keeps_no_names(
    own_rig: Rig, phone_browser: Browser
) -> None:
    context = phone_browser.new_context(viewport={"width": 390, "height": 844})
    page = log_in(context.new_page(), own_rig.url("/login"), "li").page
    page.evaluate("localStorage.setItem('yingbin.xihu.li.kept', '\"张女士\"')")
    others = tuple(person for person in own_rig.site.staff if person != LI)
    own_rig.site.staff, own_rig.site.gone = others, (replace(LI),)

    expect(page.get_by_test_id("message")).to_contain_text("您已离职，此账号已停用")
    expect(page.get_by_test_id("person-li")).to_have_count(0)
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('yingbin.'))"
    assert page.evaluate(kept) == []
    context.close()
