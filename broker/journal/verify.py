"""Checks a hub's file without changing it: ``yingbin verify``."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from broker.journal.chain import (
    ERASED,
    RETENTION,
    Entry,
    Erasure,
    Problem,
    find_problems,
)
from broker.journal.entries import (
    HEADS_NAME,
    entries,
    open_read_only,
    read_heads,
    seq_of,
)
from broker.journal.epochs import EPOCH, Epoch
from broker.journal.vouched import vouched_in
from shared.sealed_file import sqlite3
from shared.words import Sentence

PROBLEMS_SHOWN = 20


def verify(path: Path, tell: Callable[[str], None]) -> int:
    """Check every entry's hash and the end of the journal; returns 1 if something is wrong."""
    found = list(islice(problems(path), PROBLEMS_SHOWN))
    for problem in found:
        tell(_of_entry(problem) if problem.seq else problem.what)
    if len(found) == PROBLEMS_SHOWN:
        tell(Sentence("verify.more"))
    if found:
        tell(Sentence("verify.wrong", path=path))
        return 1
    with closing(open_read_only(path)) as db:
        last = db.execute("select seq, hash from journal order by seq desc limit 1").fetchone()
        for entry in entries(db, kind=EPOCH):
            tell(_of_restore(entry))
        fine = "verify.fine"
        for line in _of_erasures(entries(db, kind=ERASED)):
            tell(line)
            fine = "verify.others_fine"
    count, head = last or (0, Sentence("verify.no_hash"))
    tell(Sentence(fine, path=path, count=count, hash=head))
    return 0


def _of_erasures(erasures: Iterable[Entry]) -> Iterator[str]:
    """A line for each that somebody asked for, and one for all that time brought about."""
    nights: set[str] = set()
    lapsed = 0
    for entry in erasures:
        erasure = msgspec.json.decode(entry.body, type=Erasure)
        on, count, asked_by = entry.at[:10], len(erasure.entries), erasure.asked_by
        if asked_by == RETENTION:
            nights.add(on)
            lapsed += count
        else:
            yield Sentence("verify.erased", seq=entry.seq, count=count, on=on, asked_by=asked_by)
    if nights:
        yield Sentence(
            "verify.retention",
            first=min(nights),
            last=max(nights),
            nights=len(nights),
            entries=lapsed,
        )


def _of_restore(entry: Entry) -> Sentence:
    body = msgspec.json.decode(entry.body, type=Epoch)
    on = entry.at[:10]
    return Sentence("verify.restored", seq=entry.seq, on=on, backup=body.backup, epoch=body.epoch)


def _of_entry(problem: Problem) -> Sentence:
    return Sentence("verify.entry", seq=problem.seq, problem=problem.what)


def problems(path: Path) -> Iterator[Problem]:
    """What is wrong with the journal in the hub's file ``path``, in order."""
    with closing(open_read_only(path)) as db:
        try:
            yield from _damaged_pages(db)
            yield from _problems(db, path.with_name(HEADS_NAME))
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            # UnicodeDecodeError: SQLite's own error message quotes text that is not UTF-8.
            yield Problem(0, Sentence("verify.unread", problem=error))


def _problems(db: sqlite3.Connection, notes: Path) -> Iterator[Problem]:
    heads = read_heads(notes) if notes.exists() else []
    with vouched_in(entries(db, kind=ERASED)) as vouched:
        yield from find_problems(entries(db), heads, partial(seq_of, db), vouched)
    if not heads and next(entries(db), None):
        yield Problem(0, Sentence("verify.no_notes", path=notes))


def _damaged_pages(db: sqlite3.Connection) -> Iterator[Problem]:
    for (line,) in db.execute("pragma integrity_check"):
        if line != "ok":
            yield Problem(0, Sentence("verify.damaged", problem=line))
