"""Looks over a hub's file without changing it: ``yingbin verify``."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from broker.journal.chain import ERASED, Erasure, Problem, find_problems, vouched_for
from broker.journal.entries import (
    HEADS_NAME,
    entries,
    open_read_only,
    read_heads,
    seq_of,
)

PROBLEMS_SHOWN = 20


def verify(path: Path, tell: Callable[[str], None]) -> int:
    """Check every entry's hash and the end of the journal; 1 when something is wrong."""
    found = list(islice(problems(path), PROBLEMS_SHOWN))
    for problem in found:
        tell(f"entry {problem.seq}: {problem.what}" if problem.seq else problem.what)
    if len(found) == PROBLEMS_SHOWN:
        tell("… and perhaps more: these are the first.")
    if found:
        tell(f"{path}: the journal is not what was written. Keep this file, and ask who was at it.")
        return 1
    with closing(open_read_only(path)) as db:
        last = db.execute("select seq, hash from journal order by seq desc limit 1").fetchone()
        erasures = list(entries(db, kind=ERASED))
    count, head = last or (0, "none")
    for one in erasures:
        erasure = msgspec.json.decode(one.body, type=Erasure)
        lost = f"{len(erasure.entries)} entries lost a person"
        tell(f"entry {one.seq}: {lost} on {one.at[:10]}, asked by {erasure.asked_by}.")
    rest = "each other one" if erasures else "each"
    tell(f"{path}: {count} entries, {rest} as it was written. The last one's hash: {head}")
    return 0


def problems(path: Path) -> Iterator[Problem]:
    """What is wrong with the journal in the hub's file ``path``, first things first."""
    with closing(open_read_only(path)) as db:
        try:
            yield from _damaged_pages(db)
            yield from _problems(db, path.with_name(HEADS_NAME))
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            # The second: an error whose message quotes what it could not read.
            yield Problem(0, f"the file cannot be read any further: {error}")


def _problems(db: sqlite3.Connection, notes: Path) -> Iterator[Problem]:
    heads = read_heads(notes) if notes.exists() else []
    vouched = vouched_for(entries(db, kind=ERASED))
    yield from find_problems(entries(db), heads, partial(seq_of, db), vouched)
    if not heads and next(entries(db), None):
        yield Problem(0, f"{notes} is missing: nothing shows whether the end was cut off")


def _damaged_pages(db: sqlite3.Connection) -> Iterator[Problem]:
    for (line,) in db.execute("pragma quick_check"):
        if line != "ok":
            yield Problem(0, f"the file is damaged: {line}")
