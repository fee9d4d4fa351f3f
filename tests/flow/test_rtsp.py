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
from tests.flow.gate_process import GateProcess, free_port, listen, mosquitto
from tests.waiting import CAME_AT_ALL_S, eventually, while_busy

__all__ = ["mosquitto"]
SERVER = Path(__file__).parent / "rtsp_server.py"
SYSTEM_PYTHON = "/usr/bin/python3"
ASK_GSTREAMER = (
    "import gi; gi.require_version('GstRtspServer', '1.0')\n"
    "from gi.repository import Gst, GstRtspServer; Gst.init(None)\n"
    "raise SystemExit(not Gst.ElementFactory.find('x264enc'))"
)

pytestmark = pytest.mark.slow


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


def next_frame(camera: Camera) -> Frame:
    until = time.monotonic() + CAME_AT_ALL_S
    while time.monotonic() < until:
        if shown := camera.next_frame(0.5):
            return shown
    raise AssertionError("the camera shows nothing")


def seconds_until_offline(camera: Camera) -> float:
    started = time.monotonic()
    while camera.problem is None and time.monotonic() - started < CAME_AT_ALL_S:
        camera.next_frame(0.5)
    return time.monotonic() - started


def test_a_network_camera_that_loses_power_is_offline_in_time_and_comes_back(
    pole: NetworkCamera, camera: Camera
) -> None:
    shown = next_frame(camera)
    assert shown.image.shape == (240, 320, 3)
    pole.unplug()
    assert seconds_until_offline(camera) < while_busy(20)  # the heartbeat takes up to 10 s more
    assert camera.problem == "camera_offline"
    pole.plug_in()
    next_frame(camera)
    assert camera.problem is None


def test_a_network_camera_that_freezes_is_offline_in_time_and_comes_back(
    pole: NetworkCamera, camera: Camera
) -> None:
    next_frame(camera)
    pole.send(signal.SIGSTOP)
    assert seconds_until_offline(camera) < while_busy(20)
    pole.send(signal.SIGCONT)
    next_frame(camera)


def test_frames_of_a_network_camera_are_fresh_though_the_reader_is_slow(camera: Camera) -> None:
    next_frame(camera)
    for _ in range(4):
        time.sleep(1.0)
        asked_at = now()
        assert next_frame(camera).taken_at >= asked_at


@pytest.mark.parametrize(
    ("pole", "problem"), [("frozen", "camera_frozen"), ("moving", None)], indirect=["pole"]
)
def test_an_encoder_that_froze_is_found_though_its_clock_runs_on_over_the_picture(
    camera: Camera, problem: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.camera.picture_health.FROZEN_AFTER_S", 4.0)
    next_frame(camera)
    health, started_s = PictureHealth(), time.monotonic()
    found: list[str | None] = [None]

    def judges_so() -> bool:
        if shown := camera.next_frame(0.5):
            found.append(health.judge(shown))
        return time.monotonic() - started_s > 7 and found[-1] == problem

    assert eventually(judges_so)


@pytest.mark.server
def test_everybody_hears_of_a_lost_camera_within_half_a_minute_and_of_its_return(
    pole: NetworkCamera, mosquitto: int, tmp_path: Path
) -> None:
    heard: list[Message] = []
    listener = listen(mosquitto, heard)
    gate = GateProcess(tmp_path, mosquitto, f"rtsp://127.0.0.1:{pole.port}/gate")
    gate.start()
    # The gate sends signs of life to systemd, and blocks if nobody reads them.
    systemd = threading.Thread(target=gate.wait_for, args=["STOPPING=1"])
    systemd.start()
    assert eventually(lambda: bool(problems_in(heard)))
    time.sleep(8.0)  # pictures come by now
    before = problems_in(heard)
    pole.unplug()
    lost_at_s = time.monotonic()
    assert eventually(lambda: "camera_offline" in problems_in(heard))
    took_s = time.monotonic() - lost_at_s
    pole.plug_in()
    assert eventually(lambda: "门岗相机恢复正常" in said_in(heard))
    status = gate.end(signal.SIGTERM)[1]
    systemd.join()
    gate.close()
    listener.disconnect()
    listener.loop_stop()
    assert (status, set(before)) == (0, {None})
    assert took_s < while_busy(30)
    assert said_in(heard) == ["门岗相机离线，请人工登记车牌", "门岗相机恢复正常"]


def problems_in(heard: list[Message]) -> list[str | None]:
    """What the gate said was wrong with it, in order."""
    return [message.problem for message in heard if isinstance(message, NodeStatus)]


def said_in(heard: list[Message]) -> list[str]:
    """What the guard heard of the camera."""
    said = [message.text for message in heard if isinstance(message, Say)]
    return [text for text in said if "相机" in text]
