"""Restores in the journal: each opens a new epoch (纪元), so that nobody takes a fork for one line.

A journal that was never restored is in epoch 1 and says nothing of it.
"""

import sqlite3

import msgspec

from shared.messages.base import Moment

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
    """The name of its file."""
    head_seq: int
    head: str
    """Number and hash of the last entry that it held."""


def latest_epoch(db: sqlite3.Connection) -> int:
    """The epoch in which the journal is now."""
    found = db.execute(
        "select body from journal where kind = ? order by seq desc limit 1", [EPOCH]
    ).fetchone()
    return msgspec.json.decode(found[0], type=Epoch).epoch if found else FIRST_EPOCH
