"""The real hub as its own process, for a bench: started, killed without warning, started again."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.fakes import SITE
from tests.servers import free_ports
from tests.site import ROOT
from tests.waiting import eventually


class HubProcess:
    """``broker hub`` on the files in ``folder``; ``pid`` changes with each start."""

    def __init__(
        self,
        folder: Path,
        mqtt_port: int,
        password: str,
        *,
        people: str,
        policy: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._folder, self._starts, self._environment = folder, 0, environment
        self._process: subprocess.Popen[bytes] | None = None
        (self._web_port,) = free_ports(1)
        (folder / "policy.toml").write_text(policy, encoding="utf-8")
        (folder / "site.toml").write_text(people, encoding="utf-8")
        self._config = folder / "hub.toml"
        settings = hub_toml(folder, mqtt_port, self._web_port, password)
        self._config.write_text(settings, encoding="utf-8")

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self._web_port}"

    def tell_pages(self, ws_port: int) -> None:
        """From its next start its pages reach the MQTT server at ``ws_port``."""
        settings = self._config.read_text(encoding="utf-8")
        self._config.write_text(f"mqtt_ws_port = {ws_port}\n{settings}", encoding="utf-8")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def file(self) -> Path:
        """Its SQLite file."""
        return self._folder / "hub" / "hub.sqlite3"

    def start(self, *, is_awaited: bool = True) -> None:
        """Start it unless it runs; wait until it is connected."""
        if self.is_running:
            return
        self._starts += 1
        self._log = self._folder / f"hub{self._starts}.log"
        command = [sys.executable, "-m", "broker", "hub", "--config", str(self._config)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL, stderr=log
            )
        if is_awaited and not eventually(self.is_connected):
            raise SystemExit(self.log)

    @property
    def log(self) -> str:
        """What it said since its last start."""
        return self._log.read_text(encoding="utf-8")

    def is_connected(self) -> bool:
        """Whether it was, since its last start."""
        return "connected to the MQTT server" in self.log

    def kill(self) -> None:
        """kill −9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Let it end in order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)


def hub_toml(folder: Path, port: int, web_port: int, password: str) -> str:
    """The hub's settings."""
    return f"""\
site = "{SITE}"
site_name = "bench"
data_dir = "{folder}/hub"
site_file = "{folder}/site.toml"
accounts_file = "{folder}/accounts.json"
secret_key = "bench"
listen_host = "127.0.0.1"
listen_port = {web_port}
policy_file = "{folder}/policy.toml"
[mqtt]
port = {port}
username = "hub"
password = "{password}"
"""
