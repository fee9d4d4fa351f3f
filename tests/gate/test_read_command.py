import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from gate.read_command import main
from tests.gate.cars import FakeEngine, plate
from tests.gate.files import write_bytes, write_picture, write_video

DARK, BRIGHT, EMPTY = 60, 160, 110
ENGINE = FakeEngine(
    {
        DARK: [plate("浙A88888", 0.97), plate("浙B12345", 0.6, x=400)],
        BRIGHT: [plate("苏E67890", 0.95)],
    }
)


def read(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, list[Any], str]:
    """Exit status, the JSON lines, and what was said on stderr."""
    status = main([*(str(word) for word in words), "--json"], ENGINE)
    said = capsys.readouterr()
    return status, [json.loads(line) for line in said.out.splitlines()], said.err


def test_a_photo_is_one_line_with_its_plates_best_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = write_picture(tmp_path / "门口.png", DARK)
    status, (line,), _ = read(capsys, photo)
    assert status == 0
    assert set(line) == {"file", "width_px", "height_px", "took_ms", "plates"}
    assert (line["file"], line["width_px"], line["height_px"]) == (str(photo), 64, 48)
    assert [found["plate"] for found in line["plates"]] == ["浙A88888", "浙B12345"]
    assert line["plates"][0] == {
        "plate": "浙A88888",
        "kind": "small",
        "colour": "blue",
        "confidence": 0.97,
        "characters": [0.99, 0.99, 0.99, 0.99, 0.99, 0.99, 0.97],
        "corners_px": [[100, 50], [200, 50], [200, 80], [100, 80]],
        "is_incomplete": False,
    }


def test_chinese_is_written_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(write_picture(tmp_path / "a.png", DARK)), "--json"], ENGINE)
    assert "浙A88888" in capsys.readouterr().out


def test_a_folder_is_read_with_the_folders_below_in_name_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b.png", "a/2.png", "a/1.png"):
        write_picture(tmp_path / name, DARK)
    write_bytes(tmp_path / "readme.txt", b"not a picture")
    status, lines, _ = read(capsys, tmp_path)
    names = [str(Path(line["file"]).relative_to(tmp_path)) for line in lines]
    assert (status, names) == (0, ["a/1.png", "a/2.png", "b.png"])


def test_an_unreadable_file_is_named_and_the_rest_is_still_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = write_bytes(tmp_path / "a.jpg", b"no picture")
    write_picture(tmp_path / "b.png", DARK)
    status, (first, second), _ = read(capsys, tmp_path)
    assert status == 1
    assert set(first) == {"file", "error"}
    assert first["file"] == str(broken)
    assert second["plates"]


def test_a_missing_path_and_an_empty_folder_each_give_an_error_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, _ = read(capsys, tmp_path / "nowhere.jpg", tmp_path)
    assert status == 1
    assert [line["file"] for line in lines] == [str(tmp_path / "nowhere.jpg"), str(tmp_path)]
    assert "no such file" in lines[0]["error"]
    assert "no picture or video" in lines[1]["error"]


def test_a_photo_without_a_plate_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (line,), _ = read(capsys, write_picture(tmp_path / "a.png", EMPTY))
    assert (status, line["plates"]) == (0, [])


def test_a_crop_is_read_as_one_plate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (line,), _ = read(capsys, write_picture(tmp_path / "a.png", DARK), "--crop")
    assert [found["plate"] for found in line["plates"]] == ["浙A88888"]


def test_a_crop_without_a_legible_character_has_no_plate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, (line,), _ = read(capsys, write_picture(tmp_path / "a.png", EMPTY), "--crop")
    assert line["plates"] == []


def test_a_video_is_one_line_with_each_vehicle_that_passed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = write_video(tmp_path / "pass.avi", [BRIGHT] * 10 + [EMPTY] * 10 + [DARK] * 10)
    status, (line,), _ = read(capsys, video)
    vehicles = {found["plate"]: found for found in line["plates"]}
    assert status == 0
    assert set(vehicles) == {"浙A88888", "苏E67890", "浙B12345"}
    assert 0 <= vehicles["苏E67890"]["seen_at_s"] < 1.0
    assert 2.0 <= vehicles["浙A88888"]["seen_at_s"] < 3.0
    assert vehicles["浙B12345"]["reads"] == 5
    assert not vehicles["浙B12345"]["is_uncertain"]
    assert vehicles["浙B12345"]["direction"] == "unknown"
    assert not vehicles["浙B12345"]["has_moved"]


def test_a_broken_video_gives_an_error_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = write_bytes(tmp_path / "pass.mp4", b"no video" * 50)
    status, (line,), _ = read(capsys, broken)
    assert status == 1
    assert "no video" in line["error"]


def test_without_json_a_person_reads_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_picture(tmp_path / "a.png", DARK)
    write_picture(tmp_path / "b.png", EMPTY)
    write_bytes(tmp_path / "c.png", b"")
    status = main([str(tmp_path), "--lang", "zh-CN"], ENGINE)
    said = capsys.readouterr()
    assert status == 1
    assert "浙A88888" in said.out
    assert "可信度  97%" in said.out
    assert "未发现车牌" in said.out
    assert "c.png：文件是空的" in said.err


def test_a_file_name_that_is_no_utf_8_is_still_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "\udcb3\udcb5.jpg"
    write_bytes(path, b"no picture")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert main([str(path), "--json"], ENGINE) == 1
    sys.stdout.flush()
    assert json.loads(written.getvalue())["error"]


def test_no_path_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        main([], ENGINE)
    assert ended.value.code == 2


def test_an_engine_that_nobody_knows_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--engine", "crystal_ball"]) == 2
    assert "crystal_ball" in capsys.readouterr().err
