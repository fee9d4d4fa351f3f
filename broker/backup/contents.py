"""What a backup holds: the hub's files, the site's settings and pictures in one compressed tar."""

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from broker.backup.site_folders import KEPT_BESIDES, SiteFolders
from broker.certificates.keeping import AUTHORITY_KEY
from broker.journal.chain import Head
from broker.journal.entries import FILE_NAME, HEADS_NAME, open_read_only
from broker.journal.verify import problems
from broker.site_key.signing import FILE_NAME as SIGNING_KEY
from shared.errors import OperatorError
from shared.sealed_file import DATA_KEY_NAME, connect, copy_over, sqlite3

HUB, CONFIG = "hub", "config"
"""The two folders of a backup."""
SETTINGS = ("*.toml", "*.json", SIGNING_KEY, AUTHORITY_KEY)
_LEVEL = 1
"""Of gzip: five times smaller already, and a Pi has better things to do."""


def pack(place: SiteFolders, scratch: Path, archive: Path) -> None:
    """Write the site to the tar ``archive``, consistent even while the hub works on it.

    The notes of the journal's end are copied before the journal: they must never be ahead of it.
    Log-ins are left out: a restored site must not let in who has logged out since.
    """
    hub, config = scratch / HUB, scratch / CONFIG
    hub.mkdir()
    config.mkdir()
    _copy_hub(place.hub, hub)
    for path in settings_files(place.config):
        shutil.copy(path, config)
    with tarfile.open(archive, "w:gz", compresslevel=_LEVEL) as tar:
        for folder in (hub, config):
            tar.add(folder, folder.name)
        for name, folder in place.besides.items():
            for path in readable(folder, KEPT_BESIDES[name]):
                tar.add(path, f"{name}/{path.name}")


def _copy_hub(hub: Path, into: Path) -> None:
    for name in (HEADS_NAME, DATA_KEY_NAME):  # the backup as a whole has the site's key
        if (hub / name).exists():
            shutil.copy(hub / name, into)
    if (hub / FILE_NAME).exists():
        _copy_database(hub / FILE_NAME, into / FILE_NAME)


def unpack(archive: Path, into: Path) -> None:
    """Write what the tar ``archive`` holds to the folder ``into``.

    Raises:
        OperatorError: it is no backup of a site.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            # Python 3.11.2 (Debian 12) has no filters; there our seal on the backup has to do.
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            tar.extractall(into)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise OperatorError("error.backup_unread", problem=error) from error
    if not (into / HUB / FILE_NAME).is_file() or not (into / CONFIG / "hub.toml").is_file():
        raise OperatorError("error.backup_incomplete")


def check(hub: Path) -> Head:
    """Where the journal in the folder ``hub`` ends, if the file is sound.

    Raises:
        OperatorError: a page is damaged, or the journal is not what was written.
    """
    path = hub / FILE_NAME
    for problem in problems(path):
        raise OperatorError("error.backup_damaged", seq=problem.seq, problem=problem.what)
    with closing(open_read_only(path)) as db:
        found = head_of(db)
    if found is None:
        raise OperatorError("error.backup_empty")
    return found


def head_of(db: sqlite3.Connection) -> Head | None:
    """Where the journal ends; ``on`` is the moment of its last entry. None: it is empty."""
    found = db.execute("select seq, hash, at from journal order by seq desc limit 1").fetchone()
    return Head(*found) if found else None


def settings_files(config: Path) -> Iterator[Path]:
    """The site's settings, accounts and what it signs with; not the key that opens backups.

    Only what we may read: systemd hides the other programs' passwords from the hub.
    """
    for pattern in SETTINGS:
        yield from readable(config, pattern)


def readable(folder: Path, pattern: str) -> Iterator[Path]:
    """The files of ``folder`` that fit the pattern and that we may read; none, if it is not ours.

    systemd hides the folders of the other programs from the hub.
    """
    if not os.access(folder, os.R_OK | os.X_OK):
        return
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and os.access(path, os.R_OK):
            yield path


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own backup: one moment of the file, and no writer waits for it."""
    target.touch(mode=0o600)
    with closing(open_read_only(source)) as old, closing(connect(target)) as new:
        copy_over(old, new)
