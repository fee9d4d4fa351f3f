"""The journal's chain: each entry hashes the one before, so a change of the past shows. Pure.

A person may be erased from it: their entries keep their hashes without the person's data, and a
later entry of the kind ``ERASED`` names each of them and the digest of what was left. Nothing else
may differ.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from shared.words import Sentence

FIRST_HASH = "0" * 64
"""The previous hash of the first entry."""
ERASED = "erased"
"""The kind of entry that vouches for others from which a person was erased."""

RETENTION = "retention"
"""Who asked for an erasure where nobody did: time did. Also the kind of a night's entry."""


class Redacted(msgspec.Struct, frozen=True, kw_only=True):
    """An entry from which a person was erased, and its digest since then."""

    seq: int
    digest: str


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an entry of the kind ``ERASED``; it does not say who was erased."""

    asked_by: str
    """``visitor``, ``operator``, ``restore`` or ``RETENTION``."""
    entries: tuple[Redacted, ...]
    registrations: tuple[str, ...] | None = None
    """The ids of the registrations that lost their keys and name; None: an older release did not
    say."""


class Written(NamedTuple):
    """What somebody enters into the journal."""

    at: str
    """ISO text: it is hashed as it is written."""
    kind: str
    subject_id: str
    """The message, visit or alert concerned."""
    body: str
    """JSON."""


def digest_of(previous: str, seq: int, written: Written, salt: str) -> str:
    """The hash of an entry: of the hash before it, its number, what was written, and its salt."""
    fields = (previous, str(seq), *map(str, written), *filter(None, [salt]))
    text = "\n".join(fields)
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal (流水): its number, what was ``Written``, and how it is chained."""

    seq: int
    at: str
    kind: str
    subject_id: str
    body: str
    previous: str
    hash: str
    salt: str = ""
    """Random text that is hashed too, and erased with the person: otherwise every phone number
    could be tried until the hash fits. Entries before release 0.3 have none."""

    @property
    def digest(self) -> str:
        """The hash that this entry must have."""
        written = Written(self.at, self.kind, self.subject_id, self.body)
        return digest_of(self.previous, self.seq, written, self.salt)

    @property
    def is_intact(self) -> bool:
        """Whether it is still as it was written."""
        return self.is_whole and self.digest == self.hash

    @property
    def is_whole(self) -> bool:
        """Whether no field holds a line break, which divides the fields when they are hashed."""
        return "\n" not in f"{self.at}{self.kind}{self.subject_id}{self.body}{self.salt}"


@dataclass(frozen=True, slots=True)
class Head:
    """How long the journal was and how it ended, noted in another file (链头)."""

    seq: int
    hash: str
    on: str
    """The day of the note, ``2026-11-23``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Where the journal is not what was written, and what shows it."""

    seq: int
    what: str


def next_entry(last: Head | None, written: Written, salt: str = "") -> Entry:
    """The entry that follows ``last``; None: there is none yet."""
    seq, previous = (last.seq + 1, last.hash) if last else (1, FIRST_HASH)
    return Entry(seq, *written, previous, digest_of(previous, seq, written, salt), salt)


def vouched_for(erasures: Iterable[Entry]) -> dict[int, str]:
    """The digest that each redacted entry must have, by its number; the latest erasure counts."""
    vouched: dict[int, str] = {}
    for entry in erasures:
        try:
            erasure = msgspec.json.decode(entry.body, type=Erasure)
        except (msgspec.DecodeError, UnicodeError):
            continue  # damaged: reported as an entry of its own
        if entry.is_intact:
            vouched |= {
                redacted.seq: redacted.digest
                for redacted in erasure.entries
                if redacted.seq < entry.seq
            }
    return vouched


def find_problems(
    entries: Iterable[Entry],
    heads: Iterable[Head],
    seq_of: Callable[[str], int | None],
    vouched: Mapping[int, str],
) -> Iterator[Problem]:
    """What is wrong with ``entries``, in their order, and with their end.

    ``heads`` are the notes of the journal's end; ``seq_of`` finds the entry with a hash, to tell
    where a moved entry came from; ``vouched`` has the digests of redacted entries. After a problem
    the check continues from there, so a single edit is a single problem.
    """
    noted: dict[int, list[Head]] = {}
    for head in heads:
        noted.setdefault(head.seq, []).append(head)
    seq, last_hash = 0, FIRST_HASH
    for entry in entries:
        if entry.seq != seq + 1:
            yield _gap(seq, entry.seq)
        left = vouched.get(entry.seq)
        if left is not None and (wrong := _not_as_left(entry, left)):
            yield wrong
        elif left is None and not entry.is_intact:
            yield _changed(entry, last_hash, seq_of)
        elif entry.previous != last_hash and entry.seq == seq + 1:
            yield _misplaced(entry, seq_of)
        yield from _other_than_noted(entry, noted.pop(entry.seq, ()))
        seq, last_hash = entry.seq, entry.hash
    if noted:
        yield from _wrong_end(seq, noted)


def _gap(before: int, found: int) -> Problem:
    if found <= before:
        return Problem(found, Sentence("journal.number"))
    return Problem(before + 1, Sentence("journal.deleted", which=_span(before + 1, found - 1)))


def _not_as_left(entry: Entry, digest: str) -> Problem | None:
    """Its hash is that of the erased text; what is left of it must have ``digest``."""
    if entry.is_intact:
        return Problem(entry.seq, Sentence("journal.back"))
    if entry.is_whole and entry.digest == digest:
        return None
    return Problem(entry.seq, Sentence("journal.not_as_left"))


def _changed(entry: Entry, last_hash: str, seq_of: Callable[[str], int | None]) -> Problem:
    if entry.previous == last_hash:
        return Problem(entry.seq, Sentence("journal.edited"))
    before = seq_of(entry.previous)
    if before is None:
        return Problem(entry.seq, Sentence("journal.inserted"))
    return Problem(entry.seq, Sentence("journal.moved_or_edited", before=before))


def _misplaced(entry: Entry, seq_of: Callable[[str], int | None]) -> Problem:
    before = seq_of(entry.previous)
    if before is None:
        return Problem(entry.seq - 1, Sentence("journal.replaced"))
    return Problem(entry.seq, Sentence("journal.moved", before=before))


def _other_than_noted(entry: Entry, heads: Iterable[Head]) -> Iterator[Problem]:
    for head in heads:
        if head.hash != entry.hash:
            yield Problem(entry.seq, Sentence("journal.other_than_noted", on=head.on))


def _wrong_end(last_seq: int, noted: dict[int, list[Head]]) -> Iterator[Problem]:
    """Notes of entries that are missing at the end; gaps inside the journal are told already."""
    if 0 in noted:
        yield Problem(0, Sentence("journal.notes", line=noted[0][0].on))
    if (end := max(noted)) > last_seq:
        which = _span(last_seq + 1, end)
        cut = Sentence("journal.cut_off", which=which, on=noted[end][0].on)
        yield Problem(last_seq + 1, cut)


def _span(first: int, last: int) -> Sentence:
    if first == last:
        return Sentence("journal.entry", seq=first)
    return Sentence("journal.entries", first=first, last=last)
