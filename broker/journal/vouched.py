"""The digests of the entries from which people were erased, in a file: there may be millions."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager

from broker.journal.chain import Entry, vouched_for
from shared.sealed_file import scratch


@contextmanager
def vouched_in(erasures: Iterable[Entry]) -> Iterator[Callable[[int], str | None]]:
    """Looks up by an entry's number what the last of the ``erasures`` that names it left of it."""
    with closing(scratch()) as db:
        db.execute("create table vouched (seq integer primary key, digest text)")
        left = ((redacted.seq, redacted.digest) for redacted in vouched_for(erasures))
        db.executemany("insert or replace into vouched values (?, ?)", left)

        def digest(seq: int) -> str | None:
            found = db.execute("select digest from vouched where seq = ?", [seq]).fetchone()
            return found and str(found[0])

        yield digest
