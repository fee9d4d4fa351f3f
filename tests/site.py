"""A whole site as a user starts it: ``yingbin up`` as its own process, and a look into its file."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from broker.launch.setup import Ports
from shared.sealed_file import connect
from tests.servers import client, free_ports, is_listening
from tests.waiting import CAME_AT_ALL_S, eventually

ROOT = Path(__file__).parent.parent
CARS = "select arrival_id from arrivals where arrival_id not like 'demo-%' order by rowid"
CHECK_INS = "select check_in_id from check_ins where check_in_id not like 'demo-%'"
"""What a running site was sent: without the days before the demo's start."""
FROM_THE_TREE = (sys.executable, str(ROOT / "yingbin.py"))


@dataclass(frozen=True, slots=True)
class RunningSite:
    """A running site: what ``yingbin up --json`` said, and its processes."""

    said: dict[str, Any]
    data: Path
    process: "subprocess.Popen[str]"

    @property
    def site(self) -> str:
        return str(self.said["site"])

    @property
    def mqtt_port(self) -> int:
        return int(str(self.said["mqtt"]).rsplit(":", 1)[1])

    def person(self, staff_id: str) -> dict[str, Any]:
        return next(person for person in self.said["people"] if person["staff_id"] == staff_id)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the hub's file."""
        return rows_of(self.data, sql)

    def pids(self, words: str) -> list[int]:
        """The processes below ``up`` whose command line holds ``words``."""
        found = subprocess.run(["pgrep", "-f", words], capture_output=True, text=True, check=False)
        ours = _below(self.process.pid)
        return [pid for pid in map(int, found.stdout.split()) if pid in ours]

    def kill(self, words: str) -> None:
        """kill −9 them."""
        for pid in self.pids(words):
            os.kill(pid, signal.SIGKILL)


def rows_of(data: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the hub's file of the site that lives in ``data``."""
    with closing(connect(data / "hub" / "hub.sqlite3", "ro")) as db:
        return db.execute(sql).fetchall()


@contextmanager
def running_site(
    data: Path,
    *options: str,
    log: TextIO | None = None,
    yingbin: Sequence[str] = FROM_THE_TREE,
    cwd: Path = ROOT,
    port: int | None = None,
) -> Iterator[RunningSite]:
    """``yingbin up``, until the block ends; without a ``port`` on free ones."""
    port = port or free_site_ports()
    command = [*yingbin, "up", "--json", "--host", "127.0.0.1"]
    command += ["--data", str(data), "--port", str(port), *options]
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        assert line, "yingbin up ended before it was ready"
        site = RunningSite(json.loads(line), data, process)
        assert hub_listens(site)
        yield site
    finally:
        process.terminate()
        process.communicate(timeout=CAME_AT_ALL_S)


def hub_listens(site: RunningSite) -> bool:
    """Whether the hub has come to the MQTT server: it subscribes before it says that it is there.

    A gate or tablet sends again until its receipt comes, a test's own client does not.
    """
    monitor = site.said["monitor"]
    with client(site.mqtt_port, monitor["username"], monitor["password"]) as watcher:
        watcher.listen(f"yingbin/v1/{site.site}/hub/status")
        return eventually(lambda: any(b'"online"' in payload for _, payload in watcher.heard))


def free_site_ports() -> int:
    """The first of a site's ports in a row, which nobody uses."""
    for port in free_ports(50):
        if port < 65_000 and not any(map(is_listening, Ports(port).all)):
            return port
    raise AssertionError("no free ports in a row")


def _below(pid: int) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True)
    parents = {
        int(child): int(parent)
        for child, parent in (line.split() for line in listed.stdout.splitlines()[1:])
    }
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found
