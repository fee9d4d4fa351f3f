"""Whether a batch continues what is stored of a site's journal: no I/O."""

from collections.abc import Callable
from dataclasses import dataclass

from broker.journal.chain import FIRST_HASH
from broker.journal.public_chain import PublicEntry
from broker.journal.public_part import FORM
from broker.journal.shipment import Shipment, chained
from broker.journal.signed_head import heads_in
from broker.site_key.signing import is_signed

FIRST_EPOCH = 1


class BatchError(ValueError):
    """The batch is wrong by itself: whatever is stored, it can't be taken."""


@dataclass(frozen=True, slots=True)
class StoredLine:
    """How far a site's journal is stored."""

    epoch: int = FIRST_EPOCH
    stored_through: int = 0
    hash: str = FIRST_HASH
    form: int = 0
    """The form of the last entry: a later one is never older."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a batch adds: the entries that are new, and how far the line goes then."""

    line: StoredLine
    entries: tuple[PublicEntry, ...]
    superseded: int | None = None
    """A new epoch: so many entries of the epoch before stand behind its beginning. None: none."""


def check(site: str, batch: Shipment, public_key: str) -> tuple[PublicEntry, ...]:
    """The entries of the batch, which hang together and are signed by the site.

    Raises:
        BatchError: they don't, or are not.
    """
    entries, form = tuple(chained(batch)), 0
    for seq, entry in enumerate(entries, start=batch.from_seq):
        if entry.seq != seq or not entry.is_intact or entry.form not in range(form, FORM + 1):
            raise BatchError(f"entry {seq} does not fit")
        form = entry.form
    if not entries:
        return ()
    heads = heads_in(batch.head)
    if len(heads) != 1 or not is_signed(heads[0].claim, heads[0].signature, public_key):
        raise BatchError("the head is not signed by this site")
    head, last = heads[0], entries[-1]
    if (head.site, head.epoch, head.seq, head.hash) != (site, batch.epoch, last.seq, last.hash):
        raise BatchError("the signed head is of something else")
    return entries


def take(
    line: StoredLine,
    batch: Shipment,
    entries: tuple[PublicEntry, ...],
    hash_at: Callable[[int], str | None],
) -> Taken | None:
    """What the batch adds to ``line``; None: it does not continue it.

    ``hash_at``: the hash that is stored of an entry; asked only when something was sent again.
    """
    if not entries or batch.epoch < line.epoch or batch.from_seq > line.stored_through + 1:
        return None
    if batch.epoch > line.epoch:
        return _new_epoch(line, batch, entries, hash_at)
    last_common = min(entries[-1].seq, line.stored_through)
    common = dict([(batch.from_seq - 1, batch.previous), *((one.seq, one.hash) for one in entries)])
    if common[last_common] != _stored(line, last_common, hash_at):
        return None
    new = tuple(one for one in entries if one.seq > line.stored_through)
    if new and new[0].form < line.form:
        return None
    return Taken(_behind(line, batch.epoch, new), new)


def _new_epoch(
    line: StoredLine,
    batch: Shipment,
    entries: tuple[PublicEntry, ...],
    hash_at: Callable[[int], str | None],
) -> Taken | None:
    """A restored journal goes on from an entry that both sides have."""
    if batch.previous != _stored(line, batch.from_seq - 1, hash_at):
        return None
    superseded = line.stored_through - (batch.from_seq - 1)
    return Taken(_behind(line, batch.epoch, entries), entries, superseded)


def _stored(line: StoredLine, seq: int, hash_at: Callable[[int], str | None]) -> str | None:
    if seq == line.stored_through:
        return line.hash
    return FIRST_HASH if seq == 0 else hash_at(seq)


def _behind(line: StoredLine, epoch: int, new: tuple[PublicEntry, ...]) -> StoredLine:
    return StoredLine(epoch, new[-1].seq, new[-1].hash, new[-1].form) if new else line
