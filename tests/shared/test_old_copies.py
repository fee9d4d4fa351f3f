import os
from datetime import timedelta
from pathlib import Path

from shared.clock import now
from shared.edge_outbox import EdgeOutbox
from shared.old_copies import KEPT_COPIES, delete_old_copies
from shared.outbox import open_database

COPIES = ("gate.sqlite3.before-keep_what_was_told", "gate.sqlite3.damaged-2026-11-23T010000")


def made(folder: Path) -> tuple[Path, ...]:
    """Copies as an update, a mending and a restore leave them."""
    files = tuple(folder / name for name in COPIES)
    before = folder / "before-20261123T010000Z"
    before.mkdir()
    for path in (*files, before / "hub.sqlite3"):
        path.touch()
    return (*files, before)


def test_copies_go_after_their_time_and_the_file_stays(tmp_path: Path) -> None:
    own, copies = tmp_path / "gate.sqlite3", made(tmp_path)
    own.touch()
    for path in (own, *copies):
        os.utime(path, (1_000, 1_000))
    assert delete_old_copies(tmp_path, now()) == len(copies)
    assert [path.name for path in tmp_path.iterdir()] == [own.name]


def test_a_gate_deletes_its_old_copies_by_itself(tmp_path: Path) -> None:
    outbox = EdgeOutbox(open_database(tmp_path / "gate.sqlite3"))
    copies = made(tmp_path)
    outbox.forget_old(now())
    assert all(path.exists() for path in copies)
    outbox.forget_old(now() + KEPT_COPIES + timedelta(minutes=1))
    assert not any(path.exists() for path in copies)
