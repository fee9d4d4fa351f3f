"""Earlier and damaged states of a program's files, left beside them: they go after a time."""

import logging
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

log = logging.getLogger(__name__)

COPIES = (
    "before-????????T??????Z",
    "*.sqlite3.before-*",
    "*.db.before-*",
    "*.sqlite3.damaged-*[0-9]",
    "*.db.damaged-*[0-9]",
)
"""How a restore, an update and a mending name what was there before them."""
KEPT_COPIES = timedelta(days=30)
"""A gate's and tablet's; the hub's policy says for how long its own are kept."""


def delete_old_copies(folder: Path, before: datetime) -> int:
    """Delete the copies in ``folder`` that were made before this moment; how many they were."""
    found = {path for pattern in COPIES for path in folder.glob(pattern)}
    old = [path for path in found if path.lstat().st_mtime < before.timestamp()]
    for path in old:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):  # not ours to delete
                path.unlink(missing_ok=True)
    gone = sum(not path.exists() for path in old)
    if gone:
        log.info("%s: %d old copies are deleted", folder, gone)
    return gone
