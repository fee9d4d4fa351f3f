"""Rows saved from a damaged file: what leads nowhere, or back, comes to an end."""

from contextlib import closing
from pathlib import Path

import pytest

from shared.salvage import pour
from shared.sealed_file import connect, sqlite3

ROWS, PAGE = 200, 4096
TABLES = {
    "numbered": "create table t (body text)",
    "by key": "create table t (body text primary key) without rowid",
}


def places_of_leaves(raw: bytes, root: int) -> list[int]:
    """Where the table's root page names its first leaves."""
    at = (root - 1) * PAGE
    cells = (int.from_bytes(raw[at + 12 + 2 * n : at + 14 + 2 * n], "big") for n in (1, 2))
    return [at + cell for cell in cells]


@pytest.mark.parametrize("sql", TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("leads", ["crosswise", "back"])
def test_pages_that_lead_back_end_the_table_instead_of_turning_for_ever(
    tmp_path: Path, sql: str, leads: str
) -> None:
    """The root names its second leaf first, or its first one twice: what should rise falls."""
    path = tmp_path / "a.db"
    with closing(connect(path)) as db, db:
        db.execute(sql)
        rows = [(f"{number:03d}{'x' * 100}",) for number in range(ROWS)]
        db.executemany("insert into t values (?)", rows)
        (root,) = db.execute("select rootpage from sqlite_master").fetchone()
    raw = bytearray(path.read_bytes())
    one, two = places_of_leaves(bytes(raw), root)
    first, second = bytes(raw[one : one + 4]), bytes(raw[two : two + 4])
    raw[two : two + 4] = first
    if leads == "crosswise":
        raw[one : one + 4] = second
    path.write_bytes(raw)
    with closing(connect(path)) as source, closing(sqlite3.connect(":memory:")) as target:
        target.execute("create table t (body text)")
        assert pour(source.execute, target, ["t"]) == {"t"}
        (count,) = target.execute("select count(*) from t").fetchone()
    assert 0 < count < ROWS


def test_a_sound_table_without_row_numbers_is_saved_whole_whatever_its_key_holds() -> None:
    keys = [1, 2.5, 10, "10", "9", "浙", "\U0001f697", b"\x00", b"\xff"]
    with closing(sqlite3.connect(":memory:")) as source, closing(sqlite3.connect(":memory:")) as to:
        source.execute("create table t (a, b, primary key (a, b)) without rowid")
        to.execute("create table t (a, b)")
        both = [(a, b) for a in keys for b in keys]
        source.executemany("insert into t values (?, ?)", both)
        assert pour(source.execute, to, ["t"]) == set()
        assert set(to.execute("select * from t")) == set(both)
