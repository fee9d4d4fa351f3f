"""The kiosk as systemd runs it: a real process, the MQTT server away."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.settings import KioskSettings
from tests.kiosk.house import settings
from tests.waiting import CAME_AT_ALL_S, while_busy

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def write_config(path: Path, kiosk: KioskSettings, mqtt_port: int) -> Path:
    """The keys that a real start needs, as TOML; JSON's strings and numbers are TOML's."""
    keys = ("site", "kiosk_id", "data_dir", "site_name", "listen_port", "pin", "secret_key")
    lines = [f"{key} = {json.dumps(getattr(kiosk, key))}" for key in keys]
    mqtt = f'[mqtt]\nport = {mqtt_port}\nusername = "kiosk"\npassword = "unused"'
    path.write_text("\n".join([*lines, 'listen_host = "127.0.0.1"', mqtt]), encoding="utf-8")
    return path


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def config(tmp_path: Path, port: int) -> Path:
    kiosk = settings(data_dir=str(tmp_path / "data"), listen_port=port)
    return write_config(tmp_path / "kiosk.toml", kiosk, mqtt_port=free_port())


@pytest.fixture
def notified(tmp_path: Path) -> Iterator[socket.socket]:
    """Where systemd would listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(CAME_AT_ALL_S)
        yield listener


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=CAME_AT_ALL_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_kiosk_serves_without_the_mqtt_server_and_ends_cleanly(
    config: Path, port: int, notified: socket.socket
) -> None:
    command = [sys.executable, "-m", "kiosk", "--config", str(config)]
    environment = {"NOTIFY_SOCKET": notified.getsockname(), "PYTHONWARNINGS": "error"}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            assert notified.recv(100) == b"READY=1"
            assert status_of(port, "/health") == 200
            assert status_of(port, "/login") == 200
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(CAME_AT_ALL_S) == 0
            assert time.monotonic() - started < while_busy(5)
        finally:
            process.kill()
    assert notified.recv(100) == b"STOPPING=1"


def test_a_missing_settings_file_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(tmp_path / "kiosk.toml")]) == 1
    assert "there is no such file" in capsys.readouterr().err


def test_a_port_that_another_program_has_is_said_in_one_sentence(
    config: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert main(["--config", str(config)]) == 1
    assert f"127.0.0.1:{port}: cannot listen there" in capsys.readouterr().err
