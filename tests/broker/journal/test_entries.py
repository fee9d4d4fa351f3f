from pathlib import Path

import pytest
from sqlite_utils import Database

from broker.journal.chain import Head
from broker.journal.entries import Heads, Journal, entries, read_heads, seq_of
from broker.store.schema import migrations
from tests.fakes import NINE

A, B, C = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.heads"


@pytest.fixture
def db() -> Database:
    db = Database(memory=True)
    migrations.apply(db)
    return db


def test_a_day_has_one_note_and_the_next_day_another(path: Path) -> None:
    heads = Heads(path)
    for head in (Head(1, A, "2026-11-23"), Head(2, B, "2026-11-23"), Head(3, C, "2026-11-24")):
        heads.note(head)
    assert read_heads(path) == [Head(2, B, "2026-11-23"), Head(3, C, "2026-11-24")]


def test_the_notes_of_an_earlier_run_are_never_touched(path: Path) -> None:
    Heads(path).note(Head(1, A, "2026-11-23"))
    Heads(path).note(Head(2, B, "2026-11-23"))
    assert read_heads(path) == [Head(1, A, "2026-11-23"), Head(2, B, "2026-11-23")]


def test_what_a_power_cut_tore_is_written_over(path: Path) -> None:
    Heads(path).note(Head(1, A, "2026-11-23"))
    with path.open("a", encoding="utf-8") as file:
        file.write("2026-11-23 0000")
    Heads(path).note(Head(2, B, "2026-11-23"))
    assert read_heads(path) == [Head(1, A, "2026-11-23"), Head(2, B, "2026-11-23")]


def test_the_notes_are_nobody_else_s_to_read(path: Path) -> None:
    Heads(path).note(Head(1, A, "2026-11-23"))
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("2026-11-23", Head(0, "", "2026-11-23")),
        ("2026-11-23 seven abc", Head(0, "abc", "2026-11-23")),
        ("2026-11-23 7 abc more", Head(7, "abc", "2026-11-23")),
    ],
)
def test_a_note_that_cannot_be_one_is_a_note_of_nothing(path: Path, line: str, head: Head) -> None:
    path.write_text(line + "\n", encoding="utf-8")
    assert read_heads(path) == [head]


def test_the_end_is_noted_once_for_what_was_written(db: Database, path: Path) -> None:
    journal = Journal(db, Heads(path))
    journal.seal()
    assert not path.exists()
    journal.append("check_in", "c-1", b"{}", NINE)
    journal.seal()
    assert [head.seq for head in read_heads(path)] == [1]
    path.unlink()
    journal.seal()
    assert not path.exists()


def test_a_journal_without_notes_beside_it_is_sealed_in_silence(db: Database) -> None:
    journal = Journal(db)
    journal.append("check_in", "c-1", b"{}", NINE)
    journal.seal()
    entry = journal.read(1)
    assert (entry.kind, entry.subject_id, entry.body) == ("check_in", "c-1", "{}")
    assert entry.is_intact


def test_an_entry_is_found_by_its_hash_and_by_what_it_is_about(db: Database) -> None:
    journal = Journal(db)
    for number, kind in enumerate(("check_in", "policy", "check_in"), start=1):
        assert journal.append(kind, f"c-{number}", b"{}", NINE) == number
    head = journal.head()
    assert head is not None
    assert (head.seq, head.on) == (3, "2026-11-23")
    assert seq_of(db.conn, head.hash) == 3
    assert seq_of(db.conn, A) is None
    assert seq_of(db.conn, "é") is None
    assert [entry.seq for entry in entries(db.conn)] == [1, 2, 3]
    assert [entry.seq for entry in entries(db.conn, after=1)] == [2, 3]
    assert [entry.seq for entry in entries(db.conn, kind="check_in")] == [1, 3]
    assert [entry.seq for entry in entries(db.conn, after=1, kind="check_in")] == [3]


def test_the_journal_of_an_older_release_is_read_without_the_last_columns(db: Database) -> None:
    Journal(db).append("check_in", "c-1", b"{}", NINE)
    assert next(entries(db.conn)).form
    for column in ("sealed", "form"):
        db.conn.execute(f"alter table journal drop column {column}")
    assert next(entries(db.conn)).form == 0
    assert next(entries(db.conn)).salt
    db.conn.execute("alter table journal drop column salt")
    assert next(entries(db.conn)).salt == ""
