"""The technician's page in a real Chromium: areas drawn by finger and by keys, and the trace."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gate.camera.picture import read_picture
from gate.passing.refusal import Reason
from tests.gate.cars import plate
from tests.gate.watched import PIN, Watched
from tests.waiting import eventually

pytestmark = pytest.mark.browser

DEMO = Path(__file__).parents[2] / "gate" / "demo" / "01.jpg"
PICTURE = read_picture(DEMO)
PHONE, TABLET = (390, 844), (820, 1180)
CAR = plate("浙A88888", x=620)
"""Its centre is at 670, 65 px of 1280 × 720, which is at 0.52, 0.09 of the picture."""


MOVES_MS, NEXT_MS = 16, 400
"""Pauses between two moves of a finger, and before its next touch. If touches follow faster than a
person's, Chromium takes them for one gesture and sends no click."""


class Finger:
    """One finger on the screen; Chromium is told of each touch as by a real panel."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """From one share of the picture to another."""
        self._touch("touchStart", start)
        for step in (0.25, 0.5, 0.75, 1.0):
            x, y = (a + (b - a) * step for a, b in zip(start, end, strict=True))
            self._touch("touchMove", (x, y))
            self._page.wait_for_timeout(MOVES_MS)
        self._session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self._page.wait_for_timeout(NEXT_MS)

    def _touch(self, kind: str, share: tuple[float, float]) -> None:
        box = self._page.get_by_test_id("stage").bounding_box()
        assert box
        point = {
            "x": box["x"] + share[0] * box["width"],
            "y": box["y"] + share[1] * box["height"],
        }
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with Watched(tmp_path) as built:
        yield built


@pytest.fixture(
    params=[PHONE, pytest.param(TABLET, marks=pytest.mark.walk)], ids=["phone", "tablet"]
)
def page(
    watched: Watched, phone_browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The areas page, after the PIN."""
    width, height = request.param
    problems: list[str] = []
    context = phone_browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
    )
    watched.show(PICTURE)
    with watched.page_served() as address:
        opened = context.new_page()
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("console", lambda said: problems.extend([said.text] * (said.type == "error")))
        opened.goto(address)
        opened.get_by_test_id("pin").fill(PIN)
        opened.get_by_test_id("enter").tap()
        expect(opened.get_by_test_id("state")).to_contain_text("相机正常")
        yield opened
        context.close()
    assert problems == []


def tap_until(page: Page, test_id: str, has_worked: Callable[[], bool]) -> None:
    """Tap until it works: Chromium may take a tap for a part of the gesture before it."""

    def works() -> bool:
        if not has_worked():
            page.get_by_test_id(test_id).tap()
            page.wait_for_timeout(NEXT_MS)
        return has_worked()

    assert eventually(works)


def take_up(page: Page, kind: str) -> None:
    """Tap the tool that draws."""
    tool = page.get_by_test_id(f"draw-{kind}")
    tap_until(page, f"draw-{kind}", lambda: tool.get_attribute("aria-pressed") == "true")


def save(page: Page) -> None:
    tap_until(page, "save", page.get_by_test_id("save").is_disabled)
    expect(page.get_by_test_id("said")).to_have_text("已保存，立即生效。")


def test_a_plate_in_an_area_drawn_by_finger_is_ignored_from_then_on(
    watched: Watched, page: Page
) -> None:
    watched.drive_by(PICTURE, plate("浙B11111", x=620))
    assert watched.arrivals() == ["浙B11111"]
    take_up(page, "ignored")
    Finger(page).drag((0.4, 0.02), (0.65, 0.2))
    save(page)
    watched.drive_by(PICTURE, CAR)
    assert watched.arrivals() == ["浙B11111"]
    assert [entry.reason for entry in watched.trace.entries()] == [Reason.IN_IGNORED_AREA]
    page.get_by_test_id("to-trace").tap()
    entry = page.get_by_test_id("entry")
    expect(entry).to_contain_text("浙A88888")
    expect(entry).to_contain_text("在忽略区里")
    assert entry.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")


def test_an_area_can_be_moved_reshaped_and_deleted(watched: Watched, page: Page) -> None:
    finger = Finger(page)
    take_up(page, "region")
    finger.drag((0.2, 0.2), (0.6, 0.6))
    finger.drag((0.4, 0.4), (0.5, 0.5))
    finger.drag((0.7, 0.7), (0.9, 0.95))
    save(page)
    region = watched.areas.current.region
    assert region is not None
    expected = ((0.3, 0.3), (0.7, 0.3), (0.9, 0.95), (0.3, 0.7))
    for corner, wanted in zip(region, expected, strict=True):
        assert corner == pytest.approx(wanted, abs=0.01)
    page.get_by_test_id("delete").tap()
    save(page)
    assert watched.areas.current.region is None


def test_a_side_can_be_pulled_to_a_new_corner(watched: Watched, page: Page) -> None:
    finger = Finger(page)
    take_up(page, "region")
    finger.drag((0.1, 0.2), (0.9, 0.7))
    finger.drag((0.5, 0.2), (0.5, 0.05))
    save(page)
    region = watched.areas.current.region
    assert region is not None
    assert len(region) == 5
    assert region[1] == pytest.approx((0.5, 0.05), abs=0.01)


def test_an_ignored_area_is_drawn_inside_the_region_and_a_new_region_replaces_the_old(
    watched: Watched, page: Page
) -> None:
    finger = Finger(page)
    for kind, start, end in (
        ("region", (0.1, 0.1), (0.9, 0.9)),
        ("ignored", (0.3, 0.3), (0.6, 0.6)),
        ("region", (0.2, 0.2), (0.8, 0.8)),
    ):
        take_up(page, kind)
        finger.drag(start, end)
    save(page)
    areas = watched.areas.current
    assert areas.region is not None
    assert areas.region[0] == pytest.approx((0.2, 0.2), abs=0.01)
    assert len(areas.ignored) == 1


def test_keys_move_and_delete_an_area_and_changes_can_be_undone(
    watched: Watched, page: Page
) -> None:
    take_up(page, "ignored")
    Finger(page).drag((0.2, 0.2), (0.5, 0.5))
    save(page)
    page.get_by_test_id("ignored").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    save(page)
    ((corner, *_),) = watched.areas.current.ignored
    assert corner == pytest.approx((0.21, 0.21), abs=0.01)
    page.get_by_test_id("ignored").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("ignored")).to_have_count(0)
    page.get_by_test_id("undo").tap()
    expect(page.get_by_test_id("ignored")).to_have_count(1)


@pytest.mark.parametrize("page", [PHONE, TABLET], indirect=True)
def test_saved_areas_are_there_again_and_the_page_fits_the_screen(
    watched: Watched, page: Page
) -> None:
    take_up(page, "ignored")
    Finger(page).drag((0.2, 0.2), (0.5, 0.5))
    save(page)
    page.reload()
    expect(page.get_by_test_id("ignored")).to_have_count(1)
    for test_id in ("to-trace", "to-areas"):
        page.get_by_test_id(test_id).tap()
        expect(page.get_by_test_id(test_id)).to_have_attribute("aria-current", "page")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for target in page.locator("button:visible, nav a").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_a_camera_that_goes_away_is_told_on_the_page(watched: Watched, page: Page) -> None:
    watched.camera.problem = "camera_offline"
    watched.gate.turn()
    expect(page.get_by_test_id("state")).to_contain_text("相机离线")
