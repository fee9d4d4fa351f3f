from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from gate.passing.refusal import Corners, Reason, Refusal
from gate.passing.trace import SHOWN_PX, Trace, main
from shared.words import LANGUAGES, read_words
from tests.gate.cars import START, picture

FAR: Corners = ((1800.0, 1000.0), (1860.0, 1000.0), (1860.0, 1018.0), (1800.0, 1018.0))


def refusal(
    after_s: float = 0, reason: Reason = Reason.TOO_SMALL, corners: Corners | None = FAR
) -> Refusal:
    image = picture(90, width_px=1920, height_px=1080)
    return Refusal(reason, START + timedelta(seconds=after_s), image, corners, "浙A88888")


def test_what_was_not_told_is_kept_with_its_reason_and_the_newest_comes_first(
    tmp_path: Path,
) -> None:
    trace = Trace(tmp_path, days=7, most=10)
    assert trace.keep(refusal(0, Reason.TOO_SMALL))
    assert trace.keep(refusal(5, Reason.TOO_DARK))
    newest, oldest = trace.entries()
    assert (newest.reason, oldest.reason) == (Reason.TOO_DARK, Reason.TOO_SMALL)
    assert (oldest.plate, oldest.width_px, oldest.seen_at) == ("浙A88888", 60, START)


def test_who_is_erased_takes_their_uncertain_car_along(tmp_path: Path) -> None:
    trace = Trace(tmp_path, days=7, most=10)
    for name in ("a-1", "a-2", None):
        trace.keep(replace(refusal(), told_as=name))
    trace.erase(["a-1", "a-9"])
    assert {entry.told_as for entry in trace.entries()} == {"a-2", None}
    assert len(list(tmp_path.glob("*.jpg"))) == 2


def test_the_picture_shows_the_car_around_the_plate_with_the_plate_framed(tmp_path: Path) -> None:
    trace = Trace(tmp_path, days=7, most=10)
    trace.keep(refusal())
    shown = cv2.imread(str(trace.picture_path(trace.entries()[0].entry_id)))
    assert shown is not None
    assert shown.shape == (270, 360, 3)
    is_framed = np.abs(shown.astype(int) - 90).max(axis=2) > 60
    rows, columns = np.nonzero(is_framed)
    assert 50 < columns.max() - columns.min() < 75
    assert 10 < rows.max() - rows.min() < 30


def test_the_frame_itself_is_not_changed(tmp_path: Path) -> None:
    kept = refusal()
    kept.image.flags.writeable = False
    assert Trace(tmp_path, days=7, most=10).keep(kept)
    assert (kept.image == 90).all()


def test_a_camera_trouble_shows_the_whole_frame_made_smaller(tmp_path: Path) -> None:
    trace = Trace(tmp_path, days=7, most=10)
    trace.keep(refusal(reason=Reason.CAMERA_BLACK, corners=None))
    shown = cv2.imread(str(trace.picture_path(trace.entries()[0].entry_id)))
    assert shown is not None
    assert shown.shape == (360, SHOWN_PX, 3)


def test_only_the_last_ones_are_kept_and_none_too_long(tmp_path: Path) -> None:
    trace = Trace(tmp_path, days=7, most=3)
    for after_s in range(5):
        trace.keep(refusal(after_s))
    assert [entry.seen_at for entry in trace.entries()] == [
        START + timedelta(seconds=after_s) for after_s in (4, 3, 2)
    ]
    trace.delete_old(START + timedelta(days=7, seconds=3.5))
    assert [entry.seen_at for entry in trace.entries()] == [START + timedelta(seconds=4)]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_trace_of_none_keeps_nothing(tmp_path: Path) -> None:
    trace = Trace(tmp_path, days=7, most=0)
    trace.keep(refusal())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_costs_the_trace_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "trace"
    folder.write_text("a file where the folder should be")
    assert not Trace(folder, days=7, most=3).keep(refusal())


def test_a_damaged_entry_is_left_out(tmp_path: Path) -> None:
    trace = Trace(tmp_path, days=7, most=3)
    trace.keep(refusal())
    (tmp_path / "0.json").write_text("half")
    assert len(trace.entries()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_lists_what_was_not_told_with_its_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    trace = Trace(tmp_path / "trace", days=7, most=10)
    trace.keep(refusal())
    trace.keep(refusal(5, Reason.OUTSIDE_REGION))
    assert main(["--data", str(tmp_path), "--lang", language]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert read_words("gate").say("reason.outside_region", language) in first
    assert "60" in second
    assert str(trace.picture_path(trace.entries()[1].entry_id)) in second
