"""Other people's cameras before a real gate that is killed: each car is told once."""

import json
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from shared.messages import Arrival, Message
from shared.sealed_file import connect
from tests.bench.vendor_cameras.played import play
from tests.flow.gate_process import GateProcess, free_port, listen, mosquitto
from tests.gate.intake.bodies import frigate, posted, zhenshi
from tests.servers import wait_for_port
from tests.waiting import eventually

__all__ = ["mosquitto"]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("source", "deaths", "seed"), [("zhenshi", 2, 3), ("dahua", 1, 4)])
def test_a_gate_that_is_killed_between_keeping_and_answering_tells_each_car_once(
    tmp_path: Path, source: str, deaths: int, seed: int
) -> None:
    played = play(tmp_path, source, cars=12, deaths=deaths, seed=seed)
    assert played.wrong == []
    assert played.deaths == deaths


@pytest.mark.server
@pytest.mark.parametrize("leads", ["camera", "reader"])
def test_a_gate_with_two_readers_tells_what_the_one_that_leads_says_and_keeps_both(
    tmp_path: Path, mosquitto: int, leads: str
) -> None:
    heard: list[Message] = []
    port = free_port()
    camera = f'source = "zhenshi"\nlisten = "127.0.0.1:{port}"\n[shadow]\nleads = "{leads}"\n'
    camera += f'source = "{tmp_path / "pictures"}"\npicture_shown_s = 0.5\n'
    gate, listener = GateProcess(tmp_path, mosquitto, camera=camera), listen(mosquitto, heard)
    try:
        gate.start()
        wait_for_port(port)
        body = posted("/in/zhenshi", zhenshi("浙A12345"))
        with urlopen(f"http://127.0.0.1:{port}/in/zhenshi", body.data) as answer:
            assert answer.status == 200
        told = "浙A12345" if leads == "camera" else "浙A88888"
        assert eventually(lambda: any(isinstance(each, Arrival) for each in heard))
        assert eventually(lambda: len(both(tmp_path / "data")) == 2)
    finally:
        gate.close()
        listener.disconnect()
        listener.loop_stop()
    assert {each.plate for each in heard if isinstance(each, Arrival)} == {told}
    assert both(tmp_path / "data") == {("camera", "浙A12345"), ("reader", "浙A88888")}


def both(data: Path) -> set[tuple[str, str]]:
    """What both told, as the gate's file has it."""
    path = data / "shadow.sqlite3"
    if not path.exists():
        return set()
    with closing(connect(path, "ro")) as db:
        return set(db.execute("select who, plate from passes").fetchall())


@pytest.mark.server
def test_a_gate_hears_frigate_on_its_mqtt_server(tmp_path: Path, mosquitto: int) -> None:
    heard: list[Message] = []
    camera = f'source = "frigate"\nlisten = "127.0.0.1:{free_port()}"\nmqtt_port = {mosquitto}\n'
    gate, listener = GateProcess(tmp_path, mosquitto, camera=camera), listen(mosquitto, heard)
    cameras = Client(CallbackAPIVersion.VERSION2)
    cameras.connect("127.0.0.1", mosquitto)
    cameras.loop_start()
    try:
        gate.start(("-m", "gate"))
        gate.wait_for("WATCHDOG=1")

        def has_come() -> bool:
            cameras.publish("frigate/tracked_object_update", json.dumps(frigate()), qos=1)
            return any(isinstance(each, Arrival) for each in heard)

        assert eventually(has_come)
    finally:
        gate.close()
        for client in (cameras, listener):
            client.disconnect()
            client.loop_stop()
    arrival = next(each for each in heard if isinstance(each, Arrival))
    assert (arrival.plate, arrival.is_uncertain) == ("浙A12345", False)
