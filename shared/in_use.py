"""A program's hold on its data folder: a second one of its kind is refused there."""

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from shared.errors import OperatorError

_HELD: list[IO[str]] = []
"""Kept open until the process ends: the kernel then lets go, however it ended."""


def hold(folder: Path, program: str) -> None:
    """Hold ``folder`` for this process, as ``program``, until it ends.

    On a disk that takes nothing a lock file of an earlier run is held without our process id, and
    nothing where there is none: nobody can write there.

    Raises:
        OperatorError: another process holds it; the message names its process id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{program}.lock"
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC):
            raise
        if not path.exists():
            return
        file = path.open()
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = file.read(20).strip() or "?"
        file.close()
        raise OperatorError(
            "error.in_use", folder=folder, program=program, process=holder
        ) from None
    _HELD.append(file)
    with suppress(OSError):
        file.seek(0)
        file.truncate(0)
        os.write(file.fileno(), f"{os.getpid()}\n".encode())
