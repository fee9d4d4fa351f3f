"""A real RTSP server, killed, frozen and started again, in front of the real camera adapter."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gate.camera.frame import Camera, Frame
from gate.camera.live_camera import open_camera
from gate.camera.picture_health import PictureHealth
from gate.camera.settings import CameraSettings
from shared.clock import now
from shared.messages import Message, NodeStatus, Say
from tests.flow.gate_process import GateProcess, free_port, listen, mosquitto, wait_until

__all__ = ["mosquitto"]
SERVER = Path(__file__).parent / "rtsp_server.py"
SYSTEM_PYTHON = "/usr/bin/python3"
ASK_GSTREAMER = (
    "import gi; gi.require_version('GstRtspServer', '1.0')\n"
    "from gi.repository import Gst, GstRtspServer; Gst.init(None)\n"
    "raise SystemExit(not Gst.ElementFactory.find('x264enc'))"
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@dataclass(slots=True)
class NetworkCamera:
    """The camera on the pole: can lose its power and get it back."""

    shows: str = "moving"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def plug_in(self) -> None:
        self.process = subprocess.Popen([SYSTEM_PYTHON, SERVER, str(self.port), self.shows])

    def send(self, number: signal.Signals) -> None:
        if self.process:
            os.kill(self.process.pid, number)

    def unplug(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture(scope="module")
def gstreamer() -> None:
    """Skips where the RTSP server's packages are missing; see rtsp_server.py."""
    asked = subprocess.run([SYSTEM_PYTHON, "-c", ASK_GSTREAMER], capture_output=True, check=False)
    if asked.returncode != 0:
        pytest.skip("needs Debian's GStreamer RTSP server")


@pytest.fixture(params=["moving"])
def pole(gstreamer: None, request: pytest.FixtureRequest) -> Iterator[NetworkCamera]:
    built = NetworkCamera(request.param)
    built.plug_in()
    yield built
    built.unplug()


@pytest.fixture
def camera(pole: NetworkCamera) -> Iterator[Camera]:
    source = f"rtsp://127.0.0.1:{pole.port}/gate"
    opened = open_camera(CameraSettings(source=source, frames_per_second=5), now)
    yield opened
    opened.close()


def frame_within(camera: Camera, seconds: float) -> Frame | None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if shown := camera.next_frame(0.5):
            return shown
    return None


def seconds_until_offline(camera: Camera, longest: float) -> float:
    started = time.monotonic()
    while camera.problem is None and time.monotonic() - started < longest:
        camera.next_frame(0.5)
    return time.monotonic() - started


def test_a_network_camera_that_loses_power_is_offline_in_time_and_comes_back(
    pole: NetworkCamera, camera: Camera
) -> None:
    shown = frame_within(camera, 20)
    assert shown is not None
    assert shown.image.shape == (240, 320, 3)
    pole.unplug()
    assert seconds_until_offline(camera, 30) < 20  # the heartbeat takes up to 10 s more
    assert camera.problem == "camera_offline"
    pole.plug_in()
    assert frame_within(camera, 61) is not None
    assert camera.problem is None


def test_a_network_camera_that_freezes_is_offline_in_time_and_comes_back(
    pole: NetworkCamera, camera: Camera
) -> None:
    assert frame_within(camera, 20) is not None
    pole.send(signal.SIGSTOP)
    assert seconds_until_offline(camera, 30) < 20
    pole.send(signal.SIGCONT)
    assert frame_within(camera, 61) is not None


def test_frames_of_a_network_camera_are_fresh_though_the_reader_is_slow(camera: Camera) -> None:
    assert frame_within(camera, 20) is not None
    for _ in range(4):
        time.sleep(1.0)
        asked_at = now()
        shown = frame_within(camera, 5)
        assert shown is not None
        assert shown.taken_at >= asked_at


@pytest.mark.parametrize(
    ("pole", "problem"), [("frozen", "camera_frozen"), ("moving", None)], indirect=["pole"]
)
def test_an_encoder_that_froze_is_found_though_its_clock_runs_on_over_the_picture(
    camera: Camera, problem: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.camera.picture_health.FROZEN_AFTER_S", 8.0)
    assert frame_within(camera, 20) is not None
    health, until_s = PictureHealth(), time.monotonic() + 12
    found = []
    while time.monotonic() < until_s:
        if shown := camera.next_frame(0.5):
            found.append(health.judge(shown))
    assert found[-1] == problem


@pytest.mark.server
def test_everybody_hears_of_a_lost_camera_within_half_a_minute_and_of_its_return(
    pole: NetworkCamera, mosquitto: int, tmp_path: Path
) -> None:
    heard: list[Message] = []
    listener = listen(mosquitto, heard)
    gate = GateProcess(tmp_path, mosquitto, f"rtsp://127.0.0.1:{pole.port}/gate")
    gate.start()
    # Somebody has to hear its watchdog, or it waits for that.
    systemd = threading.Thread(target=gate.wait_for, args=["STOPPING=1"])
    systemd.start()
    wait_until(lambda: bool(problems_in(heard)), 30)
    time.sleep(8.0)  # pictures come by now
    before = problems_in(heard)
    pole.unplug()
    lost_at_s = time.monotonic()
    wait_until(lambda: "camera_offline" in problems_in(heard), 60)
    took_s = time.monotonic() - lost_at_s
    pole.plug_in()
    wait_until(lambda: "门岗相机恢复正常" in said_in(heard), 70)
    status = gate.end(signal.SIGTERM)[1]
    systemd.join()
    gate.close()
    listener.disconnect()
    listener.loop_stop()
    assert (status, set(before)) == (0, {None})
    assert took_s < 30
    assert said_in(heard) == ["门岗相机离线，请人工登记车牌", "门岗相机恢复正常"]


def problems_in(heard: list[Message]) -> list[str | None]:
    """What the gate said was wrong with it, in order."""
    return [message.problem for message in heard if isinstance(message, NodeStatus)]


def said_in(heard: list[Message]) -> list[str]:
    """What the guard heard of the camera."""
    said = [message.text for message in heard if isinstance(message, Say)]
    return [text for text in said if "相机" in text]
