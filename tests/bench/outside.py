"""What our programs and commands reach or write outside their own folders, under strace.

python -m tests.bench.outside [--demo-s 40]

With an empty HOME, and nothing that tells a library that it is being tested. Whoever takes newer
releases of what we lean on (`make lock UPGRADE=1`) runs this.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yingbin
from broker.local.lan_address import lan_address
from tests.site import FROM_THE_TREE, ROOT, free_site_ports

STRACE = "strace -f -qq --seccomp-bpf -e signal=none -e trace=connect,sendto,sendmsg,openat,mkdirat"
TRACED = (
    *STRACE.split(),
    "-e",
    "trace=open,creat,mkdir,rename,renameat,renameat2,linkat,symlinkat",
)
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_NAMED = re.compile(r'"(/[^"]*)"')
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|^\S*\s*(?:creat|mkdir|rename|link|symlink)")
PROBE = "192.0.2.1"
"""Where `lan_address` looks up a route, and sends nothing."""
DNS = "53"
HERE_ONLY = ("127.", "::1", "::ffff:127.", "0.0.0.0")
NO_FILES = ("/dev/", "/proc/", "/sys/")
BYTE_CODE = "/__pycache__"
"""Python keeps it beside the modules; nothing of the site is in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site is tried out."""

    folder: Path
    port: int

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def env(self) -> dict[str, str]:
        """Of a user who has nothing: an empty HOME, no word of tests."""
        home, temporary = self.folder / "home", self.folder / "tmp"
        home.mkdir(exist_ok=True)
        temporary.mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return {**kept, "HOME": str(home), "TMPDIR": str(temporary)}


def commands(place: Place) -> dict[str, list[list[str]]]:
    """Each command of ours, as it is tried; ``up`` runs the gate, tablet, hub and MQTT server."""
    data, out = str(place.data), place.folder / "out"
    at = ("--host", "127.0.0.1", "--port", str(place.port))
    hub = ["--config", str(place.data / "hub.toml")]
    picture = next((ROOT / "tests" / "scenarios").glob("*.yaml"))
    return {
        "up": [["up", "--demo", "--json", *at, "--data", data]],
        "doctor": [["doctor", "--data", data]],
        "head": [["head", *hub]],
        "clock": [["clock", *hub]],
        "certificates": [["certificates", *hub]],
        "person": [["person", "find", *hub, "--phone", "13800008000"]],
        "customers": [["customers", "--help"]],
        "backup": [["backup", "--data", data, "--to", str(out)]],
        "verify": [["verify", *hub, "--public", str(out / "chain.jsonl")]],
        "replay": [["replay", *hub]],
        "explain": [["explain", *hub, "nobody"]],
        "drill": [["drill", *hub, "--from", str(out)]],
        "restore": [["restore", "--help"]],
        "update": [["update", "--help"]],
        "scenario": [["scenario", str(picture)]],
        "read": [["read", str(ROOT / ".github" / "pictures")]],
        "setup": [["setup", "--config", str(out / "etc"), "--state", str(out / "lib")]],
        "gate": [["gate", "--help"]],
        "kiosk": [["kiosk", "--help"]],
        "hub": [["hub", "--help"]],
        "mqtt": [["mqtt", "--help"]],
        "version": [["version"]],
    }


def traced(place: Place, words: list[str], log: Path, for_s: float | None) -> int:
    """How a command ended under strace; ``for_s``: it would go on for ever."""
    with (place.folder / "said").open("ab") as said:
        run = [*TRACED, "-o", str(log), *FROM_THE_TREE, *words]
        process = subprocess.Popen(
            run, cwd=place.folder, env=place.env, stdout=said, stderr=said, start_new_session=True
        )
        try:
            return process.wait(for_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 15)
            return process.wait(120)


def outside(trace: str, own: Path) -> Iterator[str]:
    """The addresses off this machine in strace's words, and the files written outside ``own``."""
    ours = {PROBE, lan_address()}
    for line in trace.splitlines():
        for first, other in _ADDRESS.findall(line):
            address, port = first or other, _PORT.search(line)
            is_here = address.startswith(HERE_ONLY) or address in ours
            if not is_here or (port and port[1] == DNS):
                yield f"reaches {address} port {port[1] if port else '?'}"
        if _WRITES.search(line) and " = -1 " not in line:
            for name in _NAMED.findall(line):
                is_ours = name.startswith((str(own), *NO_FILES)) or BYTE_CODE in name
                if not is_ours:
                    yield f"writes {name}"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo-s", type=float, default=40.0)
    asked = parser.parse_args(words)
    found = 0
    with tempfile.TemporaryDirectory(prefix="yingbin-outside-") as folder:
        place = Place(Path(folder), free_site_ports())
        (place.folder / "out").mkdir()
        tried = commands(place)
        assert tried.keys() == yingbin.COMMANDS.keys(), "each command has to be tried"
        for name, runs in tried.items():
            log = place.folder / "trace"
            ended = [
                traced(place, run, log, asked.demo_s if name == "up" else None) for run in runs
            ]
            assert place.data.joinpath("hub", "hub.sqlite3").exists(), "no site was up"
            told = sorted(set(outside(log.read_text(errors="replace"), place.folder)))
            print(
                f"{name} (ended with {ended}): {'nothing outside' if not told else ''}",
                *told,
                sep="\n  ",
            )
            found += len(told)
        left = [str(path) for path in (place.folder / "home").rglob("*")]
        print(f"HOME: {left or 'empty'}")
    return int(bool(found or left))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
