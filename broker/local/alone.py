"""Who works in a folder alone: a running hub in its own, a backup or restore in the settings'."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.errors import OperatorError


@contextmanager
def alone(folder: Path, taken: str) -> Iterator[None]:
    """Have ``folder`` alone for the block; the system lets go of it when a program dies.

    The folder itself is locked: a lock's file might belong to whoever came first.

    Raises:
        OperatorError: somebody else has it; says the sentence ``taken``.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(opened, folder, taken)
        yield
    finally:
        os.close(opened)


def _lock(opened: int, folder: Path, taken: str) -> None:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OperatorError(taken, folder=folder) from None
