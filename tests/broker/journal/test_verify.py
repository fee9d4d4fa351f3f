import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import astuple

from broker.journal.chain import Head, Problem, Written, next_entry
from broker.journal.entries import Heads, Journal, entries, open_read_only
from broker.journal.verify import verify
from shared.outbox import open_database
from shared.sealed_file import connect, sqlite3
from tests.broker.journal.written import copied, found, write_journal
from tests.fakes import NINE

ENTRIES = 80
BYTES = 400
COLUMNS = ("at", "kind", "subject_id", "body", "previous", "hash", "salt")
Edit = Callable[[sqlite3.Connection, random.Random], set[int]]
"""Changes the journal; gives the entries of which the check may name one."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_journal(tmp_path_factory.mktemp("whole"), ENTRIES)


# Edits by somebody who wants another past


def change_a_field(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    seq, column = chance.randint(1, ENTRIES), chance.choice(COLUMNS)
    (text,) = db.execute(f"select {column} from journal where seq = ?", [seq]).fetchone()
    at = chance.randrange(len(text))
    other = chr(ord(text[at]) ^ chance.choice((1, 2, 4)))
    changed = text[:at] + other + text[at + 1 :]
    db.execute(f"update journal set {column} = ? where seq = ?", [changed, seq])
    return {seq}


def change_and_hash_anew(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    seq = chance.randint(2, ENTRIES)
    db.execute("update journal set body = body || ' ' where seq = ?", [seq])
    entry = next(entries(db, after=seq - 1))
    db.execute("update journal set hash = ? where seq = ?", [entry.digest, seq])
    return {seq}


def rewrite_to_the_end(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    seq = chance.randint(1, ENTRIES)
    db.execute("update journal set subject_id = 'c-0' where seq = ?", [seq])
    for follower in list(entries(db, after=seq - 1)):
        entry = next(entries(db, after=follower.seq - 1))
        before = db.execute("select hash from journal where seq = ?", [follower.seq - 1]).fetchone()
        previous = before[0] if before else entry.previous
        db.execute("update journal set previous = ? where seq = ?", [previous, follower.seq])
        digest = next(entries(db, after=follower.seq - 1)).digest
        db.execute("update journal set hash = ? where seq = ?", [digest, follower.seq])
    return {ENTRIES}


def delete(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    first = chance.randint(1, ENTRIES)
    last = min(ENTRIES, first + chance.choice((0, 0, 3)))
    db.execute("delete from journal where seq between ? and ?", [first, last])
    return {first}


def delete_and_close_the_gap(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    seq = chance.randint(1, ENTRIES - 1)
    db.execute("delete from journal where seq = ?", [seq])
    for later in range(seq + 1, ENTRIES + 1):
        db.execute("update journal set seq = ? where seq = ?", [later - 1, later])
    return {seq}


def cut_off(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    first = chance.randint(2, ENTRIES)
    db.execute("delete from journal where seq >= ?", [first])
    return {first}


def insert(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    """An entry between two others, with a hash that follows the one before."""
    seq = chance.randint(1, ENTRIES - 1)
    for later in range(ENTRIES, seq, -1):
        db.execute("update journal set seq = ? where seq = ?", [later + 1, later])
    last = next(entries(db, after=seq - 1))
    head = _head(last.seq, last.hash)
    fake = next_entry(head, Written(last.at, "check_in", "c-x", "{}"))
    db.execute(f"insert into journal values ({', '.join('?' * len(astuple(fake)))})", astuple(fake))
    return {seq + 1, seq + 2}


def swap(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    first, other = sorted(chance.sample(range(1, ENTRIES + 1), 2))
    for was, becomes in ((first, 0), (other, first), (0, other)):
        db.execute("update journal set seq = ? where seq = ?", [becomes, was])
    return {first}


def swap_contents(db: sqlite3.Connection, chance: random.Random) -> set[int]:
    first, other = sorted(chance.sample(range(1, ENTRIES + 1), 2))
    rows = [
        db.execute("select body from journal where seq = ?", [s]).fetchone()[0]
        for s in (first, other)
    ]
    db.execute("update journal set body = ? where seq = ?", [rows[1], first])
    db.execute("update journal set body = ? where seq = ?", [rows[0], other])
    return {first}


def _head(seq: int, digest: str) -> Head:
    return Head(seq, digest, "2026-11-23")


EDITS_BY_HAND: tuple[Edit, ...] = (
    change_a_field,
    change_and_hash_anew,
    rewrite_to_the_end,
    delete,
    delete_and_close_the_gap,
    cut_off,
    insert,
    swap,
    swap_contents,
)


def test_a_journal_that_nobody_touched_is_whole(whole: Path) -> None:
    said: list[str] = []
    assert verify(whole, said.append) == 0
    assert f"{ENTRIES} entries" in said[0]


@pytest.mark.parametrize("edits", [45, pytest.param(1_000, marks=pytest.mark.slow)])
def test_every_edit_through_sqlite_is_found_and_named(
    whole: Path, tmp_path: Path, edits: int
) -> None:
    chance = random.Random(20261123)
    for number in range(edits):
        edit = EDITS_BY_HAND[number % len(EDITS_BY_HAND)]
        path = copied(whole, tmp_path)
        with closing(connect(path)) as db:
            db.execute("pragma synchronous = off")
            named = edit(db, chance)
            db.commit()
        told = found(path)
        assert told, f"{edit.__name__} {named} was not found"
        assert told[0].seq in named, f"{edit.__name__} {named} was named {told[0]}"


def test_a_byte_changed_in_the_file_is_found_or_changed_no_entry(
    whole: Path, tmp_path: Path
) -> None:
    """Some bytes of the file belong to no entry; a change of those changes nothing that is read."""
    chance = random.Random(20261124)
    before = _read(whole)
    size = whole.stat().st_size
    found_count = 0
    for _ in range(BYTES):
        path = copied(whole, tmp_path)
        at = chance.randrange(size)
        with path.open("r+b") as file:
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ chance.randint(1, 255)]))
        is_found = bool(found(path))
        found_count += is_found
        assert is_found or _read(path) == before, f"byte {at}"
    assert found_count > BYTES / 20


def test_every_byte_of_an_entry_counts(whole: Path, tmp_path: Path) -> None:
    """Each byte of one entry as it lies in the file, one after the other."""
    raw = whole.read_bytes()
    with closing(open_read_only(whole)) as db:
        entry = next(entries(db, after=29))
    fields = (entry.at, entry.kind, entry.subject_id, entry.body, entry.previous, entry.hash)
    cell = "".join(fields).encode()
    start = raw.index(cell)
    for at in range(start, start + len(cell)):
        path = tmp_path / "hub.sqlite3"
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 0x20]) + raw[at + 1 :])
        shutil.copy(whole.with_name("journal.heads"), tmp_path)
        assert next(fault.seq for fault in found(path)) in (29, 30), f"byte {at - start}"


def test_an_empty_field_of_another_type_counts_too(whole: Path, tmp_path: Path) -> None:
    path = copied(whole, tmp_path)
    with closing(connect(path)) as db:
        db.execute("update journal set sealed = x'' where seq = 30")
        db.commit()
    assert next(fault.seq for fault in found(path)) == 30


def test_entries_cut_off_before_a_restart_are_still_missed_after_it(
    whole: Path, tmp_path: Path
) -> None:
    path = copied(whole, tmp_path)
    db = open_database(path)
    db.conn.execute(f"delete from journal where seq > {ENTRIES - 10}")
    journal = Journal(db, Heads(tmp_path / "journal.heads"))
    for number in range(20):
        journal.append("check_in", f"n-{number}", b"{}", NINE)
        db.conn.commit()
        journal.seal()
    (problem,) = found(path)
    assert problem == Problem(ENTRIES, "is not the entry that was noted on 2026-11-23")
    db.conn.close()


def test_without_the_notes_beside_it_the_end_cannot_be_proved(whole: Path, tmp_path: Path) -> None:
    path = copied(whole, tmp_path)
    (tmp_path / "journal.heads").unlink()
    assert "missing" in found(path)[0].what


def test_a_file_that_is_no_database_is_said_to_be_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    path.write_bytes(b"nothing of the kind" * 500)
    said: list[str] = []
    assert verify(path, said.append) == 1
    assert "cannot be read" in said[0]


def test_the_notes_survive_a_line_that_a_power_cut_tore(tmp_path: Path) -> None:
    path = write_journal(tmp_path, 3)
    with (tmp_path / "journal.heads").open("a") as file:
        file.write("2026-11-2")
    db = open_database(path)
    journal = Journal(db, Heads(tmp_path / "journal.heads"))
    journal.append("check_in", "c-4", b"{}", NINE)
    db.conn.commit()
    journal.seal()
    assert found(path) == []
    db.conn.close()


def _read(path: Path) -> list[object]:
    with closing(open_read_only(path)) as db:
        try:
            return list(entries(db))
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return []
