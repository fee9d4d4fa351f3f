"""Rows wait for each other; whoever asks the file finds it as if they did not."""

from pathlib import Path

import pytest

from broker.journal.hub_file import HubFile, LateConnection, Remembered, later
from shared.outbox import open_database
from shared.sealed_file import sqlite3

SAVE = "insert into cars values (?, ?) on conflict do update set seen = excluded.seen"
LEFT = "update cars set seen = -1 where plate = ?"


@pytest.fixture
def db(tmp_path: Path) -> HubFile:
    db = HubFile(open_database(tmp_path / "hub.sqlite3", LateConnection).conn)
    with db.atomic():
        db.conn.execute("create table cars (plate text primary key, seen integer)")
        db.conn.execute("create table guests (name text)")
    return db


def save(db: HubFile, plate: str, seen: int) -> None:
    later(db, "cars", SAVE, {plate: (plate, seen)})


def in_the_file(db: HubFile) -> dict[str, int]:
    return dict(db.conn.execute("select plate, seen from cars order by rowid").fetchall())


def test_who_asks_for_a_table_finds_the_rows_that_wait_for_it(db: HubFile) -> None:
    with db.atomic():
        save(db, "A", 1)
        assert in_the_file(db) == {"A": 1}
        save(db, "B", 2)
        assert db.table("cars").count == 2


def test_of_a_row_that_changes_often_only_the_last_form_is_written(db: HubFile) -> None:
    before = db.conn.total_changes
    with db.atomic():
        for seen in range(5):
            save(db, "A", seen)
        db.conn.execute("select * from guests").fetchall()
    assert in_the_file(db) == {"A": 4}
    assert db.conn.total_changes - before == 1


def test_only_what_is_asked_for_is_written(db: HubFile) -> None:
    before = db.conn.total_changes
    with db.atomic():
        save(db, "A", 1)
        later(db, "guests", "insert into guests values (?)", {"one": ("张",)})
        later(db, "cars", LEFT, {"A": ("A",)})
        assert db.conn.total_changes - before == 1
        assert db.conn.execute("select name from guests").fetchall() == [("张",)]
        assert db.conn.total_changes - before == 2
    assert in_the_file(db) == {"A": -1}


def test_what_two_statements_do_to_a_row_keeps_its_order(db: HubFile) -> None:
    with db.atomic():
        later(db, "cars", LEFT, {"B": ("B",)})
        save(db, "A", 1)
        later(db, "cars", LEFT, {"A": ("A",)})
        save(db, "A", 2)
        later(db, "cars", LEFT, {"A": ("A",)})
    assert in_the_file(db) == {"A": -1}


def test_outside_a_transaction_nothing_waits(db: HubFile) -> None:
    save(db, "A", 1)
    db.conn.commit()
    assert in_the_file(db) == {"A": 1}


@pytest.mark.parametrize("is_asked", [False, True], ids=["waiting", "written"])
def test_a_part_that_fails_takes_its_own_rows_along_and_no_others(
    db: HubFile, is_asked: bool
) -> None:
    def fail() -> None:
        with db.atomic():
            save(db, "A", 2)
            save(db, "B", 2)
            with db.atomic():
                save(db, "C", 3)
            if is_asked:
                assert in_the_file(db) == {"A": 2, "B": 2, "C": 3}
            raise ZeroDivisionError

    with db.atomic():
        save(db, "A", 1)
        with pytest.raises(ZeroDivisionError):
            fail()
        save(db, "D", 4)
    assert in_the_file(db) == {"A": 1, "D": 4}


def test_a_row_that_the_file_refuses_undoes_only_its_own_part(db: HubFile) -> None:
    def fail() -> None:
        with db.atomic():
            save(db, "B", 2)
            later(db, "cars", SAVE, {"C": ("C",)})

    with db.atomic():
        save(db, "A", 1)
        with pytest.raises(sqlite3.ProgrammingError):
            fail()
        save(db, "D", 4)
    assert in_the_file(db) == {"A": 1, "D": 4}


def test_a_transaction_that_fails_leaves_the_file_and_what_is_remembered_as_before(
    db: HubFile,
) -> None:
    def seen(plate: str) -> int | None:
        return in_the_file(db).get(plate)

    known: Remembered[int | None] = Remembered(db)
    assert known.get("A", seen) is None

    def fail() -> None:
        with db.atomic():
            save(db, "A", 1)
            known.keep("A", 1)
            assert known.get("A", seen) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert known.get("A", seen) is None
    with db.atomic():
        save(db, "A", 2)
    assert known.get("A", lambda _: 0) is None, "what is remembered is asked for once"
    db.forget()
    assert known.get("A", seen) == 2


def test_a_part_that_only_reads_sets_no_savepoint(db: HubFile) -> None:
    said: list[str] = []
    with db.atomic():
        db.conn.set_trace_callback(said.append)
        with db.atomic():
            in_the_file(db)
    assert [line for line in said if "part" in line] == []
    assert said[-1] == "COMMIT"
