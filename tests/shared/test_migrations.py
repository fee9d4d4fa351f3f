"""A file of an older release is brought up; what it was before lies beside it, and not for ever."""

import os
from pathlib import Path

import pytest
from sqlite_utils import Database

from shared.migrations import COPIES_KEPT, Migrations
from shared.outbox import open_database

STEPS = [f"step_{number}" for number in range(6)]


def release(knows: int) -> Migrations:
    """The steps that a release knows."""
    migrations = Migrations("test")
    for name in STEPS[:knows]:

        @migrations(name=name)
        def take(db: Database, name: str = name) -> None:
            db.table(name).create({"id": int})

    return migrations


@pytest.mark.parametrize("releases", [2, 3, 6])
def test_of_the_files_from_before_an_update_the_newest_two_are_kept(
    tmp_path: Path, releases: int
) -> None:
    file = tmp_path / "a.sqlite3"
    for knows in range(1, releases + 1):
        release(knows).bring_up(open_database(file))
        for at, copy in enumerate(sorted(tmp_path.glob("*.before-*"))):
            os.utime(copy, (at, at))
    kept = {path.name for path in tmp_path.glob("*.before-*")}
    wanted = [f"a.sqlite3.before-{name}" for name in STEPS[1:releases]]
    assert kept == set(wanted[-COPIES_KEPT:])
    newest = open_database(tmp_path / wanted[-1])
    assert set(STEPS) & set(newest.table_names()) == set(STEPS[: releases - 1])
