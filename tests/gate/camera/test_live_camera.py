import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gate.camera.frame import Frame, Image, Pace, Timer
from gate.camera.live_camera import (
    LONGEST_BACK_OFF_S,
    OFFLINE_AFTER_S,
    Capture,
    LiveCamera,
    live_source,
    open_camera,
    without_password,
)
from gate.camera.recordings import FileCamera, video_images
from gate.camera.settings import CameraSettings
from shared.clock import now
from shared.errors import OperatorError
from tests.fakes import FakeClock
from tests.gate.cars import picture
from tests.gate.files import write_bytes, write_picture, write_video


@dataclass(slots=True)
class Hours:
    """Time that passes only while somebody waits."""

    second: float = 0.0

    def wait(self, seconds: float) -> None:
        self.second += seconds

    def timer(self) -> Timer:
        return Timer(lambda: self.second, self.wait)


def camera(path: Path, hours: Hours, *, repeated: bool = False, fps: float = 5.0) -> FileCamera:
    settings = CameraSettings(
        source=str(path), frames_per_second=fps, picture_shown_s=1.0, is_repeated=repeated
    )
    return FileCamera(path, settings, FakeClock(), hours.timer())


def watch(looking: FileCamera, hours: Hours, seconds: float) -> list[Frame]:
    """The frames that the camera gives in ``seconds`` to a reader that takes 10 ms for each."""
    frames = []
    until = hours.second + seconds
    while hours.second < until:
        if shown := looking.next_frame(0.5):
            frames.append(shown)
        hours.wait(0.01)
    return frames


def scenes(frames: list[Frame]) -> list[tuple[int, str]]:
    return list(dict.fromkeys((each.scene, each.source_name) for each in frames))


def test_each_picture_of_a_folder_is_held_before_the_gate_for_a_while(tmp_path: Path) -> None:
    write_picture(tmp_path / "b.png", 160)
    write_picture(tmp_path / "a.jpg", 60)
    hours = Hours()
    frames = watch(camera(tmp_path, hours), hours, 5)
    assert scenes(frames) == [(1, "a.jpg"), (2, "b.png")]
    counts = Counter(each.scene for each in frames)
    assert all(5 <= counts[scene] <= 6 for scene in (1, 2))
    assert frames[0].image.mean() == pytest.approx(60, abs=3)


def test_a_folder_is_shown_again_and_again_when_asked(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.jpg")
    hours = Hours()
    assert len(scenes(watch(camera(tmp_path, hours, repeated=True), hours, 10))) >= 8


def test_a_picture_added_meanwhile_is_shown_in_the_next_round(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.jpg")
    hours = Hours()
    looking = camera(tmp_path, hours, repeated=True)
    watch(looking, hours, 0.5)
    write_picture(tmp_path / "b.jpg")
    assert "b.jpg" in {name for _, name in scenes(watch(looking, hours, 4))}


def test_a_slow_computer_still_reads_every_picture_twice(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.jpg")
    write_picture(tmp_path / "b.jpg")
    hours = Hours()
    looking = camera(tmp_path, hours)
    names = []
    for _ in range(10):
        shown = looking.next_frame(0.5)
        names += [shown.source_name] if shown else []
        hours.wait(7)
    assert names == ["a.jpg", "a.jpg", "b.jpg", "b.jpg"]


def test_a_broken_picture_is_left_out_with_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_bytes(tmp_path / "a.jpg", b"no picture")
    write_picture(tmp_path / "b.jpg")
    hours = Hours()
    frames = watch(camera(tmp_path, hours, repeated=True), hours, 3)
    assert {each.source_name for each in frames} == {"b.jpg"}
    assert "a.jpg: no picture that can be read" in caplog.text


def test_a_folder_of_broken_pictures_only_asks_for_good_ones(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a.jpg", b"no picture")
    with pytest.raises(OperatorError, match="nothing in it can be read"):
        watch(camera(tmp_path, Hours(), repeated=True), Hours(), 3)


def test_a_folder_without_pictures_says_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no picture or video"):
        camera(tmp_path, Hours())


def test_a_missing_folder_is_an_error_of_the_operator(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no such file or folder"):
        open_camera(CameraSettings(source=str(tmp_path / "nowhere")), now)


def test_a_video_plays_at_its_own_speed_and_drops_what_nobody_reads(tmp_path: Path) -> None:
    video = write_video(tmp_path / "pass.avi", range(20, 220, 10))
    hours = Hours()
    frames = watch(camera(video, hours, fps=5), hours, 5)
    assert 9 <= len(frames) <= 11
    shades = [float(each.image.mean()) for each in frames]
    assert shades == sorted(shades)
    assert shades[-1] > 180
    assert scenes(frames) == [(1, "pass.avi")]


def test_each_round_of_a_repeated_video_is_a_scene_of_its_own(tmp_path: Path) -> None:
    video = write_video(tmp_path / "pass.avi", [60] * 10)
    hours = Hours()
    assert len(scenes(watch(camera(video, hours, repeated=True), hours, 5))) >= 3


def test_a_video_is_read_through_without_waiting(tmp_path: Path) -> None:
    video = write_video(tmp_path / "pass.avi", [60] * 10 + [160] * 10)
    seen = [(second, float(image.mean())) for second, image in video_images(video, 0.5)]
    assert [second for second, _ in seen] == [0.0, 0.5, 1.0, 1.5]
    assert [round(shade, -1) for _, shade in seen] == [60, 60, 160, 160]


def test_a_file_that_is_no_video_says_so(tmp_path: Path) -> None:
    broken = write_bytes(tmp_path / "broken.mp4", b"no video" * 100)
    with pytest.raises(OperatorError, match="no video that can be read"):
        list(video_images(broken, 0.5))


@pytest.mark.parametrize(
    "source", ["usb:0", "0", "rtsp://192.0.2.10/1", "http://192.0.2.10/mjpeg", "picamera"]
)
def test_cameras_are_told_from_files(source: str) -> None:
    assert live_source(CameraSettings(source=source)) is not None


@pytest.mark.parametrize("source", ["pictures", "/data/0", "C:\\pictures", "pass.mp4"])
def test_files_are_told_from_cameras(source: str) -> None:
    assert live_source(CameraSettings(source=source)) is None


def test_a_usb_camera_that_is_not_plugged_in_is_waited_for() -> None:
    opener = live_source(CameraSettings(source="usb:63"))
    assert opener is not None
    assert opener() is None


def test_a_camera_password_never_reaches_the_log() -> None:
    assert without_password("rtsp://admin:p@ss@192.0.2.10/1") == "rtsp://***@192.0.2.10/1"


@dataclass(slots=True)
class FakeCapture:
    """A camera that gives ``frames`` frames, each when ``more`` allows it, and is gone then."""

    frames: int
    more: threading.Semaphore
    is_released: bool = False
    grabbed: int = 0

    def grab(self) -> bool:
        self.more.acquire(timeout=5)
        self.grabbed += 1
        return self.grabbed <= self.frames

    def retrieve(self) -> tuple[bool, Image]:
        return True, picture(self.grabbed)

    def release(self) -> None:
        self.is_released = True


@dataclass(slots=True)
class Plug:
    """Opens the captures one after the other; None: the camera is not there."""

    captures: list[FakeCapture | None]
    opened: list[FakeCapture | None] = field(default_factory=list)
    all_opened: threading.Event = field(default_factory=threading.Event)

    def open(self) -> Capture | None:
        if not self.captures:
            self.all_opened.set()
            return None
        self.opened.append(self.captures.pop(0))
        return self.opened[-1]


def live(opener: Callable[[], Capture | None], hours: Hours, fps: float = 50.0) -> LiveCamera:
    return LiveCamera("test", opener, Pace(fps, hours.timer()), FakeClock())


def test_a_live_camera_gives_the_newest_frame_not_the_waiting_ones() -> None:
    more = threading.Semaphore(0)
    capture = FakeCapture(1000, more)
    hours = Hours()
    looking = live(Plug([capture]).open, hours)
    looking.start()
    more.release(30)
    while capture.grabbed < 30:
        threading.Event().wait(0.001)
    asked = threading.Timer(0.05, lambda: more.release(1))
    asked.start()
    shown = looking.next_frame(5)
    assert shown is not None
    assert shown.image.mean() >= 30
    more.release(500)
    looking.close()


def test_a_frame_that_came_after_nobody_waited_any_longer_is_not_given_later() -> None:
    more = threading.Semaphore(0)
    capture = FakeCapture(1000, more)
    looking = live(Plug([capture]).open, Hours())
    looking.start()
    assert looking.next_frame(0.05) is None
    more.release(30)
    while capture.grabbed < 30:
        threading.Event().wait(0.001)
    asked = threading.Timer(0.05, lambda: more.release(500))
    asked.start()
    shown = looking.next_frame(5)
    looking.close()
    assert shown is not None
    assert shown.image.mean() >= 30


def test_a_camera_that_is_silent_for_ten_seconds_is_offline_until_it_is_back() -> None:
    hours = Hours()
    more = threading.Semaphore(0)
    looking = live(Plug([FakeCapture(1000, more)]).open, hours)
    looking.start()
    hours.second = OFFLINE_AFTER_S - 1
    assert looking.problem is None
    hours.second = OFFLINE_AFTER_S + 1
    assert looking.problem == "camera_offline"
    more.release(500)
    assert looking.next_frame(5) is not None
    assert looking.problem is None
    looking.close()


def test_a_camera_that_is_missing_at_the_start_is_no_error() -> None:
    looking = live(lambda: None, Hours())
    looking.start()
    assert looking.next_frame(0.01) is None
    looking.close()


def test_a_lost_camera_is_let_go_and_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.camera.live_camera.FIRST_BACK_OFF_S", 0.001)
    more = threading.Semaphore(1000)
    first, second = FakeCapture(3, more), FakeCapture(3, more)
    plug = Plug([first, None, second])
    looking = live(plug.open, Hours())
    looking.start()
    assert plug.all_opened.wait(5)
    looking.close()
    assert plug.opened == [first, None, second]
    assert first.is_released
    assert second.is_released


def test_the_pause_before_the_next_try_is_at_most_a_minute() -> None:
    assert LONGEST_BACK_OFF_S == 60
