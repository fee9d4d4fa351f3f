"""Encrypts a folder's SQLite files that lie there in plain (加密旧文件)."""

import logging
import os
from contextlib import closing
from pathlib import Path

from shared.replacing import replace_file
from shared.sealed_file import (
    DATA_KEY_NAME,
    attach_sealed,
    in_plain,
    key_beside,
    make_data_key,
    sqlite3,
)
from shared.systemd import starting_longer

log = logging.getLogger(__name__)


def seal(folder: Path, key: Path) -> None:
    """Encrypt what lies in plain in ``folder``, with the key in the file ``key``, which is made.

    A key in the folder itself, from a restored backup, moves to ``key``. Where the disk refuses,
    everything stays as it is, and the next start tries again.
    """
    try:
        _lead_to(key, folder / DATA_KEY_NAME)
        for path in in_plain(folder):
            with starting_longer(f"encrypting {path.name}"):
                _encrypt(path)
    except (OSError, sqlite3.Error) as error:
        log.warning("%s: files stay in plain: %s", folder, error)


def _lead_to(key: Path, link: Path) -> None:
    """Let ``link`` lead to the key, also after both folders were moved together."""
    if link.is_file() and not link.is_symlink():
        _move(link, key)
    make_data_key(key)
    way = os.path.relpath(key.resolve(), link.parent.resolve())
    if not link.is_symlink() or os.readlink(link) != way:
        link.unlink(missing_ok=True)
        link.symlink_to(way)


def _move(arrived: Path, key: Path) -> None:
    """The key of a restored backup takes the place of ``key``, which is kept beside it."""
    if key.exists() and key.read_bytes() != arrived.read_bytes():
        os.replace(key, key.with_name(f"{key.name}.before"))
    replace_file(key, arrived.read_bytes())


def _empty_log(plain: sqlite3.Connection) -> None:
    """Bring what waits beside the file into it, as it is deleted with the old file's name.

    Raises:
        sqlite3.OperationalError: another program reads the file, so something may wait.
    """
    busy, _, _ = plain.execute("pragma wal_checkpoint(truncate)").fetchone()
    if busy:
        raise sqlite3.OperationalError("another program has the file open")


def _encrypt(path: Path) -> None:
    """Put an encrypted copy in the place of the plain file at ``path``."""
    log.info("%s: is being encrypted", path)
    fresh = path.with_name(f"{path.name}.sealing")
    _delete(fresh, "", "-wal", "-shm")
    fresh.touch(mode=0o600)
    try:
        _copy_sealed(path, fresh)
    except (OSError, sqlite3.Error):
        _delete(fresh, "", "-wal", "-shm")  # a full disk needs the room
        raise
    _delete(path, "-wal", "-shm")
    fresh.replace(path)


def _delete(path: Path, *ends: str) -> None:
    for end in ends:
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)


def _copy_sealed(path: Path, fresh: Path) -> None:
    with closing(sqlite3.connect(path)) as plain:
        attach_sealed(plain, fresh, key_beside(path) or "")
        plain.execute("pragma sealed.synchronous = full")
        plain.execute("select sqlcipher_export('sealed')")
        (number,) = plain.execute("pragma main.user_version").fetchone()
        plain.execute(f"pragma sealed.user_version = {number}")
        plain.execute("detach sealed")
        _empty_log(plain)
