"""A stand-in with picamera2's own names: Picamera2(), create_video_configuration(main=, controls=),
configure, start, capture_request(wait=), make_array, release, cancel_all_and_flush, stop, close.
"""

import sys
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import pytest

from gate.camera.live_camera import open_camera
from gate.camera.pi_camera import PiCapture, open_pi_camera
from gate.camera.settings import CameraSettings
from shared.clock import now
from shared.errors import OperatorError
from tests.gate.cars import picture

SETTINGS = CameraSettings(source="picamera", width_px=1536, height_px=864)


@dataclass(slots=True)
class FakeRequest:
    """One completed picture; its memory belongs to the camera until it is released."""

    number: int
    held: list[int]

    def make_array(self, name: str) -> np.ndarray:
        assert name == "main"
        return picture(self.number)

    def release(self) -> None:
        self.held.remove(self.number)


@dataclass
class Picamera2:
    """Gives ``pictures`` pictures and falls silent."""

    pictures: ClassVar[int] = 1000
    is_plugged_in: ClassVar[bool] = True
    made: "ClassVar[list[Picamera2]]"
    done: list[str] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    configuration: dict[str, Any] = field(default_factory=dict)
    given: int = 0

    def __post_init__(self) -> None:
        if not self.is_plugged_in:
            raise IndexError("list index out of range")  # what the real one says
        self.made.append(self)

    def create_video_configuration(
        self, main: dict[str, Any], controls: dict[str, Any]
    ) -> dict[str, Any]:
        return {"use_case": "video", "main": main, "controls": controls}

    def configure(self, camera_config: dict[str, Any]) -> None:
        self.configuration = camera_config

    def start(self) -> None:
        assert self.configuration

    def capture_request(self, wait: float) -> FakeRequest:
        assert not self.held, "the camera runs out of memory"
        if self.given >= self.pictures:
            raise TimeoutError
        self.given += 1
        self.held.append(self.given % 200)
        return FakeRequest(self.given % 200, self.held)

    def cancel_all_and_flush(self) -> None:
        self.done.append("cancel_all_and_flush")

    def stop(self) -> None:
        self.done.append("stop")

    def close(self) -> None:
        self.done.append("close")


@pytest.fixture
def pi(monkeypatch: pytest.MonkeyPatch) -> type[Picamera2]:
    """A Raspberry Pi with its camera."""
    module: Any = ModuleType("picamera2")
    module.Picamera2 = Picamera2
    monkeypatch.setitem(sys.modules, "picamera2", module)
    monkeypatch.setattr(Picamera2, "made", [], raising=False)
    return Picamera2


def opened() -> PiCapture:
    capture = open_pi_camera((1536, 864))
    assert capture is not None
    return capture


def test_the_pis_camera_is_asked_for_its_size_and_for_blue_first(pi: type[Picamera2]) -> None:
    opened()
    (camera,) = pi.made
    assert camera.configuration["main"] == {"size": (1536, 864), "format": "RGB888"}


def test_each_picture_gives_its_memory_back_before_the_next(pi: type[Picamera2]) -> None:
    capture = opened()
    shades = []
    for _ in range(3):
        assert capture.grab()
        is_there, image = capture.retrieve()
        assert is_there
        assert image is not None
        shades.append(int(image.mean()))
    capture.release()
    assert shades == [1, 2, 3]
    assert pi.made[0].held == []
    assert pi.made[0].done == ["cancel_all_and_flush", "stop", "close"]


def test_a_loose_ribbon_cable_is_a_lost_camera(
    pi: type[Picamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pi, "pictures", 2)
    capture = opened()
    assert [capture.grab() for _ in range(3)] == [True, True, False]
    assert capture.retrieve() == (False, None)


def test_a_pi_without_a_camera_waits_for_one(
    pi: type[Picamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pi, "is_plugged_in", False)
    assert open_pi_camera((1536, 864)) is None


def test_the_gates_camera_is_the_pis_when_the_settings_say_so(pi: type[Picamera2]) -> None:
    camera = open_camera(SETTINGS, now)
    shown = camera.next_frame(5)
    camera.close()
    assert shown is not None
    assert shown.source_name == "picamera"
    assert shown.image.dtype == np.uint8


def test_without_picamera2_the_gate_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(OperatorError, match="python3-picamera2"):
        open_camera(SETTINGS, now)


def test_a_picamera2_made_for_another_numpy_says_how_to_mend_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken(ModuleType):
        def __getattr__(self, name: str) -> None:
            raise ValueError("numpy.dtype size changed, may indicate binary incompatibility")

    monkeypatch.setitem(sys.modules, "picamera2", Broken("picamera2"))
    with pytest.raises(OperatorError, match=r"numpy.dtype size changed.*simplejpeg"):
        open_camera(SETTINGS, now)
