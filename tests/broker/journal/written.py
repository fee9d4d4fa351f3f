"""Writes a journal that a test can change, and says what the check finds in it."""

import shutil
from datetime import timedelta
from pathlib import Path

from broker.journal.chain import Problem
from broker.journal.entries import Heads, Journal
from broker.journal.verify import problems
from broker.store.schema import migrations
from shared.outbox import open_database
from tests.fakes import NINE


def body_of(number: int, name: str = "张女士") -> str:
    """The body of that entry, with a name in its sealed part."""
    return f'{{"count":{number},"name":"{name}"}}'


def write_journal(folder: Path, count: int) -> Path:
    """A hub's file whose journal has ``count`` entries, and the notes beside it."""
    path = folder / "hub.sqlite3"
    db = open_database(path)
    migrations.apply(db)
    journal = Journal(db, Heads(folder / "journal.heads"))
    for number in range(1, count + 1):
        body = body_of(number).encode()
        journal.append("check_in", f"c-{number}", body, NINE + timedelta(minutes=number))
        db.conn.commit()
        journal.seal()
    db.conn.execute("pragma wal_checkpoint(truncate)")
    db.conn.close()
    return path


def copied(whole: Path, folder: Path) -> Path:
    shutil.copy(whole.with_name("journal.heads"), folder)
    return Path(shutil.copy(whole, folder))


def found(path: Path) -> list[Problem]:
    return list(problems(path))
