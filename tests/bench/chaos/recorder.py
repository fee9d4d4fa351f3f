"""A process with a disk and a clock that a bench can spoil: builds and steers ``recorder.c``."""

import mmap
import os
import struct
import subprocess
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

SOURCE = Path(__file__).with_name("recorder.c")
_CONTROL = struct.Struct("=qqqq32s")
_NS = 1_000_000_000
ENOUGH = -1
"""So many free bytes: all that anybody wants."""


def build(folder: Path) -> Path:
    """The compiled library, in ``folder``."""
    library = folder / "recorder.so"
    command = ["gcc", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


@dataclass(frozen=True)
class Recorder:
    """Where a recorded process works, and what happens to its disk and its clock."""

    root: Path
    """Holds the disk, the log and the control file."""

    @property
    def disk(self) -> Path:
        """The folder whose changes are recorded."""
        return self.root / "disk"

    @property
    def log(self) -> Path:
        """The record."""
        return self.root / "log"

    def prepare(self) -> None:
        """Make the folders and files; call it before the process starts."""
        self.disk.mkdir(parents=True)
        (self.root / "control").write_bytes(_CONTROL.pack(0, 0, ENOUGH, 0, b""))

    def environment(self, library: Path) -> dict[str, str]:
        """What the recorded process must find around it."""
        return os.environ | {
            "LD_PRELOAD": str(library),
            "CHAOS_FOLDER": str(self.disk),
            "CHAOS_LOG": str(self.log),
            "CHAOS_CONTROL": str(self.root / "control"),
        }

    def forget(self) -> None:
        """Empty the log: what is on the disk now is where the record begins."""
        os.truncate(self.log, 0)

    def pass_s(self, seconds: float) -> None:
        """Let time pass, for the clock and for the stopwatch."""
        wall, running, *rest = self._read()
        self._write(wall + round(seconds * _NS), running + round(seconds * _NS), *rest)

    def set_clock(self, seconds: float) -> None:
        """Set the clock forward or back; no time passes."""
        wall, *rest = self._read()
        self._write(wall + round(seconds * _NS), *rest)

    def begin_at(self, moment: datetime, real: datetime) -> None:
        """Let the clock show ``moment`` at the ``real`` one."""
        _, *rest = self._read()
        self._write(round((moment - real).total_seconds() * _NS), *rest)

    def spoil_disk(self, part: str, *, free: int = ENOUGH, is_read_only: bool = False) -> None:
        """Leave ``free`` bytes on the disk of ``part``, a folder's name, or make it read-only."""
        wall, running, *_ = self._read()
        self._write(wall, running, free, int(is_read_only), f"{part}/".encode())

    def mend_disk(self) -> None:
        """There is room again, and all may be written."""
        wall, running, *_ = self._read()
        self._write(wall, running, ENOUGH, 0, b"")

    @cached_property
    def _memory(self) -> mmap.mmap:
        with (self.root / "control").open("r+b") as file:
            return mmap.mmap(file.fileno(), _CONTROL.size)

    def _read(self) -> tuple[int, int, int, int, bytes]:
        wall, running, free, is_read_only, victim = _CONTROL.unpack(self._memory[:])
        return wall, running, free, is_read_only, victim

    def _write(self, *values: object) -> None:
        self._memory[:] = _CONTROL.pack(*values)
