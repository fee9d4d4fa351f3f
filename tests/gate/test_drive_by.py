"""The real networks on a drawn video: one entry a car, with the plate that it bears."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from gate import picture, read_command
from gate.picture import read_picture

pytestmark = pytest.mark.slow

DEMO = Path(picture.__file__).parent / "demo"
SIZE = (1280, 720)
APPROACH_FRAMES, EMPTY_FRAMES, FPS = 45, 20, 15


def drive_by(path: Path, names: list[str]) -> None:
    """Each picture's car comes nearer for three seconds; then the gate is empty."""
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    for name in names:
        image = read_picture(DEMO / name)
        for near in np.linspace(0.55, 1.0, APPROACH_FRAMES):
            zoom = np.array([[near, 0, (1 - near) * 640], [0, near, (1 - near) * 560]])
            frame = cv2.warpAffine(image, zoom, SIZE, borderMode=cv2.BORDER_REPLICATE)
            video.write(cv2.GaussianBlur(frame, (0, 0), 0.8))
        for _ in range(EMPTY_FRAMES):
            video.write(np.full((SIZE[1], SIZE[0], 3), 90, np.uint8))
    video.release()


def test_each_car_that_drives_by_is_read_once_and_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (DEMO / "plates.csv").open(encoding="utf-8") as rows:
        truth = {row["file"]: row["plate"] for row in csv.DictReader(rows)}
    names = sorted(truth)[3:9]  # no two alike: within a second they would count as one car
    drive_by(tmp_path / "drive.mp4", names)
    assert read_command.main([str(tmp_path / "drive.mp4"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["plates"]
    read = [(one["seen_at_s"], one["plate"], one["is_uncertain"]) for one in found]
    assert [plate for _, plate, _ in sorted(read)] == [truth[name] for name in names]
    assert not any(is_uncertain for _, _, is_uncertain in read)
