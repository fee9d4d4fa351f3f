"""The pages about other people's cameras: what came, raw and read, and what to set where."""

import html
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from gate.camera.settings import CameraSettings
from gate.page.app import create_app
from gate.page.came import TABS, came
from gate.page.parts import IntakeParts
from gate.settings import PageSettings
from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from shared.clock import running_s
from shared.pin_lock import PinLock
from shared.words import LANGUAGES, read_words
from tests.gate.intake.bodies import hikvision, hikvision_form, posted, zhenshi
from tests.gate.intake.scene import Intake

PIN = "4711"


def technician(intake: Intake, token: str = "") -> FlaskClient:
    camera = CameraSettings(source=intake.source, token=token)
    lock, words = PinLock(running_s), read_words("gate")
    parts = IntakeParts(PageSettings(pin=PIN), lock, words, camera, intake.spool)
    client = create_app(parts, TABS, came).test_client()
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
    assert found
    assert client.get("/").status_code == 303
    assert client.post("/login", data={"csrf": found[1], "pin": PIN}).location == "/"
    return client


def menu_title(source: str, language: str) -> str:
    words = read_words("gate")
    return words.say("setting_up.title", language, name=words.say(f"vendor.{source}", language))


def drawn_texts(svg: bytes) -> list[str]:
    """What stands in the drawing, each text by itself."""
    picture = ElementTree.fromstring(svg)
    return [each.text or "" for each in picture.iter("{http://www.w3.org/2000/svg}text")]


def test_what_came_is_shown_raw_and_read_with_what_became_of_it() -> None:
    intake = Intake("zhenshi")
    car = posted("/in/zhenshi", zhenshi())
    intake.take(car, car, posted("/in/zhenshi", zhenshi("_无_", 18)), Body(b'{"odd": "138000"}'))
    page = html.unescape(technician(intake).get("/").text)
    verdicts = re.findall(r'data-verdict="(\w+)"', page)
    assert verdicts == ["not_understood", "no_plate", "sent_again", "told"]
    assert page.count("<strong>浙A12345</strong>") == 2
    assert '"odd"' in page
    raw = "".join(re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.S))
    assert "浙A·1**45" in raw
    assert "浙A12345" not in raw


def test_a_body_that_was_not_read_yet_is_shown_too() -> None:
    intake = Intake("hikvision")
    intake.post(hikvision_form(hikvision()))
    assert 'data-verdict="waits"' in technician(intake).get("/").text


@pytest.mark.parametrize("source", sorted(ADAPTERS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_vendors_menu_is_told_with_the_address_to_fill_in(source: str, language: str) -> None:
    client = technician(Intake(source), token="let-me-in")
    with client.session_transaction() as session:
        session["language"] = language
    page = client.get("/setting-up").text
    steps = re.findall(r"<li>(.*?)</li>", page)
    assert len(steps) >= 3
    assert "localhost" in page
    assert "8092" in page
    assert f"/in/{source}/let-me-in" in page
    assert f'alt="{menu_title(source, language)}"' in html.unescape(page)
    texts = drawn_texts(client.get("/setting-up.svg").data)
    assert len(texts) >= 8
    is_filled_in = {"localhost", f"http://localhost:8092/in/{source}/let-me-in"} & set(texts)
    assert is_filled_in or {"gate.toml"} & set(" ".join(texts).split())
    assert not [text for text in texts if "{" in text or "=" in text]


def test_a_gate_without_anything_says_what_to_do(tmp_path: Path) -> None:
    assert 'data-testid="body"' not in technician(Intake("axis")).get("/").text
