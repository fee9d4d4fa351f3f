"""An environment of its own for each reader, made by the command that needs it."""

import subprocess
import sys
from pathlib import Path

from tests.bench.peers.roster import Peer
from tests.site import ROOT

FOLDER = ROOT / "build" / "peers"
_STAMP = "installed"
_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")


class NotInstalledError(Exception):
    """A reader that cannot be had here, with the last line of why."""


def python_of(peer: Peer) -> Path:
    """The Python of the reader's environment, which is made where it is missing.

    Raises: NotInstalledError.
    """
    folder = FOLDER / peer.environment
    python, stamp = folder / "bin" / "python", folder / _STAMP
    wanted = repr(peer.install)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"{peer.name}: making {folder.relative_to(ROOT)} …", file=sys.stderr, flush=True)
    if not python.exists():
        _run(sys.executable, "-m", "venv", str(folder))
    for packages in peer.install:
        _run(str(python), *_PIP, *packages)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def size_mb(peer: Peer) -> float:
    """What the environment takes on the disk, pip included."""
    files = (FOLDER / peer.environment).rglob("*")
    taken = sum(path.lstat().st_blocks for path in files if not path.is_symlink())
    return taken * 512 / 2**20


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise NotInstalledError(lines[-1])
