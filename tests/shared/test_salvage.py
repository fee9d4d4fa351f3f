"""Rows saved from a damaged file: what leads nowhere, or back, comes to an end."""

from contextlib import closing
from pathlib import Path

from shared.salvage import pour
from shared.sealed_file import connect, sqlite3

ROWS, PAGE = 200, 4096


def test_pages_that_lead_back_end_the_table_instead_of_turning_for_ever(tmp_path: Path) -> None:
    """The root's places of its first two leaves are exchanged, so that row numbers fall."""
    path = tmp_path / "a.db"
    with closing(connect(path)) as db, db:
        db.execute("create table t (body text)")
        db.executemany("insert into t values (?)", [("x" * 400,)] * ROWS)
        (root,) = db.execute("select rootpage from sqlite_master").fetchone()
    raw = bytearray(path.read_bytes())
    at = (root - 1) * PAGE
    cells = [at + int.from_bytes(raw[at + 12 + 2 * n : at + 14 + 2 * n], "big") for n in (1, 2)]
    first, second = (bytes(raw[cell : cell + 4]) for cell in cells)
    raw[cells[0] : cells[0] + 4], raw[cells[1] : cells[1] + 4] = second, first
    path.write_bytes(bytes(raw))
    with closing(connect(path)) as source, closing(sqlite3.connect(":memory:")) as target:
        target.execute("create table t (body text)")
        assert pour(source.execute, target, ["t"]) == {"t"}
        (count,) = target.execute("select count(*) from t").fetchone()
    assert 0 < count < ROWS
