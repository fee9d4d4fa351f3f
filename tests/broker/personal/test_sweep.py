"""What is left of an erased person in the hub's folder is found wherever it lies."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from broker.personal.sweep import sweep

_BLOCK = 1 << 20
"""Bytes; the search reads so many at a time."""


@pytest.mark.parametrize("place", [100, _BLOCK - 5, _BLOCK, 2 * _BLOCK - 1, 3 * _BLOCK - 8])
def test_an_old_copy_that_names_the_person_goes_wherever_in_it_the_name_lies(
    tmp_path: Path, place: int
) -> None:
    db = Database(tmp_path / "hub.db")
    db.execute("pragma journal_mode = wal")
    db["visits"].insert({"plate": "浙A12345"})  # type: ignore[union-attr]
    content = bytearray((tmp_path / "hub.db").read_bytes().ljust(3 * _BLOCK, b"\0"))
    other = tmp_path / "hub.db.before-2"
    other.write_bytes(content)
    content[place : place + 8] = b"88886666"
    copy = tmp_path / "hub.db.before-1"
    copy.write_bytes(content)

    assert sweep(db, ["88886666", "苏B99999"])

    assert not copy.exists()
    assert other.exists()
