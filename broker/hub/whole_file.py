"""Puts the hub's file together again when it was damaged, empty or gone, and says what lacks."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broker.journal.chain import Head
from broker.journal.entries import HEADS_NAME, open_read_only, read_heads
from broker.store.hub_shape import HUB_SHAPE
from shared.file_check import Trouble, trouble_of
from shared.mending import Copies, Mended, mend
from shared.sealed_file import sqlite3
from shared.systemd import starting_longer


@dataclass(frozen=True, slots=True)
class MendedHub:
    """What was done about the hub's file, and what its journal lacks now."""

    mended: Mended
    lost: int | None
    """How many entries at least; None: no note of the journal's end is left that could tell."""


def trouble_at_start(path: Path, has_backups: Callable[[], bool]) -> Trouble | None:
    """What is wrong with the hub's file; None: nothing, or a new site starts.

    Where notes of the journal's end lie, or backups of this site, there was a file.
    """
    with starting_longer(f"{path.name} is checked"):
        is_there = path.exists() and path.stat().st_size > 0
        if not is_there and (path.with_name(HEADS_NAME).exists() or has_backups()):
            return Trouble.GONE
        HUB_SHAPE.refuse_newer(path)
        return trouble_of(path)


def made_whole(path: Path, trouble: Trouble, copies: Copies | None, moment: datetime) -> MendedHub:
    """Put a usable file in the place of the one at ``path``."""
    with starting_longer(f"{path.name} is mended"):
        mended = mend(path, HUB_SHAPE, moment, trouble, *([copies] if copies else []))
        return MendedHub(mended, fit_notes(path, moment))


def fit_notes(path: Path, moment: datetime) -> int | None:
    """Set notes of the journal's end aside that the file no longer fits; what it lacks.

    The journal goes on from before its old end; the entry of the new epoch tells so.
    """
    notes = path.with_name(HEADS_NAME)
    heads = read_heads(notes) if notes.exists() else []
    with closing(open_read_only(path)) as db:
        if not all(_is_there(db, head) for head in heads):
            notes.replace(notes.with_name(f"{HEADS_NAME}.damaged-{moment:%Y-%m-%dT%H%M%S}"))
        return _lost(db, heads)


def _lost(db: sqlite3.Connection, heads: list[Head]) -> int | None:
    if not heads:
        return None
    end, count = db.execute("select ifnull(max(seq), 0), count(*) from journal").fetchone()
    return max(int(end), max(head.seq for head in heads)) - int(count)


def _is_there(db: sqlite3.Connection, head: Head) -> bool:
    found = "select 1 from journal where seq = ? and hash = ?"
    return db.execute(found, [head.seq, head.hash]).fetchone() is not None
