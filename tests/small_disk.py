"""A real disk of a few megabytes for tests: a tmpfs that can be filled and made read-only."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BLOCK = bytes(4096)


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """Mounted at ``folder``."""

    folder: Path

    def fill(self) -> None:
        """Let somebody else take all the room that is left."""
        number = os.open(self.folder / "somebody's", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            while True:
                os.write(number, BLOCK)
        except OSError:
            os.close(number)

    def make_room(self) -> None:
        """Give that room back."""
        (self.folder / "somebody's").unlink()

    def become(self, how: str) -> None:
        """Be mounted anew: ``ro`` or ``rw``; no file may be open for writing."""
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)


@contextmanager
def small_disk(folder: Path, size_mb: int = 96) -> Iterator[SmallDisk]:
    """A disk of this size at ``folder``, which is made."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", folder], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
