"""Restores a backup: checked first, what was there is kept, and the journal opens a new epoch."""

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from broker.backup.contents import CONFIG, HUB, head_of
from broker.backup.site_folders import SiteFolders
from broker.journal.chain import ERASED, Head
from broker.journal.entries import FILE_NAME, HEADS_NAME, Heads, Journal, open_read_only
from broker.journal.epochs import FIRST_EPOCH, begin_epoch, latest_epoch
from broker.store.schema import migrate
from shared.errors import OperatorError
from shared.outbox import open_database
from shared.replacing import flush
from shared.sealed_file import sqlite3

BEFORE_KEPT = 3
"""How many earlier states lie in a folder: they must never fill the disk."""
_LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a file; with another file they would destroy it."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What the file that was there says of the time after the backup."""

    epoch: int = FIRST_EPOCH
    entries: int | None = None
    """How many entries the backup does not have; None: there was no file that can be read."""
    erasures: int = 0
    """How often somebody was erased since: in the backup they are not."""


def lost_by(hub: Path, head: Head) -> Lost:
    """What goes when a backup that ends at ``head`` takes the place of the file in ``hub``."""
    path = hub / FILE_NAME
    if not path.is_file():
        return Lost()
    with closing(open_read_only(path)) as db:
        try:
            last = head_of(db)
            erasures = db.execute(
                "select count(*) from journal where kind = ? and seq > ?", [ERASED, head.seq]
            ).fetchone()[0]
            return Lost(latest_epoch(db), max(0, (last.seq if last else 0) - head.seq), erasures)
        except (sqlite3.DatabaseError, UnicodeError, msgspec.DecodeError):
            return Lost()


def open_epoch(hub: Path, backup: str, after: int, at: datetime) -> int:
    """Note in the journal of the folder ``hub`` that it goes on from ``backup``; the new epoch.

    ``after``: the epoch of the file that was there, which may have been restored before.
    """
    db = open_database(hub / FILE_NAME)
    try:
        migrate(db)
        journal = Journal(db, Heads(hub / HEADS_NAME))
        with db.atomic():
            begun = begin_epoch(journal, db.conn, backup, at, after)
        journal.seal()
        db.conn.execute("pragma wal_checkpoint(truncate)")
    finally:
        db.conn.close()
    return begun.epoch


def put_in_place(
    new: Path, place: SiteFolders, at: datetime, owner: str | None = None
) -> list[Path]:
    """Let the checked files below ``new`` take the place of the site's; the folders of the old.

    Each old file gets a second name before the new one takes its own, so at every moment either
    the old file or the new one is there, and never a new file with an old one's WAL. The files
    belong to ``owner``; None: to whom the old ones belong, else the folder.
    """
    kept = []
    besides = tuple((new / name, folder) for name, folder in place.besides.items())
    for source, folder in ((new / CONFIG, place.config), *besides, (new / HUB, place.hub)):
        if not source.is_dir():  # none of them was in the backup
            continue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owners = _owners(folder, owner)
        arriving = sorted(source.iterdir(), key=lambda path: path.name == FILE_NAME)
        if before := _set_aside([path.name for path in arriving], folder, at):
            kept.append(before)
        for path in arriving:
            _take_place(path, folder / path.name, owners)
        flush(folder)
    return kept


def _set_aside(names: list[str], folder: Path, at: datetime) -> Path | None:
    """Keep the files of these names in a dated folder beside them; None: there are none."""
    logs = [f"{name}{log}" for name in names for log in _LOGS]
    old = [path for name in (*names, *logs) if (path := folder / name).is_file()]
    if not old:
        return None
    before = folder / f"before-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    before.mkdir(mode=0o700)
    for path in old:
        if path.is_symlink():  # the way to the key, which may soon be another
            shutil.copy(path, before)
        else:
            os.link(path, before / path.name)
    flush(before)
    for older in sorted(folder.glob("before-*"))[:-BEFORE_KEPT]:
        shutil.rmtree(older)
    for name in logs:
        (folder / name).unlink(missing_ok=True)
    return before


def _owners(folder: Path, owner: str | None) -> tuple[int, int]:
    """User and group of what comes into ``folder``; a named owner gets the folder as well."""
    if owner is not None:
        try:
            shutil.chown(folder, user=owner, group=owner)
        except LookupError:
            raise OperatorError("error.no_owner", owner=owner) from None
    old = (folder / "hub.toml", folder / FILE_NAME, folder)
    model = folder if owner else next(path for path in old if path.exists())
    return model.stat().st_uid, model.stat().st_gid


def _take_place(path: Path, target: Path, owners: tuple[int, int]) -> None:
    """Move a copy of ``path`` to ``target``."""
    arrived = target.with_name(f".{target.name}.part")
    shutil.copy(path, arrived)
    arrived.chmod(0o600)
    os.chown(arrived, *owners)
    flush(arrived)
    arrived.replace(target)
