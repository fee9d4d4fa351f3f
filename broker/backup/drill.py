"""A restore tried on the side (演练): everything but the site's own files is as in earnest."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from broker.backup.contents import check
from broker.backup.making import opened
from broker.backup.restoring import open_epoch, put_in_place
from broker.backup.site_folders import SiteFolders
from broker.journal.entries import FILE_NAME
from broker.journal.epochs import FIRST_EPOCH
from broker.journal.replay import replay
from broker.journal.verify import verify
from broker.site_key.key import SiteKey
from broker.store.rebuilt import compare
from shared.words import Sentence


def drill(backup: Path, key: SiteKey, at: datetime, tell: Callable[[str], None]) -> int:
    """Restore ``backup`` into a folder that vanishes, and prove it; returns 1 if it is not sound.

    Raises:
        OperatorError: it cannot be opened, or is damaged.
    """
    begun = time.monotonic()
    with TemporaryDirectory(prefix="yingbin-drill-") as folder:
        new, place = Path(folder, "new"), SiteFolders(Path(folder, "config"), Path(folder, "hub"))
        new.mkdir()
        hub = opened(backup, key, new)
        head = check(hub)
        open_epoch(hub, backup.name, FIRST_EPOCH, at)
        put_in_place(new, place, at)
        restored_s = time.monotonic() - begun
        file = place.hub / FILE_NAME
        wrong = verify(file, tell) | replay(file, tell) | compare(file, tell)
    took_s = time.monotonic() - begun
    what = "drill.failed" if wrong else "drill.done"
    tell(
        Sentence(
            what,
            file=backup.name,
            seq=head.seq,
            restored_s=f"{restored_s:.1f}",
            took_s=f"{took_s:.1f}",
        )
    )
    return wrong
