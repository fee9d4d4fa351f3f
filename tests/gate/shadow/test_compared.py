"""Two readers at one gate: what is kept of both, and the page that compares them."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import msgspec
import numpy as np
import pytest
from flask.testing import FlaskClient

from gate.camera.settings import CameraSettings
from gate.page.app import create_app
from gate.page.came import TABS, came
from gate.page.compared import TAB, compared
from gate.page.parts import IntakeParts
from gate.pipeline import Passage
from gate.settings import PageSettings
from gate.shadow.comparison import FILE_SHAPE, Comparison
from gate.shadow.pairs import Verdict, pairs
from shared.clock import running_s
from shared.messages import Correction
from shared.pin_lock import PinLock
from shared.words import LANGUAGES, read_words
from tests.bench.shadow import overlooked, run
from tests.gate.cars import plate
from tests.gate.intake.bodies import posted, zhenshi
from tests.gate.intake.scene import Intake, memory
from tests.samples import arrival

JPEG = b"\xff\xd8"


@pytest.fixture
def intake() -> Intake:
    return Intake("zhenshi")


@pytest.fixture
def comparison(intake: Intake) -> Comparison:
    db = memory()
    FILE_SHAPE.make(db)
    comparison = Comparison(db)
    intake.desk.note_told = comparison.hear_camera
    return comparison


def passage(intake: Intake, text: str, number: int = 1) -> Passage:
    """What our own reader says now."""
    told = msgspec.structs.replace(
        arrival(text), arrival_id=f"reader-{number}", seen_at=intake.clock()
    )
    return Passage(told, np.full((90, 320, 3), 90, np.uint8), reading=plate(text))


def technician(intake: Intake, comparison: Comparison | None) -> FlaskClient:
    lock, words = PinLock(running_s), read_words("gate")
    camera = CameraSettings(source="zhenshi")
    parts = IntakeParts(PageSettings(pin="4711"), lock, words, camera, intake.spool, comparison)
    client = create_app(parts, (*TABS, TAB), came, compared).test_client()
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
    assert found
    client.post("/login", data={"csrf": found[1], "pin": "4711"})
    return client


def verdicts(intake: Intake, comparison: Comparison) -> list[Verdict]:
    around = timedelta(days=1)
    moment = intake.clock()
    return [pair.verdict for pair in pairs(comparison.between(moment - around, moment + around))]


def test_the_page_shows_each_day_and_both_texts_with_the_strip_where_they_differ(
    intake: Intake, comparison: Comparison
) -> None:
    comparison.newest = np.zeros((720, 1280, 3), np.uint8)
    comparison.hear_reader(passage(intake, "浙A12346"))
    intake.take(posted("/in/zhenshi", zhenshi("浙A12345")))
    page = html.unescape(technician(intake, comparison).get("/compared").text)
    assert re.findall(r'data-verdict="(\w+)"', page) == ["differ"]
    shown = re.findall(r"<strong>(浙.*?)</strong>", page)
    assert shown == ["浙A1234<mark>5</mark>", "浙A1234<mark>6</mark>"]
    assert re.search(r'data-testid="agreement">0.0 %', page)
    assert '<th scope="row">2026-11-23</th><td>1</td><td>0</td><td>1</td>' in page
    picture = technician(intake, comparison).get("/compared/picture/reader-1.jpg")
    assert picture.data.startswith(JPEG)


def test_whoever_saw_nothing_is_shown_with_a_picture_of_that_moment(
    intake: Intake, comparison: Comparison
) -> None:
    comparison.newest = np.zeros((720, 1280, 3), np.uint8)
    intake.take(posted("/in/zhenshi", zhenshi("浙A12345")))
    assert verdicts(intake, comparison) == [Verdict.ONLY_CAMERA]
    client = technician(intake, comparison)
    (source,) = re.findall(r'src="(/compared/picture/[^"]+)"', client.get("/compared").text)
    assert client.get(source).data.startswith(JPEG)
    assert client.get("/compared/picture/nobody.jpg").status_code == 404


def test_a_plate_that_the_camera_corrects_is_compared_as_corrected(
    intake: Intake, comparison: Comparison
) -> None:
    comparison.hear_reader(passage(intake, "浙A12345"))
    intake.take(posted("/in/zhenshi", zhenshi("浙A12346")))
    (told,) = intake.told()
    correction = Correction(
        correction_id="c",
        gate_id="north",
        arrival_id=told.arrival_id,  # type: ignore[attr-defined]
        plate="浙A12345",
        corrected_by="north",
        corrected_at=intake.clock(),
    )
    comparison.hear_camera(correction)
    assert verdicts(intake, comparison) == [Verdict.SAME]


def test_each_month_is_a_page_in_each_language_and_a_wrong_one_is_none(
    intake: Intake, comparison: Comparison
) -> None:
    client = technician(intake, comparison)
    for language in LANGUAGES:
        with client.session_transaction() as session:
            session["language"] = language
        page = client.get("/compared/2026-10")
        assert 'data-testid="nothing"' in page.text
        assert "/compared/2026-09" in page.text
        assert "/compared/2026-11" in page.text
    assert client.get("/compared/2026-13").status_code == 404
    assert technician(intake, None).get("/compared").status_code == 404


def test_old_pictures_go_first_and_then_the_passes(intake: Intake, comparison: Comparison) -> None:
    comparison.hear_reader(passage(intake, "浙A12345"))
    intake.clock.pass_s(10 * 86_400)
    comparison.delete_old(intake.clock(), days=62, pictures_days=7)
    assert comparison.picture("reader-1") is None
    intake.clock.pass_s(60 * 86_400)
    comparison.delete_old(intake.clock(), days=62, pictures_days=7)
    assert comparison.db.execute("select count(*) from passes").fetchone() == (0,)


def test_whoever_is_erased_is_erased_from_both_and_from_what_the_camera_posted(
    intake: Intake, comparison: Comparison
) -> None:
    intake.desk.forget = comparison.forget
    comparison.hear_reader(passage(intake, "浙A12345"))
    intake.take(posted("/in/zhenshi", zhenshi("浙A12345")))
    comparison.hear_reader(passage(intake, "浙B77777", 2))
    intake.desk.erased.put(["reader-1"])  # as where our reader leads
    intake.desk.turn()
    assert intake.kept() == []
    left = comparison.db.execute("select plate from passes").fetchall()
    assert left == [("浙B77777",)]


def test_a_disk_that_refuses_the_comparison_stops_nobody(
    intake: Intake, comparison: Comparison
) -> None:
    comparison.db.conn.execute("drop table passes")
    comparison.hear_reader(passage(intake, "浙A12345"))
    intake.take(posted("/in/zhenshi", zhenshi("浙A12346")))
    assert intake.plates() == ["+浙A12346"]


@pytest.mark.slow
def test_planted_disagreements_on_drawn_drive_bys_are_all_found() -> None:
    planted, found = run(clips=2, fps=6.0, seed=2)
    assert {each.kind for each in planted} == {"right", "character", "ghost"}
    assert overlooked(planted, found) == []
    nobody = [replace(each, said="浙Z00000") for each in planted if each.kind == "character"]
    assert overlooked(nobody, found) == nobody  # what is not there is missed
