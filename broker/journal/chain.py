"""The journal's chain: each entry hashes the one before, so a change of the past shows. Pure.

What is hashed of an entry is its public part and the digest of the rest, the sealed part. A person
may be erased: their entries keep public part, digest and hash, and lose what the person said. A
later entry of the kind ``ERASED`` names each of them and the digest of what was left. Nothing else
may differ. (Of entries of the form 0 everything was hashed; only the erasure vouches for those.)
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from broker.journal.public_part import FORM, public_of
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


def _digest(*fields: object) -> str:
    return hashlib.sha256("\n".join(map(str, fields)).encode(errors="surrogateescape")).hexdigest()


class Entry(msgspec.Struct, frozen=True):
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
    form: int = 0
    """How it is hashed: see ``public_part``."""
    sealed: str = ""
    """The digest of the body as it was written, once a person was erased from it."""

    @property
    def sealed_digest(self) -> str:
        """The digest of its sealed part: of the body as it was written, and the salt."""
        return self.sealed or _digest(self.body, self.salt)

    @property
    def digest(self) -> str:
        """The hash that this entry must have."""
        if self.form == 0:
            salt = filter(None, [self.salt])
            return _digest(self.previous, self.seq, *self._said, self.body, *salt)
        public = public_of(self.body, self.form)
        return hash_of(self.previous, self.seq, self._said, self.form, public, self.sealed_digest)

    @property
    def left(self) -> str:
        """The digest by which an erasure vouches for what it left of this entry."""
        return self.digest if self.form == 0 else _digest(self.body)

    @property
    def is_intact(self) -> bool:
        """Whether it is still as it was written."""
        is_unsealed = self.sealed == ""  # not only empty: an empty blob was not written by us
        return is_unsealed and self._is_whole and self.digest == self.hash

    def is_left_as(self, left: str) -> bool:
        """Whether it is what an erasure left: its public part as written, the rest as vouched."""
        is_public_as_written = self.form == 0 or self.digest == self.hash
        return self._is_whole and is_public_as_written and self.left == left

    def is_good(self, left: str | None) -> bool:
        """Whether it is as it was written, or as the erasure that vouches for it left it."""
        return self.is_intact if left is None else self.is_left_as(left)

    @property
    def _said(self) -> tuple[str, str, str]:
        return self.at, self.kind, self.subject_id

    @property
    def _is_whole(self) -> bool:
        """Whether no field holds a line break, which divides the fields when they are hashed."""
        return "\n" not in f"{self.at}{self.kind}{self.subject_id}{self.body}{self.salt}"


def hash_of(
    previous: str, seq: int, said: tuple[str, str, str], form: int, public: str, sealed: str
) -> str:
    """The hash of an entry by what a head office knows of it: no part of it is personal."""
    return _digest(previous, seq, *said, form, public, sealed)


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


def next_entry(
    last: Head | None, written: Written, salt: str = "", public: str | None = None
) -> Entry:
    """The entry that follows ``last``; None: there is none yet. ``public``: its public part."""
    seq, previous = (last.seq + 1, last.hash) if last else (1, FIRST_HASH)
    if public is None:
        public = public_of(written.body, FORM)
    hashed = hash_of(previous, seq, written[:3], FORM, public, _digest(written.body, salt))
    return Entry(seq, *written, previous, hashed, salt, FORM)


def vouched_for(erasures: Iterable[Entry]) -> Iterator[Redacted]:
    """What the erasures vouch for, in their order: of several for one entry the last counts."""
    for entry in erasures:
        try:
            erasure = msgspec.json.decode(entry.body, type=Erasure)
        except (msgspec.DecodeError, UnicodeError):
            continue  # damaged: reported as an entry of its own
        if entry.is_intact:
            yield from (redacted for redacted in erasure.entries if redacted.seq < entry.seq)


def find_problems(
    entries: Iterable[Entry],
    heads: Iterable[Head],
    seq_of: Callable[[str], int | None],
    vouched: Callable[[int], str | None],
) -> Iterator[Problem]:
    """What is wrong with ``entries``, in their order, and with their end.

    ``heads`` are the notes of the journal's end; ``seq_of`` finds the entry with a hash, to tell
    where a moved entry came from; ``vouched`` has the digests of redacted entries. After a problem
    the check continues from there, so a single edit is a single problem.
    """
    noted: dict[int, list[Head]] = {}
    for head in heads:
        noted.setdefault(head.seq, []).append(head)
    seq, last_hash, form = 0, FIRST_HASH, 0
    for entry in entries:
        if entry.seq != seq + 1:
            yield _gap(seq, entry.seq)
        left, can_follow = vouched(entry.seq), entry.form in range(form, FORM + 1)
        if left is not None and (wrong := _not_as_left(entry, left)):
            yield wrong
        elif not (can_follow and entry.is_good(left)):
            yield _changed(entry, last_hash, seq_of)
        elif entry.previous != last_hash and entry.seq == seq + 1:
            yield _misplaced(entry, seq_of)
        yield from _other_than_noted(entry, noted.pop(entry.seq, ()))
        seq, last_hash = entry.seq, entry.hash
        form = entry.form if can_follow else form
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
    if entry.is_left_as(digest):
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
