"""A journal from which very many people were erased is checked in the same memory as any other."""

import tracemalloc
from collections.abc import Iterator

import msgspec

from broker.journal.chain import ERASED, Entry, Erasure, Head, Redacted, Written, next_entry
from broker.journal.vouched import vouched_in

DAY = "2026-11-23"


def erasures(count: int) -> Iterator[Entry]:
    """So many, each of another entry, made one by one."""
    last = Head(count, "0" * 64, DAY)
    for seq in range(1, count + 1):
        left = (Redacted(seq=seq, digest=f"{seq:064x}"),)
        body = msgspec.json.encode(Erasure(asked_by="retention", entries=left)).decode()
        entry = next_entry(last, Written(DAY, ERASED, "", body))
        last = Head(entry.seq, entry.hash, DAY)
        yield entry


def most_bytes(count: int) -> int:
    tracemalloc.start()
    try:
        with vouched_in(erasures(count)) as vouched:
            assert vouched(count) == f"{count:064x}"
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_entries_that_lost_somebody() -> None:
    most_bytes(10)  # what is loaded once
    assert most_bytes(5_000) < 1.5 * most_bytes(250)


def test_the_last_erasure_of_an_entry_counts_and_the_others_have_none() -> None:
    first = next_entry(Head(5, "0" * 64, DAY), Written(DAY, ERASED, "", _body(2, "a")))
    second = next_entry(Head(6, first.hash, DAY), Written(DAY, ERASED, "", _body(2, "b")))
    with vouched_in([first, second]) as vouched:
        assert (vouched(2), vouched(3)) == ("b", None)


def _body(seq: int, digest: str) -> str:
    left = (Redacted(seq=seq, digest=digest),)
    return msgspec.json.encode(Erasure(asked_by="visitor", entries=left)).decode()
