"""Reads of compiled files for which machine they are, and for which size of memory pages."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

AARCH64 = 183
"""EM_AARCH64 of elf.h."""
LOAD = 1
"""PT_LOAD of elf.h."""
LARGEST_PAGE = 0x4000
"""The Raspberry Pi 5's kernel has pages of 16 KB and loads no file laid out for smaller ones."""
_HEADER = struct.Struct("<4sBB10xHH12xQ14xHH")
"""Magic, class, byte order; type and machine; where segments are described, how long, how many."""
_SEGMENT = struct.Struct("<I44xQ")
"""Kind and alignment."""


class Compiled(NamedTuple):
    """A compiled file."""

    path: Path
    machine: int
    alignment: int
    """The smallest of the segments that are loaded."""

    @property
    def fits(self) -> bool:
        """Whether a 64-bit Raspberry Pi loads it, whatever its pages."""
        return self.machine == AARCH64 and self.alignment >= LARGEST_PAGE


def compiled_below(folder: Path) -> Iterator[Compiled]:
    """The programs and libraries (64-bit ELF) below ``folder``."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and (found := read_compiled(path)):
            yield found


def read_compiled(path: Path) -> Compiled | None:
    """What ``path`` says of itself; None if it is no such file, or nothing of it is loaded."""
    with path.open("rb") as file:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return None
        magic, bits, order, _, machine, start, size, count = _HEADER.unpack(head)
        if (magic, bits, order) != (b"\x7fELF", 2, 1):
            return None
        file.seek(start)
        segments = [_SEGMENT.unpack_from(file.read(size)) for _ in range(count)]
    loaded = [alignment for kind, alignment in segments if kind == LOAD]
    return Compiled(path, machine, min(loaded)) if loaded else None
