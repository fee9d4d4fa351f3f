"""A journal from which a person was erased: only entries that the erasure names may differ."""

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from broker.journal.chain import ERASED, Erasure, Redacted
from broker.journal.entries import Heads, Journal, entries
from broker.journal.verify import problems
from shared.outbox import open_database
from shared.sealed_file import connect, sqlite3
from tests.broker.journal.written import body_of, copied, found, write_journal
from tests.fakes import NINE

ENTRIES = 40
LOST = (7, 8, 21, 39)
"""Entries from which a person was erased; the first two are neighbours."""
TWICE = 8
"""An entry from which a second person was erased later."""


def erase(journal: Journal, *seqs: int, name: str) -> None:
    left = tuple(journal.redact(seq, body_of(seq, name)) for seq in seqs)
    vouches = Erasure(asked_by="operator", entries=left)
    journal.append(ERASED, "", msgspec.json.encode(vouches), NINE)


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_journal(tmp_path_factory.mktemp("erased"), ENTRIES)
    db = open_database(path)
    journal = Journal(db, Heads(path.with_name("journal.heads")))
    erase(journal, *LOST, name="gone")
    erase(journal, TWICE, name="gone, too")
    journal.append("check_in", "c-last", b"{}", NINE)
    db.conn.commit()
    journal.seal()
    db.conn.execute("pragma wal_checkpoint(truncate)")
    db.conn.close()
    return path


def test_what_an_entry_vouches_for_is_no_problem(erased: Path) -> None:
    assert list(problems(erased)) == []


@pytest.mark.parametrize(
    "column", ["at", "kind", "subject_id", "body", "previous", "hash", "sealed"]
)
@pytest.mark.parametrize("seq", LOST)
def test_no_field_of_an_entry_that_lost_a_person_may_be_changed(
    erased: Path, tmp_path: Path, seq: int, column: str
) -> None:
    chance = random.Random(seq)
    path = copied(erased, tmp_path)
    with closing(connect(path)) as db:
        (text,) = db.execute(f"select {column} from journal where seq = ?", [seq]).fetchone()
        at = chance.randrange(len(text))
        changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
        db.execute(f"update journal set {column} = ? where seq = ?", [changed, seq])
        db.commit()
    assert found(path)[0].seq == seq


Edit = Callable[[sqlite3.Connection], int]
"""Changes the journal; gives the entry that the check must name."""


def edit_one_that_lost_nobody(db: sqlite3.Connection) -> int:
    db.execute("update journal set body = '{}' where seq = 20")
    return 20


def put_back_what_was_erased(db: sqlite3.Connection) -> int:
    db.execute("update journal set body = ? where seq = 21", [body_of(21)])
    return 21


def put_back_the_state_before_the_second_erasing(db: sqlite3.Connection) -> int:
    db.execute("update journal set body = ? where seq = ?", [body_of(TWICE, "gone"), TWICE])
    return TWICE


def give_one_the_body_of_another(db: sqlite3.Connection) -> int:
    db.execute("update journal set body = (select body from journal where seq = 8) where seq = 7")
    return 7


def hash_it_anew(db: sqlite3.Connection) -> int:
    """As if nobody had been erased; but the next entry still holds the old hash."""
    db.execute("update journal set sealed = '' where seq = 21")
    entry = next(entries(db, after=20))
    db.execute("update journal set hash = ? where seq = 21", [entry.digest])
    return 21


def vouch_for_an_edit(db: sqlite3.Connection) -> int:
    """The erasure itself is changed: it vouches for nothing any more, and is named too."""
    db.execute("update journal set body = '{}' where seq = 30")
    entry = next(entries(db, after=29))
    row = next(entries(db, kind=ERASED))
    erasure = msgspec.json.decode(row.body, type=Erasure)
    more = (*erasure.entries, Redacted(seq=30, digest=entry.left))
    body = msgspec.json.encode(msgspec.structs.replace(erasure, entries=more)).decode()
    db.execute("update journal set body = ? where seq = ?", [body, row.seq])
    return LOST[0]


def vouch_for_another_public_part(db: sqlite3.Connection) -> int:
    """A later erasure, entered as the hub does it, of an entry that lost more than its names."""
    file = open_database(_file(db))
    journal = Journal(file, Heads(_file(db).with_name("journal.heads")))
    left = journal.redact(30, body_of(31, "gone"))
    vouches = Erasure(asked_by="operator", entries=(left,))
    journal.append(ERASED, "", msgspec.json.encode(vouches), NINE)
    file.conn.commit()
    journal.seal()
    file.conn.close()
    return 30


def delete_what_vouches(db: sqlite3.Connection) -> int:
    db.execute("delete from journal where seq = ?", [ENTRIES + 1])
    return LOST[0]


def damage_what_vouches(db: sqlite3.Connection) -> int:
    db.execute("update journal set body = 'no JSON' where seq = ?", [ENTRIES + 1])
    return LOST[0]


def vouch_for_what_comes_later(db: sqlite3.Connection) -> int:
    """An erasure vouches only for entries that came before it."""
    file = open_database(_file(db))
    journal = Journal(file)
    row = db.execute("select * from journal where seq = ?", [ENTRIES + 3]).fetchone()
    assert row is not None
    later = Redacted(seq=ENTRIES + 5, digest="0" * 64)
    vouches = Erasure(asked_by="operator", entries=(later,))
    journal.append(ERASED, "", msgspec.json.encode(vouches), NINE)
    journal.append("check_in", "c-x", b'{"name":"x"}', NINE)
    journal.redact(ENTRIES + 5, '{"name":null}')
    file.conn.commit()
    file.conn.close()
    return ENTRIES + 5


def _file(db: sqlite3.Connection) -> Path:
    return Path(db.execute("pragma database_list").fetchone()[2])


@pytest.mark.parametrize(
    "edit",
    [
        edit_one_that_lost_nobody,
        put_back_what_was_erased,
        put_back_the_state_before_the_second_erasing,
        give_one_the_body_of_another,
        hash_it_anew,
        vouch_for_an_edit,
        vouch_for_another_public_part,
        delete_what_vouches,
        damage_what_vouches,
        vouch_for_what_comes_later,
    ],
    ids=lambda edit: edit.__name__,
)
def test_every_other_edit_is_found_and_named(erased: Path, tmp_path: Path, edit: Edit) -> None:
    path = copied(erased, tmp_path)
    with closing(connect(path)) as db:
        named = edit(db)
        db.commit()
    told = found(path)
    assert told
    assert told[0].seq == named, told


def test_an_edit_of_what_vouches_is_named_itself(erased: Path, tmp_path: Path) -> None:
    path = copied(erased, tmp_path)
    with closing(connect(path)) as db:
        vouch_for_an_edit(db)
        db.commit()
    assert {30, ENTRIES + 1} <= {fault.seq for fault in found(path)}


def test_without_the_notes_an_erased_journal_is_no_better_proved(
    erased: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(erased, tmp_path))
    assert "missing" in found(path)[0].what
