"""A camera's alert stream: each event is kept once, whatever happens to the connection."""

import logging
from collections.abc import Sequence

import pytest

from gate.camera.settings import CameraSettings
from gate.intake import alert_stream
from gate.intake.alert_stream import LARGEST_EVENT_BYTES, Parts, asking
from gate.vendors.adapters import ADAPTERS
from gate.vendors.body import Body
from shared.errors import OperatorError
from tests.gate.intake.bodies import JPEG, hikvision
from tests.gate.intake.scene import Intake
from tests.gate.intake.streaming_camera import (
    ALIVE,
    PASSWORD,
    StreamingCamera,
    part,
    streaming,
)
from tests.waiting import eventually

PATH = ADAPTERS["hikvision-stream"].stream
ONE, TWO = hikvision("浙A12345", "u-1"), hikvision("浙B77777", "u-2")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_stream, "FIRST_PAUSE_S", 0.01)


def settings(camera: StreamingCamera, password: str = PASSWORD) -> CameraSettings:
    return CameraSettings(
        source="hikvision-stream",
        address=f"127.0.0.1:{camera.port}",
        username="tech",
        password=password,
    )


@pytest.mark.parametrize("with_length", [True, False])
def test_each_car_is_told_once_though_the_camera_hangs_up_and_says_it_again(
    with_length: bool,
) -> None:
    intake = Intake("hikvision-stream")
    turns: list[Sequence[bytes]] = [[ALIVE, ONE], [ONE, TWO, ALIVE]]
    camera = StreamingCamera(turns, with_length=with_length)
    with streaming(camera), asking(settings(camera), PATH, intake.door.hear):
        assert eventually(lambda: camera.asked == 3 and len(intake.spool.newest(9)) == 3)
    intake.desk.turn()
    assert intake.plates() == ["+浙A12345", "+浙B77777"]
    assert intake.desk.signs.is_regular


def test_what_the_disk_refuses_is_held_until_it_takes_it() -> None:
    heard: list[Body] = []

    def hear(body: Body) -> bool:
        heard.append(body)
        return len(heard) > 2

    camera = StreamingCamera([[ONE]])
    with streaming(camera), asking(settings(camera), PATH, hear):
        assert eventually(lambda: len(heard) >= 4)
    assert [body.data for body in heard[:4]] == [ONE, ONE, ONE, ALIVE]


def test_a_wrong_password_is_said_without_the_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    camera = StreamingCamera([])
    password = "wrong-0000"
    with streaming(camera), asking(settings(camera, password), PATH, lambda _body: True):
        assert eventually(lambda: "401" in caplog.text)
    assert camera.asked == 0
    assert password not in caplog.text


def test_a_gate_that_does_not_know_which_camera_says_so() -> None:
    nowhere = CameraSettings(source="hikvision-stream")
    with pytest.raises(OperatorError), asking(nowhere, PATH, lambda _body: True):
        pass


def test_a_part_is_there_as_soon_as_its_last_byte_is() -> None:
    whole = part(ONE, "application/xml", with_length=True) + part(
        JPEG, "image/jpeg", with_length=True
    )
    parts = Parts(b"boundary")
    found = [(at, got) for at in range(len(whole)) for got in parts.feed(whole[at : at + 1])]
    assert [got for _, got in found] == [ONE, JPEG]
    assert found[0][0] == whole.index(ONE) + len(ONE) - 1


def test_a_stream_without_end_does_not_fill_the_memory() -> None:
    parts = Parts(b"boundary")
    assert parts.feed(b"x" * 3 * LARGEST_EVENT_BYTES) == []
    with pytest.raises(ValueError, match="bytes"):
        parts.feed(b"--boundary\r\n\r\n" + b"<" * (LARGEST_EVENT_BYTES + 1))
