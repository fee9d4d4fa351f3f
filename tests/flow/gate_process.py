"""The gate program as a process of its own, and a client that hears what it publishes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from shared.codec import read_delivery
from shared.messages import Message
from shared.topics import ROOT
from tests.gate.files import write_picture
from tests.servers import wait_for_port
from tests.waiting import CAME_AT_ALL_S

PROJECT = Path(__file__).parents[2]
SITE = "xihu"
FAKE_READER = ("-m", "tests.flow.gate_with_fake_reader")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(slots=True)
class GateProcess:
    """One gate program below ``folder``."""

    folder: Path
    port: int = 9
    source: str = ""
    camera: str = ""
    """What stands in ``[camera]``; empty: a folder of pictures."""
    is_watched: bool = True
    """Whether somebody reads its state and its log: it waits for that."""
    process: subprocess.Popen[str] | None = None
    told: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.told.bind(str(self.folder / "notify"))
        self.told.settimeout(CAME_AT_ALL_S)

    def start(self, program: Sequence[str] = FAKE_READER, more: Sequence[str] = ()) -> None:
        """Start the ``program``, of which ``more`` are further words."""
        if self.process:
            self.process.communicate()
        write_picture(self.folder / "pictures" / "a.png", 90)
        source = self.source or str(self.folder / "pictures")
        camera = self.camera or f'source = "{source}"\npicture_shown_s = 0.5\n'
        config = self.folder / "gate.toml"
        config.write_text(
            f'site = "{SITE}"\ngate_id = "north"\ndata_dir = "{self.folder / "data"}"\n'
            f"[camera]\n{camera}"
            f'[mqtt]\nport = {self.port}\nusername = "g"\npassword = "p"\n',
            encoding="utf-8",
        )
        watched = {"NOTIFY_SOCKET": str(self.folder / "notify")} if self.is_watched else {}
        self.process = subprocess.Popen(
            [sys.executable, *program, "--config", str(config), *more],
            cwd=PROJECT,
            env=os.environ | watched,
            stderr=subprocess.PIPE if self.is_watched else subprocess.DEVNULL,
            text=True,
        )

    def wait_for(self, state: str) -> None:
        """Until systemd would have heard ``state``."""
        while self.told.recv(100).decode() != state:
            pass

    def end(self, number: signal.Signals) -> tuple[float, int, str]:
        """How many seconds it took to end, its status, and what it logged."""
        assert self.process
        started_s = time.monotonic()
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=CAME_AT_ALL_S)
        return time.monotonic() - started_s, self.process.returncode, said

    def close(self) -> None:
        self.told.close()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[int]:
    """The port of a real MQTT server that lets everyone in."""
    port = free_port()
    config = tmp_path / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")
    command = [os.environ.get("MOSQUITTO", "/usr/sbin/mosquitto"), "-c", str(config)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for_port(port)
    yield port
    server.kill()
    server.wait()


def listen(port: int, heard: list[Message]) -> Client:
    """A client of its own that puts every message of the site into ``heard``."""
    listener = Client(CallbackAPIVersion.VERSION2)
    listener.on_message = lambda _client, _data, got: heard.append(
        read_delivery(got.topic, bytes(got.payload), site=SITE)
    )
    listener.connect("127.0.0.1", port)
    listener.subscribe(f"{ROOT}/{SITE}/#", qos=1)
    listener.loop_start()
    return listener
