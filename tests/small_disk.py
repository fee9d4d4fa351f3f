"""Real disks of a few megabytes for tests: one that can be filled, and a card that fails."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.disk import MB

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


@dataclass(frozen=True, slots=True)
class Card:
    """A memory card (ext4), mounted at ``folder``."""

    folder: Path

    def fail(self) -> None:
        """Be read-only from now on, whoever writes just now: so Linux answers a broken card."""
        errors = Path("/sys/fs/ext4", self._device.removeprefix("/dev/"), "trigger_fs_error")
        errors.write_text("a test's card")

    def replace(self) -> None:
        """Be looked over by a technician, and put back; nobody may have a file open."""
        device = self._device
        subprocess.run(["umount", self.folder], check=True)
        # 1: it has put something right.
        looked_over = subprocess.run(["fsck.ext4", "-fy", device], stdout=subprocess.DEVNULL)
        assert looked_over.returncode in (0, 1)
        subprocess.run(["mount", device, self.folder], check=True)

    @property
    def _device(self) -> str:
        found = ["findmnt", "--noheadings", "--output=SOURCE", str(self.folder)]
        return subprocess.run(found, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def card(image: Path, folder: Path, size_mb: int = 256) -> Iterator[Card]:
    """A card of this size at ``folder``, which is made; what it holds lies in ``image``."""
    folder.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(size_mb * MB)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    loop = ["losetup", "--find", "--show", str(image)]
    device = subprocess.run(loop, capture_output=True, text=True, check=True).stdout.strip()
    try:
        subprocess.run(["mount", "-o", "errors=remount-ro", device, folder], check=True)
        try:
            yield Card(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)
