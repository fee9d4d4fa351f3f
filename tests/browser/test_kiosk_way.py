"""The visitor's way in a real Chromium: plate keys, pinyin, a card before the camera, voice."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import segno
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kiosk.app import compile_pages
from shared.clock import now
from shared.messages import OfferedCar
from shared.web_server import WebServer, listen
from tests.browser.handheld_rig import chromium
from tests.fakes import SITE, FakeClock
from tests.kiosk.house import OPENED, TOKEN, House, settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium(with_camera=True) is None, reason="Chromium is not installed"),
]

WIDTH, HEIGHT, SHOWN_PX = 640, 480, 320
VOICES = """
window.spoken = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [
    { lang: "zh-CN", localService: false, name: "sends it away" },
    { lang: "zh-CN", localService: true, name: "of the tablet" },
  ],
  speak: (sentence) => window.spoken.push([sentence.voice.name, sentence.text]),
  cancel: () => {},
  addEventListener: () => {},
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    built = House(
        settings=settings(visitor_page_url="http://192.0.2.10:8081"), clock=FakeClock(now())
    )
    built.tell_roster()
    built.tell_cars(OfferedCar(arrival_id="arrival-1", plate="浙A·8**88", seen_at=built.clock()))
    yield built
    while OPENED:
        OPENED.pop().close()


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    listener = listen("127.0.0.1", 0)
    app = house.browser().application
    compile_pages(app)
    server = WebServer(app, listener)
    server.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium before whose camera somebody holds the card of 王强."""
    video = tmp_path_factory.mktemp("camera") / "card.y4m"
    draw_card(video, f"yingbin:card:{SITE}:wang")
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}"]
    with sync_playwright() as tools:
        running = tools.chromium.launch(executable_path=chromium(with_camera=True), args=camera)
        yield running
        running.close()


def draw_card(path: Path, text: str) -> None:
    """A still video of a code in the middle of the picture."""
    code = np.array([list(row) for row in segno.make(text, error="m").matrix], dtype=np.uint8)
    side = SHOWN_PX // (len(code) + 8)
    dark = np.kron(np.pad(code, 4), np.ones((side, side), dtype=np.uint8))
    luma = np.full((HEIGHT, WIDTH), 128, dtype=np.uint8)
    top, left = (HEIGHT - len(dark)) // 2, (WIDTH - len(dark)) // 2
    luma[top : top + len(dark), left : left + len(dark)] = np.where(dark, 20, 235)
    chroma = bytes([128]) * (WIDTH * HEIGHT // 2)
    header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F5:1 Ip A1:1 C420mpeg2\n".encode()
    path.write_bytes(header + (b"FRAME\n" + luma.tobytes() + chroma) * 2)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
    yield opened
    opened.close()


@pytest.fixture
def tablet(context: BrowserContext, address: str) -> Iterator[Page]:
    """The welcome page; no page may throw while the test runs."""
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.goto(f"{address}/enter/{TOKEN}")
    yield page
    assert thrown == []


def tap(page: Page, *test_ids: str) -> None:
    for test_id in test_ids:
        page.get_by_test_id(test_id).tap()


def at_the_plate(page: Page) -> None:
    tap(page, "language-zh-CN", "answer-yes", "answer-no", "answer-no", "car-type", "consent-yes")


def at_the_consultants(page: Page) -> None:
    tap(page, "language-zh-CN", "answer-yes", "answer-yes", "answer-no")


def is_on(page: Page, key: str) -> bool:
    return page.get_by_test_id(f"key-{key}").first.is_enabled()


def test_three_times_no_takes_six_taps_after_the_language(tablet: Page, house: House) -> None:
    tap(tablet, "language-zh-CN")
    tap(tablet, *["answer-no"] * 3, "skip", "car-none", "consent-no")
    expect(tablet.get_by_test_id("done")).to_be_visible()
    expect(tablet.get_by_test_id("visitor-number")).to_have_text(
        str(house.check_ins()[-1].visitor_number)
    )


def test_a_car_that_just_came_takes_one_tap(tablet: Page, house: House) -> None:
    tap(tablet, "language-zh-CN", "answer-yes", "answer-no", "answer-no")
    expect(tablet.get_by_test_id("car-arrival-1")).to_contain_text("浙A·8**88")
    tap(tablet, "car-arrival-1", "consent-no")
    expect(tablet.get_by_test_id("done")).to_be_visible()
    assert house.check_ins()[-1].arrival_id == "arrival-1"


def test_a_plate_is_tapped_with_keys_that_only_allow_what_can_be(
    tablet: Page, house: House
) -> None:
    at_the_plate(tablet)
    field, done = tablet.get_by_test_id("plate"), tablet.get_by_test_id("plate-done")
    expect(done).to_be_disabled()
    tap(tablet, "key-浙")
    assert is_on(tablet, "A")
    assert not is_on(tablet, "警")
    tap(tablet, "key-A", "key-B", "key-1", "key-2", "key-3")
    expect(done).to_be_disabled()
    assert is_on(tablet, "警")
    assert not is_on(tablet, "O")
    tap(tablet, "key-back", "key-3", "key-4")
    expect(field).to_have_value("浙AB1234")
    expect(done).to_be_enabled()
    tap(tablet, "plate-done", "finish")
    expect(tablet.get_by_test_id("done")).to_be_visible()
    assert house.check_ins()[-1].plate == "浙AB1234"


def test_plates_of_every_kind_take_at_most_ten_taps_and_show_in_their_colour(
    tablet: Page,
) -> None:
    at_the_plate(tablet)
    field = tablet.get_by_test_id("plate")
    for keys, plate, colour in (
        ("浙 A D 1 2 3 4 5", "浙AD12345", "green"),
        ("浙 A 1 2 3 4 警", "浙A1234警", "white"),
        ("WJ 1 2 3 4 5", "WJ12345", "white"),
    ):
        tap(tablet, *(f"key-{key}" for key in keys.split()))
        expect(field).to_have_value(plate)
        expect(field).to_have_attribute("data-colour", colour)
        expect(tablet.get_by_test_id("plate-done")).to_be_enabled()
        assert len(keys.split()) + 1 <= 10
        field.fill("")


def test_the_plate_can_be_typed_with_a_keyboard_alone_and_the_focus_is_never_lost(
    tablet: Page, house: House
) -> None:
    at_the_plate(tablet)
    expect(tablet.get_by_test_id("key-苏")).to_be_visible()  # the keys come with their script
    tablet.get_by_test_id("key-苏").focus()
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_test_id("plate")).to_be_focused()
    tablet.keyboard.type("e12345")
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_test_id("finish")).to_be_visible()
    tap(tablet, "back")
    expect(tablet.get_by_test_id("plate")).to_have_value("苏E12345")
    tablet.get_by_test_id("plate").fill("")
    tap(tablet, "plate-unplated", "finish")
    expect(tablet.get_by_test_id("done")).to_be_visible()
    assert house.check_ins()[-1].plate is None


def test_a_consultant_is_found_by_pinyin_without_asking_anybody(
    tablet: Page, context: BrowserContext
) -> None:
    at_the_consultants(tablet)
    for typed in ("zhaol", "ZL", "赵"):
        tablet.get_by_test_id("named-text").fill(typed)
        expect(tablet.locator(".tile:visible")).to_have_text(["赵 赵磊"])
        context.set_offline(True)  # the page is there by now, and needs no more
    tablet.get_by_test_id("named-text").fill("没有的人")
    expect(tablet.locator("#tiles-none")).to_contain_text("名单中没有这个名字")
    context.set_offline(False)
    tablet.get_by_test_id("named-text").fill("wq")
    tablet.keyboard.press("Enter")
    tap(tablet, "back")
    expect(tablet.get_by_test_id("consultant-wang")).to_have_attribute("aria-pressed", "true")


def test_a_card_before_the_camera_names_its_consultant(
    tablet: Page, context: BrowserContext, house: House
) -> None:
    context.grant_permissions(["camera"])
    loaded: list[str] = []
    tablet.on("request", lambda request: loaded.append(request.url))
    tap(tablet, "language-zh-CN", "answer-yes", "answer-no", "answer-yes")
    expect(tablet.get_by_test_id("scan")).to_be_visible()
    assert not [url for url in loaded if "vendor" in url]
    tap(tablet, "scan")
    tap(tablet, "car-none", "consent-no")
    expect(tablet.get_by_test_id("done")).to_be_visible()
    check_in = house.check_ins()[-1]
    assert (check_in.named_consultant_id, check_in.evidence) == ("wang", "card")


def test_a_camera_that_is_refused_is_no_obstacle(tablet: Page) -> None:
    at_the_consultants(tablet)
    tap(tablet, "scan")
    expect(tablet.get_by_test_id("scan-message")).to_contain_text("请点选顾问，或输入姓名")
    tap(tablet, "consultant-li", "car-none")
    expect(tablet.get_by_test_id("consent-no")).to_be_visible()


def test_larger_text_is_read_aloud_by_the_tablet_s_own_voice_and_lasts_for_one_visitor(
    tablet: Page,
) -> None:
    tablet.add_init_script(VOICES)
    tap(tablet, "larger", "language-zh-CN")
    expect(tablet.get_by_test_id("hear")).to_be_visible()
    spoken = tablet.evaluate("window.spoken")
    assert {voice for voice, _ in spoken} == {"of the tablet"}
    assert spoken[0][1] == "请问您几位都是第一次到访吗？"
    assert [text for _, text in spoken][-1] == "不清楚"
    tap(tablet, "hear")
    assert len(tablet.evaluate("window.spoken")) == 2 * len(spoken)
    assert smallest_text_px(tablet) >= 28
    tap(tablet, "restart")
    expect(tablet.get_by_test_id("larger")).not_to_be_checked()
    assert 20 <= smallest_text_px(tablet) < 28
    tap(tablet, "language-zh-CN")
    expect(tablet.get_by_test_id("hear")).to_have_count(0)


def smallest_text_px(page: Page) -> float:
    return float(
        page.evaluate(
            """() => Math.min(...[...document.querySelectorAll("body *")]
                .filter((element) => element.checkVisibility() && [...element.childNodes]
                    .some((node) => node.nodeType === 3 && node.textContent.trim()))
                .map((element) => parseFloat(getComputedStyle(element).fontSize)))"""
        )
    )
