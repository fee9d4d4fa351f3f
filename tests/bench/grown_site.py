"""A site of many years for the benches: one month's file, before it the same month again and again.

The journal is chained as a real one, and each visit has ids of its own. Only the last month can be
decided again; everything else holds.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from msgspec.structs import astuple
from sqlite_utils import Database

from broker.journal import mentions
from broker.journal.chain import Entry, Head, Written, next_entry
from broker.journal.entries import FILE_NAME, Heads, entries
from broker.journal.steps import SNAPSHOT
from shared.sealed_file import connect, sqlite3
from tests.bench.large_site import BUILD, journal_folder

MONTH = 20_000
_GROWING = ("visits", "alerts", "check_ins", "messages", "alert_groups", "cares")
_OWN = ("01a2", "bench-")
"""How the month's ids begin."""


def grown_folder(length: int) -> Path:
    """A hub's folder whose journal has at least so many entries."""
    month, folder = journal_folder(min(MONTH, length)), BUILD / f"grown-{length}"
    if (folder / "done").exists() or length <= MONTH:
        return folder if length > MONTH else month
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(month / FILE_NAME, folder)
    with closing(connect(folder / FILE_NAME)) as db:
        db.execute("pragma synchronous = off")
        written = list(entries(db))
        copies = -(-length // len(written)) - 1
        db.executescript("delete from journal; delete from mentions")
        head = _chained(db, written, copies)
        shift = head.seq - written[-1].seq
        db.execute("update snapshots set seq = seq + ?", [shift])
        for table in _GROWING:
            _multiply(db, table, copies)
        mentions.fill(Database(db))
        db.commit()
        db.execute("pragma wal_checkpoint(truncate)")
    Heads(folder / "journal.heads").note(head)
    (folder / "done").touch()
    return folder


def _chained(db: sqlite3.Connection, month: list[Entry], copies: int) -> Head:
    """Write the month ``copies`` times and once as it is; returns where the journal ends."""
    last: Head | None = None
    names = Entry.__struct_fields__
    insert = f"insert into journal ({', '.join(names)}) values ({', '.join('?' * len(names))})"

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal last
        for number in range(copies + 1):
            is_last = number == copies
            print(f"\rmonth {number} of {copies}", end="", file=sys.stderr)
            for entry in month:
                if entry.kind == SNAPSHOT and not is_last:
                    continue
                text = (entry.subject_id, entry.body)
                subject, body = text if is_last else (_renamed(each, number) for each in text)
                fresh = next_entry(last, Written(entry.at, entry.kind, subject, body), entry.salt)
                last = Head(fresh.seq, fresh.hash, fresh.at[:10])
                yield astuple(fresh)

    db.executemany(insert, rows())
    assert last is not None
    return last


def _renamed(text: str, number: int) -> str:
    begins, counts = _OWN
    return text.replace(begins, f"{number:04x}").replace(counts, f"b{number}-")


def _multiply(db: sqlite3.Connection, table: str, copies: int) -> None:
    names = [name for _, name, *_ in db.execute(f"pragma table_info({table})")]
    rows = db.execute(f"select {', '.join(names)} from {table}").fetchall()
    marks = ", ".join("?" * len(names))
    for number in range(copies):
        again = ([_renamed(v, number) if isinstance(v, str) else v for v in row] for row in rows)
        db.executemany(f"insert or ignore into {table} values ({marks})", again)
