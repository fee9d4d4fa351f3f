"""The two machines that are compared: this one, and the emulated one of ``.ci/arm``."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from tests.kept_files import ROOT, kept_files

ENVIRONMENT = ".venv"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    status: int
    said: str
    """On stdout and, where it failed, on stderr."""
    took_s: float
    peak_mb: float
    """Of its largest process; an emulated one's with the emulator."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where commands of the project's environment are run."""

    entrance: tuple[str, ...]
    """The words before a command."""
    environment: Path
    """As commands there call it."""
    folder: Path
    """The project's copy there, as this machine calls it: commands start in it."""

    def run(self, program: str, *words: str) -> Ran:
        """What a program of the environment says."""
        return self.run_command(str(self.environment / "bin" / program), *words)

    def run_command(self, *words: str) -> Ran:
        """What any command says."""
        with TemporaryFile() as said, TemporaryFile() as warned:
            started_s = time.monotonic()
            process = subprocess.Popen(
                [*self.entrance, *words], cwd=ROOT, stdout=said, stderr=warned
            )
            _, ended, used = os.wait4(process.pid, 0)
            took_s = time.monotonic() - started_s
            process.returncode = os.waitstatus_to_exitcode(ended)
            said.seek(0)
            warned.seek(0)
            text = said.read() + (warned.read() if process.returncode else b"")
        return Ran(process.returncode, text.decode(), took_s, used.ru_maxrss / 1024)


HERE = Machine((), Path(sys.prefix), ROOT)
ARM = Machine(
    (str(ROOT / ".ci" / "arm"),),
    Path("/yingbin") / ENVIRONMENT,
    ROOT / "build" / "arm" / "root" / "yingbin",
)


def install() -> Ran:
    """Copy the project to the ARM machine, and install there what the locks name."""
    made = ARM.run_command("true")
    if made.status:
        return made
    for old in ARM.folder.iterdir():
        if old.is_dir() and old.name != ENVIRONMENT:
            shutil.rmtree(old)
        elif old.name != ENVIRONMENT:
            old.unlink()
    for name in kept_files():
        target = ARM.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    # The tests ask git which files are the project's.
    subprocess.run(["git", "init", "--quiet", str(ARM.folder)], check=True)
    return ARM.run_command("make", f"{ENVIRONMENT}/.testing")
