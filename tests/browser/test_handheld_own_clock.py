"""A phone whose own clock is wrong: it goes by the hub's, and says how far its own is off."""

import pytest
from msgspec import convert
from playwright.sync_api import Browser

from shared.clock import now
from shared.messages import NodeStatus
from tests.browser.handheld_phone import MARKS, log_in
from tests.browser.handheld_rig import Rig
from tests.waiting import eventually

pytestmark = MARKS

SLIGHTLY_S = 30
"""A busy machine's page comes late; the wrong clocks are off by much more."""


@pytest.mark.parametrize("off_s", [-3600, 0, 3600])
def test_a_phone_measures_its_own_clock_and_tells_the_time_of_the_hub_s(
    rig: Rig, phone_browser: Browser, off_s: int
) -> None:
    rig.hub.heard.clear()
    context = phone_browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(f"const real = Date.now; Date.now = () => real() + {off_s * 1000};")
    log_in(context.new_page(), rig.url("/login"), "li")
    assert eventually(lambda: bool(rig.hub.presences("li")))
    said = convert(rig.hub.presences("li")[-1], NodeStatus)
    assert said.clock_ahead_s is not None
    assert abs(said.clock_ahead_s - off_s) < SLIGHTLY_S
    assert abs((said.at - now()).total_seconds()) < SLIGHTLY_S
    context.close()
