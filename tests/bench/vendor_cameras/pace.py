"""Many cameras at one gate, and a real hub: how soon a posted car is an alert; memory."""

import http.client
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from shared.codec import read_delivery
from shared.messages import Alert, Arrival
from shared.plate import LETTERS
from shared.topics import ROOT
from tests.bench.handheld_site import site_toml
from tests.bench.hub_process import HubProcess
from tests.bench.vendor_cameras.played import is_there
from tests.flow.gate_process import SITE, GateProcess, free_port
from tests.gate.intake.bodies import posted, zhenshi
from tests.waiting import eventually

QUIET_S = 3.0
READS_OF_A_CAR = 5
"""A camera reads a car again and again while it rolls up: a second of it."""


@dataclass(slots=True)
class Pace:
    """When each plate was posted and published, by one stopwatch."""

    posted_s: dict[str, float] = field(default_factory=dict)
    published_s: dict[str, float] = field(default_factory=dict)
    alerted_s: dict[str, float] = field(default_factory=dict)
    """When the first phone could hear of it."""
    answered_ms: list[float] = field(default_factory=list)
    memory_mb: float = 0.0

    def took_ms(self, heard_s: dict[str, float]) -> list[float]:
        """How long each car took until it was heard there, the quickest first."""
        known = self.posted_s.keys() & heard_s.keys()
        return sorted(1000 * (heard_s[each] - self.posted_s[each]) for each in known)

    @property
    def lost(self) -> int:
        """How many never were an alert."""
        return len(self.posted_s.keys() - self.alerted_s.keys())


class Phone:
    """Hears what the gate tells, and what the hub alerts of it."""

    def __init__(self, port: int, pace: Pace) -> None:
        self._pace = pace
        self.client = Client(CallbackAPIVersion.VERSION2)
        self.client.on_message = self._hear
        self.client.connect("127.0.0.1", port)
        for topic in ("gate/+/arrival", "alert/role/+"):
            self.client.subscribe(f"{ROOT}/{SITE}/{topic}", qos=1)
        self.client.loop_start()

    def _hear(self, _client: Client, _data: object, raw: Any) -> None:
        told = read_delivery(raw.topic, bytes(raw.payload), site=SITE)
        if isinstance(told, Arrival):
            self._pace.published_s.setdefault(told.plate, time.monotonic())
        elif isinstance(told, Alert) and told.plate:
            self._pace.alerted_s.setdefault(told.plate, time.monotonic())

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def measure(folder: Path, mqtt_port: int, *, cameras: int, each_s: float, seconds: float) -> Pace:
    """Post a read every ``each_s`` seconds from each of the ``cameras``, for so long."""
    pace, port = Pace(), free_port()
    camera = f'source = "zhenshi"\nlisten = "127.0.0.1:{port}"\n'
    gate = GateProcess(folder, mqtt_port, camera=camera, is_watched=False)
    hub = HubProcess(folder, mqtt_port, "", people=site_toml(), policy="")
    (folder / "accounts.json").write_text("[]", encoding="utf-8")
    phone = Phone(mqtt_port, pace)
    try:
        hub.start()
        gate.start(("-m", "gate"))
        assert eventually(lambda: is_there(port))
        _post(port, pace, "浙Z00000", 0, _body())
        assert eventually(lambda: bool(pace.alerted_s)), hub.log
        threads = [
            threading.Thread(target=_camera, args=(port, pace, number, each_s, seconds))
            for number in range(1, cameras + 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        eventually(lambda: pace.lost == 0, within_s=QUIET_S)
        assert gate.process
        pace.memory_mb = _memory_mb(gate.process.pid)
    finally:
        gate.close()
        hub.stop()
        phone.stop()
    return pace


def _camera(port: int, pace: Pace, number: int, each_s: float, seconds: float) -> None:
    began_s, count, body = time.monotonic(), 0, _body()
    time.sleep(each_s * (number % 7) / 7)
    while (passed_s := time.monotonic() - began_s) < seconds:
        count += 1
        plate = f"浙{LETTERS[number]}{count // READS_OF_A_CAR * 37 % 100_000:05d}"
        _post(port, pace, plate, number, body)
        time.sleep(max(0.0, count * each_s - (time.monotonic() - began_s)))
    assert passed_s >= seconds


def _body() -> bytes:
    """A result with two pictures, in which number and moment are to be filled in."""
    tree = zhenshi("PLATE", 987_654_321)
    tree["AlarmInfoPlate"]["serialno"] = "CAMERA"
    result = tree["AlarmInfoPlate"]["result"]["PlateResult"]
    result["timeStamp"]["Timeval"] = {"sec": 123_454_321}
    result["imageFile"] *= 150
    return posted("/in/zhenshi", tree).data


def _post(port: int, pace: Pace, plate: str, number: int, body: bytes) -> None:
    data = body.replace(b"PLATE", plate.encode()).replace(b"CAMERA", b"camera-%d" % number)
    data = data.replace(b"987654321", b"%d" % len(pace.answered_ms))
    data = data.replace(b"123454321", b"%d" % time.time())
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    began_s = time.monotonic()
    pace.posted_s.setdefault(plate, began_s)
    connection.request("POST", "/in/zhenshi", data, {"Content-Type": "application/json"})
    assert connection.getresponse().read()
    pace.answered_ms.append(1000 * (time.monotonic() - began_s))
    connection.close()


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
