"""The units: systemd accepts them, they are locked down, and our libraries still work."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from broker.updating.installation import TRIAL, USUAL_ROOT
from broker.updating.services import UNITS as UPDATED
from shared.sealed_file import data_key_of, in_plain, sqlite3
from shared.sealing import seal
from tests.boot.sandbox import EXPOSURE_LIMIT

ROOT = Path(__file__).parent.parent
UPDATE = ROOT / "systemd" / "yingbin-update.service"
UNITS = sorted(path for path in (ROOT / "systemd").glob("*.service") if path != UPDATE)
PROGRAM = "/opt/yingbin/current/bin/yingbin"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)
each_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)

LIBRARIES = {
    "yingbin-gate": """
import cv2, numpy, onnxruntime
noise = numpy.random.default_rng(1).random((500, 500), numpy.float32)
picture = (noise @ noise).astype(numpy.uint8)
assert cv2.imdecode(cv2.imencode(".jpg", picture)[1], cv2.IMREAD_COLOR).shape == (500, 500, 3)
for model in sorted(pathlib.Path("gate/models").glob("*.onnx")):
    onnxruntime.InferenceSession(model.read_bytes(), providers=["CPUExecutionProvider"])
""",
    "yingbin-hub": """
import flask, msgspec, paho.mqtt.client, segno, sqlite_utils, waitress
from broker.certificates import issuing
site = issuing.make_authority("site", ["localhost"])
assert issuing.permitted(site, ["localhost", "bank.example"]) == {"localhost"}
from broker.certificates.machine_names import machine_names
assert machine_names() >= {"localhost", "127.0.0.1"}
""",
    "yingbin-kiosk": """
import flask, msgspec, paho.mqtt.client, sqlite_utils, waitress
""",
    "yingbin-mqtt": """
import amqtt.broker, socket, subprocess, sys
socket.create_server(("127.0.0.1", 0)).close()
subprocess.run([sys.executable, "-c", "import asyncio; asyncio.run(asyncio.sleep(0))"], check=True)
""",
}
"""What each program needs, used once; the sandbox has no file system or user of its own."""


def settings(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture
def installed(unit: Path, tmp_path: Path) -> Path:
    """``unit`` as on a site, but for the program, which stands where this machine has one."""
    text = unit.read_text(encoding="utf-8")
    assert PROGRAM in text
    readme = (ROOT / "README.md").as_uri()
    text = text.replace(PROGRAM, "/bin/true").replace("file:///opt/yingbin/README.md", readme)
    copy = tmp_path / unit.name
    copy.write_text(text, encoding="utf-8")
    return copy


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "SYSTEMD_COLORS": "0", "SYSTEMD_EMOJI": "0"}
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, env=environment, timeout=60
    )


def test_an_interrupted_update_goes_on_before_every_service() -> None:
    assert settings(UPDATE, "Before") == [" ".join(f"{name}.service" for name in UPDATED)]
    assert settings(UPDATE, "ExecStart") == ["/opt/yingbin/judge/bin/yingbin update --go-on"]
    assert settings(UPDATE, "ConditionPathExists") == [f"{USUAL_ROOT / TRIAL}"]
    assert set(UPDATED) == set(LIBRARIES)


@needs_systemd
def test_systemd_has_nothing_to_say_about_the_update(tmp_path: Path) -> None:
    text = UPDATE.read_text(encoding="utf-8").replace("/opt/yingbin/judge/bin/yingbin", "/bin/true")
    readme = (ROOT / "README.md").as_uri()
    copy = tmp_path / UPDATE.name
    copy.write_text(text.replace("file:///opt/yingbin/README.md", readme), encoding="utf-8")
    done = analyze("verify", "--man=no", str(copy))
    assert (done.stderr, done.returncode) == ("", 0)


@needs_systemd
@each_unit
def test_systemd_has_nothing_to_say_about_the_unit(installed: Path) -> None:
    done = analyze("verify", "--man=no", str(installed))
    assert (done.stderr, done.returncode) == ("", 0)  # misspelt keys only show on stderr


@needs_systemd
@each_unit
def test_the_unit_is_locked_down(installed: Path) -> None:
    done = analyze("security", "--offline=true", "--no-pager", str(installed))
    exposure = float(re.findall(r"exposure level for .*?: ([\d.]+)", done.stdout)[0])
    assert exposure <= EXPOSURE_LIMIT


def test_every_program_has_its_unit() -> None:
    assert [unit.stem for unit in UNITS] == sorted(LIBRARIES)


@each_unit
def test_the_unit_starts_its_own_program_and_never_gives_up(unit: Path) -> None:
    name = unit.stem.removeprefix("yingbin-")
    assert settings(unit, "ExecStart") == [f"{PROGRAM} {name} --config /etc/yingbin/{name}.toml"]
    assert settings(unit, "StateDirectory") == [f"yingbin/{name}"]
    assert settings(unit, "Type") == ["notify"]
    assert settings(unit, "Restart") == ["always"]
    assert settings(unit, "StartLimitIntervalSec") == ["0"]
    assert int(settings(unit, "WatchdogSec")[0]) <= 15


@each_unit
def test_one_program_cannot_read_what_another_keeps(unit: Path) -> None:
    name = unit.stem.removeprefix("yingbin-")
    covered = settings(unit, "TemporaryFileSystem")[0].split()
    assert "/var/lib/yingbin:ro" in covered  # and no list of folders: they may come later
    assert settings(unit, "BindPaths") == [f"/var/lib/yingbin/{name}"]
    hidden = " ".join(settings(unit, "InaccessiblePaths")).split()
    for other in (other.stem.removeprefix("yingbin-") for other in UNITS if other != unit):
        for ending in ("toml", "data.key") if other != "mqtt" else ("toml",):
            path = f"-/etc/yingbin/{other}.{ending}"
            assert "/etc/yingbin:ro" in covered or path in hidden


@pytest.mark.parametrize(
    ("name", "trusted"), [("gate", "certificates/site-ca.crt"), ("kiosk", "certificates")]
)
def test_gate_and_kiosk_see_no_settings_but_their_own(name: str, trusted: str) -> None:
    unit = ROOT / "systemd" / f"yingbin-{name}.service"
    assert "/etc/yingbin:ro" in settings(unit, "TemporaryFileSystem")[0].split()
    bound = " ".join(settings(unit, "BindReadOnlyPaths")).split()
    assert [path for path in bound if "/etc/" in path] == [
        f"-/etc/yingbin/{name}.toml",
        f"-/etc/yingbin/{name}.data.key",
        f"-/etc/yingbin/{trusted}",
    ]


def test_only_the_hub_s_program_can_vouch_for_a_server() -> None:
    hidden = " ".join(settings(ROOT / "systemd" / "yingbin-mqtt.service", "InaccessiblePaths"))
    assert "-/etc/yingbin/site-ca.key" in hidden.split()


@needs_systemd
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
@each_unit
def test_our_libraries_work_under_the_filters_of_the_unit(unit: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.sandbox", str(unit), LIBRARIES[unit.stem]],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=100,
    )
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("name", ["gate", "kiosk"])
def test_root_makes_a_program_s_data_key_once_before_it_starts(name: str, tmp_path: Path) -> None:
    """As after an update from a release whose files were in plain."""
    text = (ROOT / "systemd" / f"yingbin-{name}.service").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStartPre=-\+((?:.*\\\n)*.*)$", text, re.MULTILINE)
    own = f"{os.geteuid()}:{os.getegid()}"
    command = line.replace("\\\n", " ").replace("yingbin:yingbin", own)
    words = shlex.split(command.replace("/etc/yingbin", str(tmp_path)))

    def start() -> None:
        subprocess.run(words, check=True, timeout=60)

    key = tmp_path / f"{name}.data.key"
    start()
    assert not key.exists(), "this machine has no such program"
    (tmp_path / f"{name}.toml").touch()
    start()
    assert [path.name for path in sorted(tmp_path.iterdir())] == [key.name, f"{name}.toml"]
    assert key.stat().st_mode & 0o777 == 0o600
    made = key.read_text("ascii")
    assert re.fullmatch("[0-9a-f]{96}", made)
    start()
    assert key.read_text("ascii") == made

    data = tmp_path / "data"
    data.mkdir()
    with closing(sqlite3.connect(data / "any.sqlite3")) as plain:
        plain.execute("create table a (b)")
    key.chmod(0o400)
    seal(data, data_key_of(tmp_path / f"{name}.toml"))
    assert list(in_plain(data)) == []
