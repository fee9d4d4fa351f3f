"""Installs a release beside the one that runs, which does not notice; needs no network."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from broker.updating.installation import COMPLETE, LIBRARIES, RELEASES, Installation
from broker.updating.release_file import Manifest, Version, unpack_release
from broker.updating.signature import Keys
from shared.errors import OperatorError
from shared.replacing import flush

SPARE_BYTES = 200_000_000
"""Left free after an update: a busy day's data, and room to go back."""
_UNPACKED = ".unpacked-"
_AT_MOST_S = 1800.0
_PIP = ("-m", "pip", "--isolated", "--disable-pip-version-check", "--quiet")
_INSTALL = ("install", "--no-index", "--no-deps", "--no-cache-dir", "--no-compile")


def refuse_unfit(manifest: Manifest, installed: Version) -> None:
    """Refuse a release that is not for this machine, or not newer than what is installed.

    Raises:
        OperatorError: says which.
    """
    version = Version.of(manifest.version)
    if version <= installed:
        raise OperatorError("error.release_older", version=version, installed=installed)
    machine, python = platform.machine(), sysconfig.get_python_version()
    if manifest.machine not in (None, machine):
        raise OperatorError("error.release_machine", wanted=manifest.machine, machine=machine)
    if manifest.python not in (None, python):
        raise OperatorError("error.release_python", wanted=manifest.python, python=python)


def refuse_without_room(root: Path, manifest: Manifest, more: int) -> None:
    """Refuse a release that would not fit on the disk, with ``more`` bytes for a backup.

    Raises:
        OperatorError: says how much is missing.
    """
    packed = sum(wheel.size for wheel in manifest.wheels)
    needed = manifest.unpacked + packed + more + SPARE_BYTES
    free = shutil.disk_usage(root).free
    if free < needed:
        missing = -(-(needed - free) // 1_000_000)
        raise OperatorError("error.release_room", folder=root, mb=missing)


def place(installation: Installation, file: Path, keys: Keys, manifest: Manifest) -> str:
    """Install the release ``file``; the name of its environment. All of it is on the disk then.

    Raises:
        OperatorError: it cannot be installed, or not even imported. What runs is as before.
    """
    root, name = installation.root, f"{RELEASES}/{manifest.version}"
    target, mark = root / name, msgspec.json.encode(manifest)
    complete = target / COMPLETE
    if complete.is_file() and complete.read_bytes() == mark:
        return name
    shutil.rmtree(target, ignore_errors=True)
    for left in root.glob(f"{_UNPACKED}*"):
        shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=_UNPACKED, dir=root) as folder:
        wheels = Path(folder)
        unpack_release(file, keys, wheels)
        libraries = _libraries(root, wheels, manifest)
        _environment(target, libraries, wheels / manifest.own.name)
        _run([installation.program(name), "version", "--whole"], wheels)
    if str(installation.version(name)) != manifest.version:
        raise OperatorError("error.release_damaged", path=file, problem=installation.version(name))
    os.sync()
    complete.write_bytes(mark)
    flush(complete)
    flush(target)
    return name


def _libraries(root: Path, wheels: Path, manifest: Manifest) -> Path:
    """The folder with the libraries of this release, which others may have brought already."""
    done = root / LIBRARIES / manifest.libraries
    if not done.is_dir():
        begun = done.with_name(f".{done.name}.part")
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir(parents=True)
        every = [wheels / wheel.name for wheel in manifest.wheels[1:]]
        if every:
            _run([sys.executable, *_PIP, *_INSTALL, "--target", begun, *every], wheels)
        os.sync()
        begun.replace(done)
    return done


def _environment(target: Path, libraries: Path, wheel: Path) -> None:
    """Make an environment of our own wheel and the libraries."""
    _run([sys.executable, "-m", "venv", "--without-pip", target], wheel.parent)
    python = target / "bin" / "python"
    _run([sys.executable, *_PIP, "--python", python, *_INSTALL, wheel], wheel.parent)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(target)}))
    (target / LIBRARIES).symlink_to(Path("..", "..", LIBRARIES, libraries.name))
    (packages / f"{LIBRARIES}.pth").write_text(f"{libraries}\n", encoding="utf-8")


def _run(command: Sequence[str | Path], scratch: Path) -> None:
    """Run ``command``, which may leave byte code behind: the services may not write it later.

    ``scratch``: a folder with room; a Pi's ``/tmp`` may be a part of its memory.

    Raises:
        OperatorError: it fails; with the last lines that it said.
    """
    words = ["env", "-u", "PYTHONDONTWRITEBYTECODE", f"TMPDIR={scratch}", *map(str, command)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_AT_MOST_S)
    except subprocess.TimeoutExpired as error:
        raise OperatorError("error.release_install", problem=error) from error
    if done.returncode != 0:
        last = " ".join(done.stderr.strip().splitlines()[-2:])
        raise OperatorError("error.release_install", problem=last or done.returncode)
