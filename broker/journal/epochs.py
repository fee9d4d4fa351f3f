"""Restores in the journal: each opens a new epoch (纪元), so that nobody takes a fork for one line.

A journal that was never restored is in epoch 1 and says nothing of it.
"""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from broker.journal.chain import FIRST_HASH, Head
from shared.ids import new_id
from shared.messages.base import Moment
from shared.sealed_file import sqlite3

if TYPE_CHECKING:
    from broker.journal.entries import Journal

EPOCH = "epoch"
"""The kind of the entry that a restore leaves."""
FIRST_EPOCH = 1


class Epoch(msgspec.Struct, frozen=True, kw_only=True):
    """The body of the entry: the journal went on from a backup here."""

    epoch: int
    restore_id: str
    """Tells two restores of the same backup apart."""
    restored_at: Moment
    backup: str
    """The name of its file; where the hub's file was mended without one, the name of that."""
    head_seq: int
    head: str
    """Number and hash of the last entry that it held."""


def latest_epoch(db: sqlite3.Connection) -> int:
    """The epoch in which the journal is now."""
    found = db.execute(
        "select body from journal where kind = ? order by seq desc limit 1", [EPOCH]
    ).fetchone()
    return msgspec.json.decode(found[0], type=Epoch).epoch if found else FIRST_EPOCH


def latest_restore(db: sqlite3.Connection) -> str | None:
    """The id of the latest restore; None: the journal was never restored."""
    found = db.execute(
        "select subject_id from journal where kind = ? order by seq desc limit 1", [EPOCH]
    ).fetchone()
    return str(found[0]) if found else None


def begin_epoch(
    journal: "Journal", db: sqlite3.Connection, source: str, at: datetime, after: int = FIRST_EPOCH
) -> Epoch:
    """Note that the journal goes on from ``source``; in the caller's transaction.

    ``after``: the epoch of a file that was there, which may have been restored before.
    """
    head = journal.head() or Head(0, FIRST_HASH, "")
    entry = Epoch(
        epoch=max(after, latest_epoch(db)) + 1,
        restore_id=new_id(at),
        restored_at=at,
        backup=source,
        head_seq=head.seq,
        head=head.hash,
    )
    journal.append(EPOCH, entry.restore_id, msgspec.json.encode(entry), at)
    return entry
