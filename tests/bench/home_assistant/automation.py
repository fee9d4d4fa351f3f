"""A real Home Assistant for a bench: installed, begun as a person does, asked for its states."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from websockets.sync.client import connect

from tests.servers import free_ports
from tests.site import ROOT
from tests.waiting import eventually

VERSION = "2025.1.4"
"""The last that runs on Python 3.12."""
PLACE = ROOT / "build" / "home_assistant"
EXAMPLES = ROOT / "shared" / "examples" / "home_assistant"
PARTS = (
    *("mqtt", "frontend", "analytics", "application_credentials", "backup", "hardware", "logger"),
    *("network", "system_health", "person", "scene", "script", "tag", "zone", "counter", "timer"),
    *("input_boolean", "input_button", "input_datetime", "input_number", "input_select"),
    *("input_text", "schedule", "automation", "isal"),
)
_ABOUT_THE_START = ("Skipping pip installation", "Support for the running Python version")
_WANTED = """
import json, pathlib, sys
import homeassistant.components as parts
folder, todo, seen, found = pathlib.Path(list(parts.__path__)[0]), list(sys.argv[1:]), set(), set()
while todo:
    name = todo.pop()
    if name in seen or not (folder / name).is_dir():
        continue
    seen.add(name)
    manifest = json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))
    found.update(manifest.get("requirements", ()))
    todo += manifest.get("dependencies", ())
print(json.dumps(sorted(found)))
"""


def install(python: str) -> Path:
    """Home Assistant in an environment of its own; the Python that has it."""
    own = PLACE / "venv" / "bin" / "python"
    done = PLACE / f"installed-{VERSION}"
    if done.exists():
        return own
    PLACE.mkdir(parents=True, exist_ok=True)
    if python == sys.executable:
        venv.create(PLACE / "venv", with_pip=True)
    else:
        subprocess.run([python, "-m", "venv", PLACE / "venv"], check=True)
    pip = (own, "-m", "pip", "install", "-qq")
    subprocess.run([*pip, f"homeassistant=={VERSION}"], check=True)
    asked = subprocess.run([own, "-c", _WANTED, *PARTS], check=True, stdout=subprocess.PIPE)
    subprocess.run([*pip, *json.loads(asked.stdout)], check=True)
    done.touch()
    return own


@dataclass(slots=True)
class Automation:
    """A running Home Assistant; its client is the person who set it up."""

    folder: Path
    port: int
    token: str = ""
    seen: dict[str, list[str]] = field(default_factory=dict)
    """Every state that an entity was in, in order, as `look` found it."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def complaints(self) -> list[str]:
        """The warnings and errors of its log, but for those about how we started it."""
        lines = (self.folder / "home-assistant.log").read_text(encoding="utf-8").splitlines()
        serious = (line for line in lines if " WARNING " in line or " ERROR " in line)
        return [line for line in serious if not any(own in line for own in _ABOUT_THE_START)]

    def ask(self, path: str, body: object = None, *, is_form: bool = False) -> Any:
        """What it answers at ``path``; with a ``body``: to a POST."""
        head = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = None
        if is_form:
            data = urlencode(body).encode()  # type: ignore[arg-type]
        elif body is not None:
            data, head["Content-Type"] = json.dumps(body).encode(), "application/json"
        with urlopen(Request(self.url + path, data, head), timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def is_there(self) -> bool:
        """Whether it answers yet."""
        try:
            self.ask("/api/onboarding")
        except (URLError, OSError):
            return False
        return True

    def begin(self) -> None:
        """Make the first person, who may do everything."""
        who = {"name": "Tech", "username": "tech", "password": "a long one", "language": "zh-Hans"}
        made = self.ask("/api/onboarding/users", who | {"client_id": f"{self.url}/"})
        asked = {"grant_type": "authorization_code", "code": made["auth_code"]}
        given = self.ask("/auth/token", asked | {"client_id": f"{self.url}/"}, is_form=True)
        self.token = given["access_token"]

    def join(self, port: int, username: str, password: str) -> None:
        """Add the MQTT integration, with the site's MQTT server."""
        flows = "/api/config/config_entries/flow"
        flow = self.ask(flows, {"handler": "mqtt"})
        server = {"broker": "127.0.0.1", "port": port, "username": username, "password": password}
        ended = self.ask(f"{flows}/{flow['flow_id']}", server)
        assert ended["type"] == "create_entry", ended

    def look(self) -> dict[str, dict[str, Any]]:
        """The entities of the site, by id; and note their states."""
        found = {}
        for state in self.ask("/api/states"):
            if ".yingbin_" in state["entity_id"]:
                found[state["entity_id"]] = state
                were = self.seen.setdefault(state["entity_id"], [])
                if not were or were[-1] != state["state"]:
                    were.append(state["state"])
        return found

    def comes_to(self, entity_id: str, state: str, within_s: float = 90) -> bool:
        """Whether the entity gets into this state."""
        there = lambda: self.look().get(entity_id, {}).get("state") == state  # noqa: E731
        return eventually(there, within_s=within_s)

    def triggers(self, device_id: str) -> list[dict[str, Any]]:
        """The triggers for automations that the device offers."""
        with connect(f"ws://127.0.0.1:{self.port}/api/websocket") as socket:
            socket.recv()
            socket.send(json.dumps({"type": "auth", "access_token": self.token}))
            socket.recv()
            said = {"id": 1, "type": "device_automation/trigger/list", "device_id": device_id}
            socket.send(json.dumps(said))
            return [each for each in json.loads(socket.recv())["result"] if "subtype" in each]

    def device_of(self, entity_id: str) -> str:
        """The device that the entity belongs to."""
        text = f"{{{{ device_id('{entity_id}') }}}}"
        head = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = json.dumps({"template": text}).encode()
        with urlopen(Request(f"{self.url}/api/template", data, head), timeout=20) as answer:
            return str(answer.read().decode())


@contextmanager
def home_assistant(
    python: Path, folder: Path, port: int | None = None, more: str = ""
) -> Iterator[Automation]:
    """Home Assistant with an empty house, and ``more`` of its settings, until the block ends."""
    automation = Automation(folder, port or free_ports(1)[0])
    folder.mkdir(parents=True, exist_ok=True)
    settings = f"http:\n  server_host: 127.0.0.1\n  server_port: {automation.port}\n"
    settings += "frontend:\nautomation: !include automations.yaml\n"
    settings += "input_boolean:\n  light:\n    name: Light\n  tea:\n    name: Tea\n"
    settings += f"  lamp:\n    name: Lamp\n{more}"
    (folder / "configuration.yaml").write_text(settings, encoding="utf-8")
    (folder / "automations.yaml").write_text("[]\n", encoding="utf-8")
    blueprints = folder / "blueprints" / "automation" / "yingbin"
    blueprints.mkdir(parents=True)
    for path in EXAMPLES.glob("*.yaml"):
        (blueprints / path.name).write_bytes(path.read_bytes())
    command = [str(python), "-m", "homeassistant", "--config", str(folder), "--skip-pip"]
    with (folder / "console.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
    try:
        assert eventually(automation.is_there, within_s=180), "Home Assistant does not answer"
        yield automation
    finally:
        process.terminate()
        process.wait(60)
