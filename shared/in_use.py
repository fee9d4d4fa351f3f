"""A program's hold on its data folder: a second one of its kind is refused there."""

import fcntl
import os
from pathlib import Path
from typing import IO

from shared.errors import OperatorError

_HELD: list[IO[str]] = []
"""Kept open until the process ends: the kernel then lets go, however it ended."""


def hold(folder: Path, program: str) -> None:
    """Hold ``folder`` for this process, as ``program``, until it ends.

    Raises:
        OperatorError: another process holds it; the message names its process id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{program}.lock"
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = file.read(20).strip() or "?"
        file.close()
        raise OperatorError(
            "error.in_use", folder=folder, program=program, process=holder
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    _HELD.append(file)
