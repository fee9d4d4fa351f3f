"""The journal's chain without anybody's data: written for a head office, and checked there.

One line of JSON an entry. Of an entry of the form 0, from before release 0.5, only its hash leaves
the house: it cannot be computed without the data, but the chain goes through it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from broker.journal.chain import FIRST_HASH, Entry, hash_of
from broker.journal.entries import entries, open_read_only
from broker.journal.outside_heads import forged_or_other
from broker.journal.public_part import FORM, public_of
from broker.journal.signed_head import SignedHead
from shared.errors import OperatorError
from shared.words import Sentence


class PublicEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What leaves the house of an entry."""

    seq: int
    previous: str
    hash: str
    form: int = 0
    at: str = ""
    kind: str = ""
    subject_id: str = ""
    public: str = ""
    sealed: str = ""
    """The digest of the sealed part."""

    @property
    def is_intact(self) -> bool:
        """Whether the hash is that of the rest; of an old entry nobody can tell."""
        said = (self.at, self.kind, self.subject_id)
        told = hash_of(self.previous, self.seq, said, self.form, self.public, self.sealed)
        return self.form == 0 or told == self.hash


def public_entry(entry: Entry) -> PublicEntry:
    """``entry`` without anybody's data."""
    chained = (entry.seq, entry.previous, entry.hash)
    if entry.form == 0:
        return PublicEntry(*chained)
    said = (entry.at, entry.kind, entry.subject_id, public_of(entry.body, entry.form))
    return PublicEntry(*chained, entry.form, *said, entry.sealed_digest)


def write_public(journal: Path, path: Path, tell: Callable[[str], None]) -> int:
    """Write the chain of the hub's file ``journal`` to the file ``path``; 0."""
    count = 0
    path.touch(mode=0o600)
    with closing(open_read_only(journal)) as db, path.open("wb") as file:
        for entry in entries(db):
            file.write(msgspec.json.encode(public_entry(entry)) + b"\n")
            count += 1
    tell(Sentence("chain.written", path=path, count=count))
    return 0


def check_public(
    path: Path, heads: Iterable[SignedHead], public_key: str, tell: Callable[[str], None]
) -> int:
    """Check the chain in the file ``path``, and whether it fits the signed ``heads``; 1: not."""
    wanted, hashes = list(heads), dict[int, str]()
    asked = {head.seq for head in wanted}
    seq, last, form = 0, FIRST_HASH, 0
    for entry in _read(path):
        is_next = entry.seq == seq + 1 and entry.previous == last
        if not (is_next and entry.is_intact and entry.form in range(form, FORM + 1)):
            tell(Sentence("chain.wrong", path=path, seq=seq + 1))
            return 1
        seq, last, form = entry.seq, entry.hash, entry.form
        if seq in asked:
            hashes[seq] = last
    tell(Sentence("chain.fine", path=path, count=seq, hash=last))
    found = [forged_or_other(head, public_key, hashes.get(head.seq)) for head in wanted]
    for head, problem in zip(wanted, found, strict=True):
        tell(problem or Sentence("verify.head_fine", on=head.on, seq=head.seq))
    return int(any(found))


def _read(path: Path) -> Iterator[PublicEntry]:
    try:
        with path.open("rb") as file:
            for line in file:
                yield msgspec.json.decode(line, type=PublicEntry)
    except (OSError, msgspec.DecodeError, UnicodeError) as error:
        raise OperatorError("error.chain", path=path, problem=error) from error
