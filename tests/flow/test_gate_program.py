"""The gate as a process of its own: started, ended, and in front of a real MQTT server."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.corrections.kept import read_kept
from shared.codec import encode
from shared.messages import (
    Arrival,
    CorrectionTaken,
    Message,
    NodeState,
    NodeStatus,
    Receipt,
    Say,
)
from shared.outbox import Outbox, open_database
from shared.topics import topic_of
from tests.flow.gate_process import SITE, GateProcess, free_port, listen, mosquitto
from tests.waiting import CAME_AT_ALL_S, eventually, while_busy

__all__ = ["mosquitto"]
LONGEST_END_S = 2.0

pytestmark = pytest.mark.slow


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[GateProcess]:
    built = GateProcess(tmp_path)
    yield built
    built.close()


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def full() -> Iterator[int]:
    """A port that lets every connection wait: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port: int = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for connection in waiting:
            connection.setblocking(False)
            connection.connect_ex(("127.0.0.1", port))
        yield port
        for connection in waiting:
            connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_gate_ends_within_two_seconds_without_an_mqtt_server(
    gate: GateProcess, number: signal.Signals
) -> None:
    gate.start()
    gate.wait_for("WATCHDOG=1")
    took_s, status, said = gate.end(number)
    assert status == 0, said
    assert took_s < while_busy(LONGEST_END_S), said
    assert "Traceback" not in said


@pytest.mark.parametrize("server", ["silent", "full"])
def test_the_gate_ends_within_two_seconds_while_the_mqtt_server_hangs(
    gate: GateProcess, server: str, request: pytest.FixtureRequest
) -> None:
    gate.port = request.getfixturevalue(server)
    gate.start()
    gate.wait_for("WATCHDOG=1")
    took_s, status, said = gate.end(signal.SIGTERM)
    assert status == 0, said
    assert took_s < while_busy(LONGEST_END_S), said


def test_a_camera_that_is_missing_does_not_stop_the_gate(gate: GateProcess) -> None:
    gate.source = f"rtsp://127.0.0.1:{free_port()}/gate"
    gate.start()
    gate.wait_for("WATCHDOG=1")
    took_s, status, said = gate.end(signal.SIGTERM)
    assert status == 0, said
    assert took_s < while_busy(LONGEST_END_S), said
    assert "is away" in said


def test_a_camera_that_never_answers_does_not_hold_up_the_end(
    gate: GateProcess, silent: int
) -> None:
    gate.source = f"rtsp://127.0.0.1:{silent}/gate"
    gate.start()
    gate.wait_for("WATCHDOG=1")
    took_s, status, said = gate.end(signal.SIGTERM)
    assert status == 0, said
    assert took_s < while_busy(LONGEST_END_S), said


def test_a_folder_that_is_missing_is_told_and_ends_the_gate_with_two(gate: GateProcess) -> None:
    gate.source = str(gate.folder / "nowhere")
    gate.start()
    assert gate.process
    _, said = gate.process.communicate(timeout=CAME_AT_ALL_S)
    assert gate.process.returncode == 2
    assert "nowhere: there is no such file or folder" in said
    assert "Traceback" not in said


def test_a_gate_without_the_hub_keeps_its_arrivals_over_a_kill(gate: GateProcess) -> None:
    gate.start()
    outbox_path = gate.folder / "data" / "gate.sqlite3"
    gate.wait_for("READY=1")
    outbox = Outbox(open_database(outbox_path))
    assert eventually(lambda: outbox.depth() > 0)
    pictures = gate.folder / "data" / "images"  # written when the hub has been told, for its speed
    assert eventually(lambda: any(pictures.glob("*.jpg")))
    gate.end(signal.SIGKILL)
    (waiting,) = outbox.waiting(10)
    assert isinstance(waiting.message, Arrival)
    assert waiting.message.plate == "浙A88888"
    assert waiting.message.image_id
    assert (pictures / f"{waiting.message.image_id}.jpg").exists()


@pytest.mark.server
def test_the_hub_hears_that_the_gate_is_there_the_arrival_and_that_it_went(
    gate: GateProcess, mosquitto: int
) -> None:
    heard: list[Message] = []
    listener = listen(mosquitto, heard)
    gate.port = mosquitto
    gate.start()
    assert eventually(lambda: any(isinstance(message, Arrival) for message in heard))
    assert gate.end(signal.SIGTERM)[1] == 0
    assert eventually(lambda: NodeState.OFFLINE in states_in(heard))
    listener.disconnect()
    listener.loop_stop()
    assert states_in(heard)[0] is NodeState.ONLINE
    assert states_in(heard)[-1] is NodeState.OFFLINE
    assert any(isinstance(message, Say) for message in heard)


@pytest.mark.server
def test_what_a_person_corrects_is_kept_with_its_strip_until_its_car_is_erased(
    gate: GateProcess, mosquitto: int
) -> None:
    heard: list[Message] = []
    hub, data = listen(mosquitto, heard), gate.folder / "data"
    gate.port = mosquitto
    gate.start()
    assert eventually(lambda: any(isinstance(message, Arrival) for message in heard))
    told = next(message for message in heard if isinstance(message, Arrival))
    taken = CorrectionTaken(
        gate_id="north", arrival_id=told.arrival_id, plate="浙AB8888", corrected_at=told.seen_at
    )
    hub.publish(topic_of(taken, site=SITE), encode(taken), qos=1)
    assert eventually(lambda: read_kept(data) != [])
    (strip,) = read_kept(data)
    assert (strip.name, strip.read, strip.plate) == (told.arrival_id, "浙A88888", "浙AB8888")
    frame = data / "images" / f"{told.image_id}.jpg"
    assert eventually(frame.exists)
    erased = Receipt(node_id="north", ids=(), stored_at=told.seen_at, erased=(told.arrival_id,))
    hub.publish(topic_of(erased, site=SITE), encode(erased), qos=1)
    assert eventually(lambda: read_kept(data) == [] and not frame.exists())
    assert gate.end(signal.SIGTERM)[1] == 0
    hub.disconnect()
    hub.loop_stop()


def states_in(heard: list[Message]) -> list[NodeState]:
    """What the gate said of itself, in order."""
    return [message.state for message in heard if isinstance(message, NodeStatus)]
