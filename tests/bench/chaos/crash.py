"""Puts a recorded folder together as it lay on the disk at some moment, also after a power cut.

Each folder in it is a disk of its own. What a power cut leaves: all that an fsync had made safe; of
later writes any of their sectors; of later changes of names the first few, in order, as a file
system with a journal keeps them. An fsync of any file makes all earlier changes of names safe, too.
"""

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path, PurePosixPath
from typing import NamedTuple

SECTOR = 512
"""What a disk writes whole."""
_ENTRY = struct.Struct("=IIQQ")


class What(IntEnum):
    """What a program did to a file, as ``recorder.c`` numbers it."""

    CREATE = 1
    WRITE = 2
    TRUNCATE = 3
    SYNC = 4
    RENAME = 5
    LINK = 6
    UNLINK = 7


class Change(NamedTuple):
    """An entry of the record."""

    what: What
    path: str
    offset: int
    data: bytes
    """What was written; the new name of what was renamed or linked."""


def changes_in(log: Path) -> list[Change]:
    """Every change in the record, in order."""
    return list(_read(memoryview(log.read_bytes())))


def _read(log: memoryview) -> Iterator[Change]:
    place = 0
    while place < len(log):
        what, path_length, offset, length = _ENTRY.unpack_from(log, place)
        place += _ENTRY.size
        path = bytes(log[place : place + path_length]).decode()
        place += path_length
        yield Change(What(what), path, offset, bytes(log[place : place + length]))
        place += length


@dataclass(slots=True)
class _File:
    safe: bytearray = field(default_factory=bytearray)
    unsafe: list[Change] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.unsafe:
            _apply(self.safe, change)
        self.unsafe.clear()


@dataclass(slots=True)
class Folder:
    """A folder while its record is played: files by name, and what is safe of them."""

    names: dict[str, _File] = field(default_factory=dict)
    _older_names: dict[str, list[dict[str, _File]]] = field(default_factory=dict)
    """By part, which is a disk of its own: the names as they were safe, and after each change."""

    def play(self, changes: Sequence[Change]) -> None:
        """Do again what was recorded."""
        for change in changes:
            self._play(change)

    def _play(self, change: Change) -> None:
        if change.what is What.CREATE:
            self._rename({change.path: _File()})
        elif change.what in (What.RENAME, What.LINK):
            moved = self.names[change.path]
            gone = (change.path,) if change.what is What.RENAME else ()
            self._rename({change.data.decode(): moved}, gone)
        elif change.what is What.UNLINK:
            self._rename({}, (change.path,))
        elif file := self.names.get(change.path):
            if change.what is What.SYNC:
                file.sync()
            else:
                file.unsafe.append(change)
        if change.what is What.SYNC:
            self._older_names.pop(_part(change.path), None)

    def _rename(self, more: dict[str, _File], gone: Sequence[str] = ()) -> None:
        for path in (*more, *gone):
            self._older_names.setdefault(_part(path), []).append(self.names)
        kept = {name: file for name, file in self.names.items() if name not in gone}
        self.names = kept | more

    def after_kill(self) -> dict[str, bytes]:
        """What the operating system has of each file: all that was written."""
        return {name: _written(file, file.unsafe) for name, file in self.names.items()}

    def after_power_cut(self, part: str, chance: random.Random) -> dict[str, bytes]:
        """The same, but the disk below the folder ``part`` lost its power."""
        names = chance.choice([*self._older_names.get(part, ()), self.names])
        inside = f"{part}/"
        cut = {
            name: _written(file, list(_torn(file.unsafe, chance)))
            for name, file in names.items()
            if name.startswith(inside)
        }
        others = self.after_kill().items()
        return cut | {name: data for name, data in others if not name.startswith(inside)}


def _part(path: str) -> str:
    return path.partition("/")[0]


def _torn(unsafe: Sequence[Change], chance: random.Random) -> Iterator[Change]:
    """Of what was not safe: nothing, the first part, or sectors here and there."""
    how = chance.randrange(3)
    if how == 0:
        return
    if how == 1:
        yield from unsafe[: chance.randint(0, len(unsafe))]
        return
    share = chance.random()
    for change in unsafe:
        if change.what is not What.WRITE:
            if chance.random() < share:
                yield change
            continue
        for start, end in _sectors(change.offset, len(change.data)):
            if chance.random() < share:
                data = change.data[start - change.offset : end - change.offset]
                yield Change(What.WRITE, change.path, start, data)


def _sectors(offset: int, length: int) -> Iterator[tuple[int, int]]:
    start, end = offset, offset + length
    while start < end:
        border = min(end, (start // SECTOR + 1) * SECTOR)
        yield start, border
        start = border


def _written(file: _File, later: Sequence[Change]) -> bytes:
    body = bytearray(file.safe)
    for change in later:
        _apply(body, change)
    return bytes(body)


def _apply(body: bytearray, change: Change) -> None:
    end = change.offset if change.what is What.TRUNCATE else change.offset + len(change.data)
    if len(body) < end:
        body.extend(bytes(end - len(body)))
    if change.what is What.TRUNCATE:
        del body[end:]
    else:
        body[change.offset : end] = change.data


def write_out(files: dict[str, bytes], folder: Path) -> None:
    """Write these files into an empty folder."""
    for name, body in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
