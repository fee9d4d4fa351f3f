"""Who works in a folder alone: a program in its data's, a backup or restore in the settings'."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from shared.errors import OperatorError
from shared.private_files import private

_OF_GROUP = 0o060


@contextmanager
def holding(folder: Path, work: str, refusal: str = "error.in_use") -> Iterator[None]:
    """Hold ``folder`` for the block, as ``work``; the kernel lets go when the process ends.

    Work of another kind may go on in the same folder.

    On a disk that takes nothing a lock file of an earlier run is held without our process id, and
    nothing where there is none: nobody can write there.

    Raises:
        OperatorError: another process holds it for the same; says the sentence ``refusal``, with
            its process id.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _opened(folder, folder / f"{work}.lock")
    if file is None:
        yield
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read(20).strip() or "?"
            raise OperatorError(refusal, folder=folder, program=work, process=holder) from None
        with suppress(OSError):
            os.ftruncate(file.fileno(), 0)
            os.pwrite(file.fileno(), f"{os.getpid()}\n".encode(), 0)
        yield


@contextmanager
def holding_own(folder: Path, work: str, refusal: str = "error.in_use") -> Iterator[None]:
    """Hold a program's own folder, and keep to the program what lies there and what it writes.

    Raises:
        OperatorError: see ``holding``.
    """
    with private(folder), holding(folder, work, refusal):
        yield


def _opened(folder: Path, path: Path) -> IO[str] | None:
    """The lock's file, for everybody who may write to the folder: root comes to a service's too.

    None: there is none, and the disk takes none.
    """
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC):
            raise
        return path.open() if path.exists() else None
    of_folder, of_file = folder.stat(), os.fstat(number)
    if of_file.st_uid == os.geteuid():
        if os.geteuid() == 0:
            os.fchown(number, of_folder.st_uid, of_folder.st_gid)
        os.fchmod(number, 0o600 | of_folder.st_mode & _OF_GROUP)
    return os.fdopen(number, "r+")
