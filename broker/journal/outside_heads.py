"""Checks a hub's journal against signed heads that were kept outside: ``yingbin verify --head``."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from broker.journal.entries import entries, open_read_only
from broker.journal.epochs import EPOCH, Epoch
from broker.journal.signed_head import SignedHead
from broker.site_key.signing import is_signed
from shared.sealed_file import sqlite3
from shared.words import Sentence


def compare_heads(
    path: Path, heads: Iterable[SignedHead], public: str, tell: Callable[[str], None]
) -> int:
    """Tell of each head whether the journal still holds it; 1 if it does not hold one of them."""
    status = 0
    with closing(open_read_only(path)) as db:
        for head in heads:
            try:
                found = list(_problems(db, head, public))
            except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
                found = [Sentence("verify.unread", problem=error)]
            status |= bool(found)
            for problem in found or [Sentence("verify.head_fine", on=head.on, seq=head.seq)]:
                tell(problem)
    return status


def _problems(db: sqlite3.Connection, head: SignedHead, public: str) -> Iterator[Sentence]:
    row = db.execute("select hash from journal where seq = ?", [head.seq]).fetchone()
    problem = forged_or_other(head, public, row and row[0])
    if problem is None:
        return
    yield problem
    if problem.key == "verify.head_forged":
        return
    for restore in _restores(db):
        if restore.epoch > head.epoch and restore.head_seq < head.seq:
            at = f"{restore.restored_at.astimezone():%Y-%m-%d %H:%M}"
            yield Sentence(
                "verify.head_restored", on=at, backup=restore.backup, seq=restore.head_seq
            )


def forged_or_other(head: SignedHead, public: str, found: str | None) -> Sentence | None:
    """What is wrong with ``head`` where the entry with its number has the hash ``found``."""
    if not is_signed(head.claim, head.signature, public):
        return Sentence("verify.head_forged", on=head.on, seq=head.seq)
    if found is None:
        return Sentence("verify.head_missing", on=head.on, seq=head.seq)
    if found != head.hash:
        return Sentence("verify.head_other", on=head.on, seq=head.seq)
    return None


def _restores(db: sqlite3.Connection) -> Iterator[Epoch]:
    for entry in entries(db, kind=EPOCH):
        yield msgspec.json.decode(entry.body, type=Epoch)
