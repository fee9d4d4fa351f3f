"""Keeps a program's files to the program: files 0600, folders 0700, whatever the umask was."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OTHERS = 0o077


@contextmanager
def private(folder: Path) -> Iterator[None]:
    """Within it nobody else can read what is written, nor what lies in ``folder`` already."""
    before = os.umask(_OTHERS)
    try:
        narrow(all_in(folder))
        yield
    finally:
        os.umask(before)


def all_in(folder: Path) -> Iterator[Path]:
    """The folder and everything below it; nothing, if it is not there for us."""
    if os.access(folder, os.R_OK | os.X_OK):
        yield folder
        yield from folder.rglob("*")


def narrow(paths: Iterable[Path]) -> None:
    """Take from everybody else what they may do with these files and folders."""
    for path in list(too_wide(paths)):
        with suppress(OSError):  # somebody else's, or a disk that takes nothing: doctor tells
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS)


def too_wide(paths: Iterable[Path]) -> Iterator[Path]:
    """Those of ``paths`` that somebody else may read or write; links are not followed."""
    for path in paths:
        with suppress(OSError):  # gone meanwhile
            if not path.is_symlink() and path.stat().st_mode & _OTHERS:
                yield path
