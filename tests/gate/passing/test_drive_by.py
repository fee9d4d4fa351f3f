"""The real networks on drawn videos: one event a car, with the plate that it bears."""

import json
from pathlib import Path

import cv2
import pytest

from gate import read_command
from gate.reader.readers import open_engine
from tests.bench.drawn_drive import HEIGHT_PX, WIDTH_PX, random_clip
from tests.bench.drive_by import Reader, drive, score

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FPS = 15.0


@pytest.mark.parametrize(("weather", "seed"), [("night", 0), ("rain", 1), ("day", 2)])
def test_each_car_that_drives_in_is_told_once_and_right_and_nothing_else_is(
    weather: str, seed: int
) -> None:
    clip = random_clip(weather, FPS, seed)
    result = score(clip, drive(clip, Reader(open_engine(), threads=2)))
    assert result.right == result.passes
    assert result.false == 0


def test_a_video_file_gives_each_car_once_with_the_way_it_went(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip, path = random_clip("day", FPS, 2), str(tmp_path / "drive.mp4")
    video = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"mp4v"), FPS, (WIDTH_PX, HEIGHT_PX))
    for _, image in clip.frames():
        video.write(image)
    video.release()
    assert read_command.main([path, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["plates"]
    moving = sorted(told["plate"] for told in found if told["has_moved"])
    assert moving == sorted(car.plate.text for car in clip.cars)
    assert {told["direction"] for told in found if told["has_moved"]} == {"in"}
