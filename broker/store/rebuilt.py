"""Who owns whom, once as the journal tells it and once as it stands in the file (对账).

The register is nothing but what the journal's events say. So it is built again from them, in a
file of its own that vanishes afterwards, and compared row by row: whoever changes a row by hand,
past the rules, is found out.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple, cast

import msgspec

from broker.journal.chain import ERASED, Entry, Erasure
from broker.journal.entries import entries, open_read_only
from broker.journal.hiding import ERASED as PSEUDONYM
from broker.journal.steps import FOUND, KNOWN, STEP
from broker.local.questions import CustomersImported, ImportTakenBack
from broker.rules.any_event import AnyEvent
from broker.rules.events import snake_case
from broker.rules.facts import Registration
from broker.rules.notices import LookedUp
from broker.store.listed_customers import let_count, take_out
from broker.store.old_spellings import stored_phone
from broker.store.register import CHANGES, CustomerRegister
from broker.store.registration_rows import COLUMNS
from broker.store.schema import migrations
from shared.database import Database
from shared.plate import normalize
from shared.privacy import masked_text
from shared.sealed_file import scratch, sqlite3
from shared.words import Sentence

SHOWN = 20
_NAMES = ("surname", "salutation")
_PERSONAL: dict[str, object] = {
    **dict.fromkeys(("phone", *_NAMES)),
    "plates": (),
    "overruled_keys": (),
}
"""What an erased registration has in place of the person."""


_CHANGING = tuple(f'"{snake_case(kind.__name__)}"' for kind in CHANGES if kind is not LookedUp)
"""How the journal's text names the events that change a registration."""


class Row(NamedTuple):
    """A registration as it stands in a file, though it may make no sense."""

    registration_id: str
    fields: dict[str, object]


class _Told(msgspec.Struct):
    """Of a step only what followed from it."""

    events: tuple[AnyEvent, ...]


@dataclass(frozen=True, slots=True)
class _Erased:
    """What was erased, as far as the journal says."""

    registrations: frozenset[str]
    entries: frozenset[int]
    """The entries from which somebody was taken out."""
    vague: frozenset[int]
    """Those of them whose erasure does not say which registrations are meant."""


@dataclass(slots=True)
class Rebuilt:
    """The register as the journal tells it."""

    db: Database
    last_row: int = 0
    register: CustomerRegister = field(init=False)

    def __post_init__(self) -> None:
        """Make the tables."""
        migrations.apply(self.db)
        self.db.conn.execute("create table origins (registration_id text primary key, seq integer)")
        self.register = CustomerRegister(self.db, is_searched=False)

    def take(self, entry: Entry) -> None:
        """Do what this entry says of the register."""
        if entry.kind in (KNOWN, FOUND):
            self.register.add(msgspec.json.decode(entry.body, type=Registration))
        elif entry.kind == CustomersImported.__name__:
            let_count(self.db, entry.subject_id)
            return
        elif entry.kind == ImportTakenBack.__name__:
            back = msgspec.json.decode(entry.body, type=ImportTakenBack)
            take_out(self.db, back.import_id, back.entered_at)
            return
        elif entry.kind == STEP and any(name in entry.body for name in _CHANGING):
            for event in msgspec.json.decode(entry.body, type=_Told).events:
                self.register.note(event)
        else:
            return
        new = "insert into origins select registration_id, ? from registrations where rowid > ?"
        self.last_row += self.db.conn.execute(new, [entry.seq, self.last_row]).rowcount

    def origin(self, registration_id: str) -> int:
        """The entry that first names this registration."""
        (seq,) = self.db.conn.execute(
            "select seq from origins where registration_id = ?", [registration_id]
        ).fetchone()
        return int(seq)


def compare(path: Path, tell: Callable[[str], None]) -> int:
    """Say where the register in the hub's file ``path`` is not what the journal tells; 1 if so."""
    found = list(islice(differences(path), SHOWN))
    for difference in found:
        tell(difference)
    if len(found) == SHOWN:
        tell(Sentence("verify.more"))
    if found:
        tell(Sentence("register.wrong", path=path))
        return 1
    with closing(open_read_only(path)) as db:
        count = db.execute("select count(*) from registrations").fetchone()[0]
    tell(Sentence("register.fine", path=path, count=count))
    return 0


def differences(path: Path) -> Iterator[Sentence]:
    """What in the register is not what the journal tells, by the registrations' ids."""
    with closing(open_read_only(path)) as db, closing(scratch()) as made:
        try:
            yield from _differences(db, Rebuilt(Database(made)))
        except (sqlite3.DatabaseError, UnicodeError, msgspec.DecodeError) as error:
            yield Sentence("register.unread", problem=error)


def _differences(db: sqlite3.Connection, rebuilt: Rebuilt) -> Iterator[Sentence]:
    for entry in entries(db):
        rebuilt.take(entry)
    erased = _erased(db)
    told_rows = map(_spelled_as_stored, _rows(rebuilt.db.conn))
    for told, found in _side_by_side(told_rows, _rows(db)):
        if told is None and found is not None:
            owner = found.fields["consultant_id"]
            yield Sentence("register.added", id=found.registration_id, owner=owner)
        elif told is not None and found is None:
            owner = told.fields["consultant_id"]
            yield Sentence("register.deleted", id=told.registration_id, owner=owner)
        elif told is not None and found is not None:
            seq = rebuilt.origin(told.registration_id)
            yield from _changes(_left_of(told, found, seq, erased), found)


def _changes(told: Row, found: Row) -> Iterator[Sentence]:
    for name, value in told.fields.items():
        if found.fields[name] != value:
            yield Sentence(
                "register.changed",
                id=told.registration_id,
                field=name,
                told=_shown(value),
                found=_shown(found.fields[name]),
            )


def _left_of(told: Row, found: Row, seq: int, erased: _Erased) -> Row:
    """What must be left of a registration after every erasure."""
    fields = dict(told.fields)
    if told.registration_id in erased.registrations:
        return Row(told.registration_id, fields | _PERSONAL)
    if seq in erased.entries:  # a name there is hidden, whosever it is
        hidden = [name for name in _NAMES if str(fields[name]).startswith(PSEUDONYM)]
        fields |= {name: found.fields[name] for name in hidden}
    if seq in erased.vague:
        blank = {name for name, value in _PERSONAL.items() if found.fields[name] == value}
        fields |= {name: found.fields[name] for name in {*_NAMES, *blank}}
    return Row(told.registration_id, fields)


def _erased(db: sqlite3.Connection) -> _Erased:
    registrations, redacted, vague = set[str](), set[int](), set[int]()
    for entry in entries(db, kind=ERASED):
        erasure = msgspec.json.decode(entry.body, type=Erasure)
        of_entries = {of.seq for of in erasure.entries}
        redacted |= of_entries
        registrations |= set(erasure.registrations or ())
        vague |= of_entries if erasure.registrations is None else set()
    return _Erased(frozenset(registrations), frozenset(redacted), frozenset(vague))


def _rows(db: sqlite3.Connection) -> Iterator[Row]:
    """Every registration, by id."""
    plates = "select plate from registered_plates where registration_id = ? order by plate"
    gone = "select key from overruled_keys where registration_id = ? order by key"
    names = (*COLUMNS.split(", "), "plates", "overruled_keys")
    for values in db.execute(f"select {COLUMNS} from registrations order by registration_id"):
        lists = (tuple(key for (key,) in db.execute(sql, values[:1])) for sql in (plates, gone))
        yield Row(str(values[0]), dict(zip(names, (*values, *lists), strict=True)))


def _spelled_as_stored(told: Row) -> Row:
    """``told`` with phone and plates in their one form: an older journal has them as they came."""
    phone, plates = told.fields["phone"], cast("tuple[str, ...]", told.fields["plates"])
    stored = {
        "phone": stored_phone(str(phone)) if phone else None,
        "plates": tuple(sorted(set(map(normalize, plates)))),
    }
    return Row(told.registration_id, told.fields | stored)


def _side_by_side(
    told: Iterator[Row], found: Iterator[Row]
) -> Iterator[tuple[Row | None, Row | None]]:
    """The rows of both, which come by id; None where one has no such row."""
    left, right = next(told, None), next(found, None)
    while left is not None or right is not None:
        is_left = right is None or (left and left.registration_id <= right.registration_id)
        is_right = left is None or (right and right.registration_id <= left.registration_id)
        yield left if is_left else None, right if is_right else None
        left = next(told, None) if is_left else left
        right = next(found, None) if is_right else right


def _shown(value: object) -> str:
    """``value`` with phones and plates masked."""
    return masked_text(msgspec.json.encode(value).decode())
