"""Cleans up after an erasure: the file's free space, the write-ahead log, and old copies."""

import logging
from collections.abc import Collection
from pathlib import Path

from shared.database import Database
from shared.file_check import file_of
from shared.sealed_file import is_plain
from shared.systemd import notify

log = logging.getLogger(__name__)

_STEPS_A_SIGN_OF_LIFE = 100_000
"""Steps of SQLite's virtual machine, which take less than a second."""
_BLOCK = 1 << 20
"""Bytes; so many of a file are searched at a time."""
_PAGES_A_TURN = 500
_CHANGES_OF_NOTHING = 2
"""Fewer changed rows mean that FTS5 found nothing to merge (see its documentation)."""
_WAIT_MS, _USUAL_WAIT_MS = 100, 10_000
"""How long to wait for readers of the log: briefly, because the loop tries again."""


def clean_from_now_on(db: Database) -> None:
    """Make SQLite overwrite with zeros what is deleted from now on."""
    db.conn.execute("pragma secure_delete = on")


class TextMerge:
    """Merges the parts of the FTS5 index, which keep pieces of deleted texts until then.

    It does so a little each turn: at once, a large file would hold the hub up for seconds.
    """

    def __init__(self) -> None:
        self._pages = -_PAGES_A_TURN
        """A negative number begins anew, with all parts."""

    def is_done(self, db: Database) -> bool:
        """Merge some more; True if nothing is left to merge. Not inside a transaction."""
        before = db.conn.total_changes
        with db.atomic():
            db.conn.execute(
                "insert into customer_texts (customer_texts, rank) values ('merge', ?)",
                [self._pages],
            )
        is_over = self._pages > 0 and db.conn.total_changes - before < _CHANGES_OF_NOTHING
        self._pages = -_PAGES_A_TURN if is_over else _PAGES_A_TURN
        return is_over


def sweep(db: Database, values: Collection[str]) -> bool:
    """Empty the log into the file, and make sure that none of ``values`` is left on the disk.

    When SQLite splits a page, a copy may stay in its free part; then the file is written anew. In
    a sealed file nobody finds it there, so that has time until the night.
    False if a reader holds the log: call again. Not inside a transaction.
    """
    path = file_of(db.conn)
    if path is None:
        return True
    if not is_log_emptied(db):
        return False
    wanted = [value.encode() for value in values]
    for copy in path.parent.glob(f"{path.name}.before-*"):
        if not is_plain(copy) or _holds(copy, wanted):
            log.warning("%s: deleted, it may hold a person who was erased", copy)
            copy.unlink()
    if not is_plain(path) or not _holds(path, wanted):
        return True
    log.info("%s: an erased person was left in free space; writing the file anew", path)
    write_anew(db)
    return is_log_emptied(db)


def write_anew(db: Database) -> None:
    """Write the file without its free space; meanwhile tell the watchdog that the hub is alive."""
    db.conn.set_progress_handler(_tell_that_we_live, _STEPS_A_SIGN_OF_LIFE)
    try:
        db.conn.execute("vacuum")
    finally:
        db.conn.set_progress_handler(None, 0)


def is_log_emptied(db: Database) -> bool:
    """Empty the log into the file; False if a reader holds it. Not inside a transaction."""
    db.conn.execute(f"pragma busy_timeout = {_WAIT_MS}")
    busy, _, _ = db.conn.execute("pragma wal_checkpoint(truncate)").fetchone()
    db.conn.execute(f"pragma busy_timeout = {_USUAL_WAIT_MS}")
    return not busy


def _tell_that_we_live() -> int:
    notify("WATCHDOG=1")
    return 0


def _holds(path: Path, wanted: list[bytes]) -> bool:
    # Not by mmap: its find in Python before 3.11.5 (Debian 12 has 3.11.2) reads one byte past the
    # file's last page, and a file that is cut meanwhile ends the program too.
    overlap = max(map(len, wanted), default=1) - 1
    end = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = end + block
            if any(value in text for value in wanted):
                return True
            end = text[len(text) - overlap :]
    return False
