"""Puts a whole file in the place of another (换文件): a power cut leaves the old one or the new."""

import os
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, body: bytes) -> None:
    """Let the file at ``path`` hold ``body``. Only its owner may read it.

    It belongs to whom the old one belonged; without one, to whom the folder belongs. A file that
    holds ``body`` already is left alone, so a read-only disk is no trouble then.

    Raises:
        OSError: the disk refuses it; the old file lies there as it was.
    """
    if path.exists() and path.read_bytes() == body:
        return
    fresh = path.with_name(f".{path.name}.new{os.getpid()}")
    try:
        fresh.unlink(missing_ok=True)
        number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(number)
        with suppress(OSError):  # only root may give a file away
            owner = (path if path.exists() else path.parent).stat()
            os.chown(fresh, owner.st_uid, owner.st_gid)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def flush(path: Path) -> None:
    """Wait until the file or folder ``path`` is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
