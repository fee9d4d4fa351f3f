"""A machine for updates: a root folder, ``systemctl``, and what systemd does with our services.

``systemctl`` is a small program in a folder of its own that an update finds first. It writes what
is wanted; a thread of the test starts, restarts and watches the services, as systemd would.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from broker.updating.installation import Installation
from tests.waiting import CAME_AT_ALL_S, eventually

DRIVER = Path(__file__).with_name("driver.py")
SYSTEMCTL = """#!{python}
import json, pathlib, sys, time
folder, words = pathlib.Path("{folder}"), [w for w in sys.argv[1:] if not w.startswith("--")]
path = lambda unit: folder / (unit + ".json")
if words[0] in ("start", "stop"):
    for unit in words[1:]:
        wanted = folder / (unit + ".wanted")
        wanted.touch() if words[0] == "start" else wanted.unlink(missing_ok=True)
        while words[0] == "stop" and json.loads(path(unit).read_text())["state"] != "inactive":
            time.sleep(0.01)
elif words[0] == "show":
    known = json.loads(path(words[1]).read_text()) if path(words[1]).exists() else None
    state, file = (known["state"], "enabled") if known else ("inactive", "")
    print("ActiveState=" + state, "UnitFileState=" + file, sep="\\n")
    print("NRestarts=" + str(known["restarts"] if known else 0))
"""


Said = subprocess.CompletedProcess[str]


@dataclass
class Unit:
    """A service as systemd sees it."""

    name: str
    command: Sequence[str | Path]
    ready: socket.socket
    process: "subprocess.Popen[bytes] | None" = None
    restarts: int = 0
    state: str = "inactive"

    def turn(self, folder: Path, log: Path) -> None:
        """Look once: start, restart, stop, and write how it does."""
        is_wanted = (folder / f"{self.name}.wanted").exists()
        if self.process is not None and not is_wanted:
            self.cut(signal.SIGTERM)
        elif self.process is None and is_wanted:
            self.restarts = 0
            self._start(folder, log)
        elif self.process is not None and self.process.poll() is not None:
            self.restarts += 1
            self._start(folder, log)
        with suppress(BlockingIOError):
            is_told = b"READY=1" in self.ready.recv(4096)  # perhaps by one that was ended just now
            if is_told and self.process is not None:
                self.state = "active"
        fresh = folder / f"{self.name}.new"
        fresh.write_text(json.dumps({"state": self.state, "restarts": self.restarts}))
        fresh.replace(folder / f"{self.name}.json")

    def cut(self, number: signal.Signals) -> None:
        """End the process, and with SIGKILL what it has started as well."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                (os.killpg if number == signal.SIGKILL else os.kill)(self.process.pid, number)
            self.process.wait()
        self.process, self.state = None, "inactive"

    def _start(self, folder: Path, log: Path) -> None:
        with suppress(BlockingIOError):
            while self.ready.recv(4096):
                pass  # what the last process said
        environment = {**os.environ, "NOTIFY_SOCKET": str(folder / f"{self.name}.sock")}
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                list(map(str, self.command)),
                env=environment,
                cwd="/",
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.state = "activating"


@dataclass
class Machine:
    """The root folder, the site's settings, and the services."""

    folder: Path
    programs: tuple[str, ...] = ("hub",)
    units: list[Unit] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.folder / "opt"

    @property
    def config(self) -> Path:
        return self.folder / "etc"

    @property
    def unit_file(self) -> Path:
        """The hub's, as systemd reads it."""
        return self.folder / "systemd" / "yingbin-hub.service"

    @property
    def installation(self) -> Installation:
        return Installation(self.root)

    @property
    def log(self) -> str:
        """What the services said."""
        return (self.folder / "log").read_text("utf-8", "replace")

    @property
    def is_up(self) -> bool:
        return all(unit.state == "active" for unit in self.units)

    def update(
        self, *words: str | Path, dies_at: str = "", within_s: float = CAME_AT_ALL_S
    ) -> Said:
        """``yingbin update`` of this tree; ``dies_at``: killed at that point of its way."""
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        command = [sys.executable, DRIVER, dies_at, str(within_s), *words]
        places = ["--root", self.root, "--config", self.config, "--units", self.unit_file.parent]
        return subprocess.run(
            [*map(str, command), *map(str, places)],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def start(self) -> None:
        """Start what is enabled."""
        for unit in self.units:
            (self._state / f"{unit.name}.wanted").touch()

    def cut_power(self) -> None:
        """Everything stops at once, also a ``systemctl`` that outlived the update."""

        def is_off() -> bool:
            for unit in self.units:
                (self._state / f"{unit.name}.wanted").unlink(missing_ok=True)
            return all(unit.state == "inactive" for unit in self.units)

        assert eventually(is_off)

    def boot(self) -> None:
        """What systemd does at the machine's start: our unit for updates first."""
        self.update("--go-on")
        self.start()

    @property
    def _state(self) -> Path:
        return self.folder / "state"

    def prepare(self) -> None:
        """Make the folders and ``systemctl``."""
        units = self.unit_file.parent
        for folder in (self.root, self.config, self._state, self.folder / "bin", units):
            folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "log").touch()
        systemctl = self.folder / "bin" / "systemctl"
        systemctl.write_text(SYSTEMCTL.format(python=sys.executable, folder=self._state))
        systemctl.chmod(0o755)
        for program in self.programs:
            ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            ready.setblocking(False)
            ready.bind(str(self._state / f"yingbin-{program}.sock"))
            yingbin = self.root / "current" / "bin" / "yingbin"
            config = self.config / f"{program}.toml"
            command = (yingbin, program, "--config", config)
            self.units.append(Unit(f"yingbin-{program}", command, ready))

    def run(self, is_over: threading.Event) -> None:
        """Be systemd until ``is_over``."""
        while not is_over.wait(0.02):
            for unit in self.units:
                unit.turn(self._state, self.folder / "log")


@contextmanager
def machine_in(folder: Path, programs: tuple[str, ...] = ("hub",)) -> Iterator[Machine]:
    """A machine whose services end with the block."""
    machine, is_over = Machine(folder, programs), threading.Event()
    machine.prepare()
    systemd = threading.Thread(target=machine.run, args=(is_over,))
    systemd.start()
    try:
        yield machine
    finally:
        is_over.set()
        systemd.join()
        for unit in machine.units:
            unit.cut(signal.SIGKILL)
            unit.ready.close()
