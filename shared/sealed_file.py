"""SQLite files that only the site's own programs can read (落盘加密).

SQLCipher encrypts every page and every commit that waits beside the file, so searching by index and
by text stays as fast as it was. The key lies beside the program's settings; in the folder of the
data a link leads to it. Who gets hold of that folder alone has nothing: an old card's remains, a
copy, a file sent to somebody for help. A folder without a key has files in plain (tests, demos).
"""

import logging
import os
import re
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlcipher3 import dbapi2 as sqlite3

__all__ = [
    "DATA_KEY_NAME",
    "SUMS",
    "attach_sealed",
    "connect",
    "copy_over",
    "data_key_of",
    "in_memory",
    "in_plain",
    "is_plain",
    "key_beside",
    "key_in",
    "make_data_key",
    "opens",
    "scratch",
    "sealed_in",
    "sqlite3",
]

log = logging.getLogger(__name__)

DATA_KEY_NAME = "data.key"
_KEY = re.compile(rb"[0-9a-f]{96}")
"""256 bits of the key and 128 of the salt, which SQLCipher otherwise writes into the file."""
_KEY_FILE_BYTES = 1024
_CLEAR_HEADER = 112
"""SQLite's header in whole blocks, in clear: so a damaged one can be put right."""
_MAGIC, _RESERVED_AT = b"SQLite format 3\0", 20
"""SQLCipher reserves room in each page for its check sum; a plain file has none."""
SUMS = {48: "HMAC_SHA256", 80: "HMAC_SHA512"}
"""What a page's check sum is made with, by the bytes reserved for it: the first one in new files,
as processors have instructions for it (a Pi 5 too), the other in those of releases up to 0.5."""
_NEWEST_SUM = next(iter(SUMS.values()))
_one_at_a_time = threading.Lock()
"""A page's reserve never becomes smaller, so the sum is chosen before the key: for the process."""
_URI = {"ro": "?mode=ro", "still": "?mode=ro&immutable=1"}
_CODES = {
    "attempt to write a readonly database": sqlite3.SQLITE_READONLY,
    "database disk image is malformed": sqlite3.SQLITE_CORRUPT,
    "database is locked": sqlite3.SQLITE_BUSY,
    "database or disk is full": sqlite3.SQLITE_FULL,
    "disk I/O error": sqlite3.SQLITE_IOERR,
    "file is not a database": sqlite3.SQLITE_NOTADB,
    "unable to open database file": sqlite3.SQLITE_CANTOPEN,
}
"""SQLite's result codes by its own words for them (sqlite3_errstr)."""
_FILES = ("*.sqlite3", "*.db", "*.sqlite3.before-*", "*.db.before-*")


def connect(
    path: Path,
    mode: Literal["rw", "ro", "still"] = "rw",
    *,
    like: Path | None = None,
    timeout: float = 10,
    check_same_thread: bool = True,
    kind: type[sqlite3.Connection] = sqlite3.Connection,
) -> sqlite3.Connection:
    """Open the file at ``path``, with the key of its folder if it has one.

    ``still``: for reading, and nobody writes to it. ``like``: the file whose key it has, if that
    lies in another folder. Errors show themselves when something is read.
    """
    name = f"{path.absolute().as_uri()}{_URI[mode]}" if mode in _URI else str(path)
    db = sqlite3.connect(
        name, timeout, uri=mode in _URI, check_same_thread=check_same_thread, factory=kind
    )
    key = key_beside(like or path)
    if key and not is_plain(path):
        _use(db, key, _sum_of(path))
    return db


def in_memory(
    like: Path, kind: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    """An empty database in memory that SQLite's backup fills from the file ``like``, or back."""
    db = sqlite3.connect(":memory:", check_same_thread=False, factory=kind)
    if (key := key_beside(like)) and not is_plain(like):
        _use(db, key, _sum_of(like))
    return db


def copy_over(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Write what ``source`` has over ``target``, in one transaction.

    A target that is new gets the check sums of the source, as pages are copied as they are.

    Raises:
        sqlite3.Error: with the code that the module leaves out here.
    """
    try:
        if (its_sum := _sum_in_use(source)) != _sum_in_use(target):
            target.execute(f"pragma cipher_hmac_algorithm = {its_sum}")
        source.backup(target)
    except sqlite3.Error as error:
        if code := _CODES.get(str(error)):
            error.sqlite_errorcode = code
        raise


def attach_sealed(plain: sqlite3.Connection, fresh: Path, key: str) -> None:
    """Attach the new file ``fresh`` to a plain one, as the schema ``sealed``."""
    plain.execute("pragma cipher_log_level = none")
    with _one_at_a_time:
        plain.execute(f"pragma cipher_default_hmac_algorithm = {_NEWEST_SUM}")
        plain.execute(f"attach ? as sealed key \"x'{key}'\"", [str(fresh)])
    plain.execute(f"pragma sealed.cipher_plaintext_header_size = {_CLEAR_HEADER}")


def scratch() -> sqlite3.Connection:
    """An empty database for work in between: a file without a name, whose key nobody has.

    In memory it would be as large as the site's journal.
    """
    number, name = tempfile.mkstemp(prefix="yingbin-")
    os.close(number)
    db = sqlite3.connect(name)
    os.unlink(name)
    _use(db, secrets.token_hex(48), _NEWEST_SUM)
    db.execute("pragma journal_mode = memory")
    return db


def in_plain(folder: Path) -> Iterator[Path]:
    """The files of ``folder`` that anybody who has them can read."""
    yield from filter(is_plain, chain.from_iterable(map(folder.glob, _FILES)))


def data_key_of(config: Path) -> Path:
    """The key of the files of the program whose settings are ``config``."""
    return config.with_suffix(".data.key")


def make_data_key(path: Path) -> None:
    """Write a new key to the file ``path``, if there is none; what else lies there is kept."""
    if path.exists():
        if key_in(path) is not None:
            return
        path.replace(path.with_name(f"{path.name}.damaged"))
    fresh = path.with_name(f"{path.name}.made-{secrets.token_hex(4)}")
    try:
        fresh.touch(mode=0o600)
        with fresh.open("w") as file:
            file.write(f"{secrets.token_hex(48)}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(fresh)  # whole or not at all, and never over another
    finally:
        fresh.unlink(missing_ok=True)


def sealed_in(folder: Path) -> Iterator[Path]:
    """The files of ``folder`` that only a key opens."""
    for path in chain.from_iterable(map(folder.glob, _FILES)):
        header = _first_bytes(path, _RESERVED_AT + 1)
        if header.startswith(_MAGIC) and not header.endswith(b"\0"):
            yield path


def opens(path: Path, key: str | None) -> bool:
    """Whether ``key`` opens the encrypted file at ``path``."""
    if key is None:
        return False
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}{_URI['ro']}", uri=True)) as db:
        _use(db, key, _sum_of(path))
        try:
            db.execute("select 1 from sqlite_master").fetchone()
        except sqlite3.DatabaseError:
            return False
    return True


def key_in(path: Path) -> str | None:
    """The key in the file ``path``; None: there is none that can be read."""
    found = _KEY.search(_first_bytes(path, _KEY_FILE_BYTES))
    return found[0].decode() if found else None


def is_plain(path: Path) -> bool:
    """Whether the file at ``path`` is one that anybody can read."""
    header = _first_bytes(path, _RESERVED_AT + 1)
    return header.startswith(_MAGIC) and header[_RESERVED_AT:] == b"\0"


def key_beside(path: Path) -> str | None:
    """The key of the files in the folder of ``path``; None: it has none."""
    return key_in(path.parent / DATA_KEY_NAME)


def _first_bytes(path: Path, count: int) -> bytes:
    """What ``path`` begins with; nothing, where it cannot be read."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(number, count)
    except OSError:
        return b""
    finally:
        os.close(number)


def _use(db: sqlite3.Connection, key: str, its_sum: str) -> None:
    db.execute("pragma cipher_log_level = none")  # what is wrong is in the exceptions
    with _one_at_a_time:
        db.execute(f"pragma cipher_default_hmac_algorithm = {its_sum}")
        db.execute(f"pragma key = \"x'{key}'\"")
    db.execute(f"pragma cipher_plaintext_header_size = {_CLEAR_HEADER}")


def _sum_of(path: Path) -> str:
    """What the check sums in the file at ``path`` are made with; a new one's, if it is none yet."""
    header = _first_bytes(path, _RESERVED_AT + 1)
    return SUMS.get(header[-1], _NEWEST_SUM) if len(header) > _RESERVED_AT else _NEWEST_SUM


def _sum_in_use(db: sqlite3.Connection) -> str | None:
    """The same of an open database; None: it is in plain."""
    found = db.execute("pragma cipher_hmac_algorithm").fetchone()
    return found[0] if found else None
