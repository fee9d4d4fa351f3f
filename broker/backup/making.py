"""Makes a backup: copied, encrypted, opened again and checked, and only then given its name."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from broker.backup.contents import HUB, check, pack, unpack
from broker.backup.erased_list import FILE_NAME as LIST_NAME
from broker.backup.erased_list import beside, merge_into
from broker.backup.kept import name_of, thin_out
from broker.backup.site_folders import SiteFolders
from broker.site_key.key import SiteKey
from shared.errors import OperatorError
from shared.in_use import holding
from shared.replacing import flush

KEPT_BESIDE = 2
"""How many backups lie in the hub's own folder, whose disk they share."""
SCRATCH = "scratch-"
"""How a folder with plain data begins; it lies beside the hub's file and is deleted at once."""


def make_backup(place: SiteFolders, site: str, key: SiteKey, to: Path, at: datetime) -> Path:
    """The new backup of this moment in the folder ``to``; older ones there are thinned out.

    Raises:
        OperatorError: another backup is being made, ``to`` cannot be written, or the copy is not
            sound. Nothing is deleted then.
    """
    if not to.is_dir():
        raise OperatorError("error.backup_folder", folder=to)
    done = to / name_of(site, at)
    begun = done.with_name(f".{done.name}.part")
    with holding(place.config, "backup", "error.backup_busy"), scratch_in(place.hub) as scratch:
        try:
            archive = scratch / "archive"
            pack(place, scratch, archive)
            key.encrypt(archive, begun)
            flush(begun)
            archive.unlink()
            (scratch / "again").mkdir()
            check(opened(begun, key, scratch / "again"))
            begun.replace(done)
            merge_into(beside(to, site), [place.hub / LIST_NAME], at)
            flush(to)
        except OSError as error:
            raise OperatorError("error.backup_failed", folder=to, problem=error) from error
        finally:
            begun.unlink(missing_ok=True)
    thin_out(to, site, KEPT_BESIDE if to.resolve().parent == place.hub.resolve() else None)
    return done


def opened(backup: Path, key: SiteKey, into: Path) -> Path:
    """Decrypt and unpack ``backup``; returns the folder below ``into`` with the hub's files.

    Raises:
        OperatorError: it cannot be opened with ``key``, or is no backup.
    """
    archive = into / "archive"
    key.decrypt(backup, archive)
    unpack(archive, into)
    archive.unlink()
    return into / HUB


@contextmanager
def scratch_in(folder: Path) -> Iterator[Path]:
    """A folder for plain data in ``folder``, gone after the block; so are those of killed runs."""
    for left in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    scratch = Path(mkdtemp(prefix=SCRATCH, dir=folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
