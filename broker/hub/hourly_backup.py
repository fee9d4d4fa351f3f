"""The hub's own backups, and the manager told of when they fail."""

import logging
import shutil
from pathlib import Path

from broker.alerts.calls import call_of_failed_backup
from broker.backup.own_copies import LOCAL
from broker.handlers.context import Hub
from broker.handlers.own_troubles import tell_of_trouble
from broker.hub.errand import Words
from broker.journal.entries import FILE_NAME
from broker.settings import HubSettings

log = logging.getLogger(__name__)

EVERY_S, AGAIN_AFTER_S = 3600.0, 600.0
LOCAL_EVERY_S = 86400.0
"""Without a folder on another disk: a card is worn by each."""
ROOM = 4
"""A backup beside the hub's file is made only with room for so many times the file."""


class HourlyBackup:
    """One an hour on another disk, else one a day beside the hub's file.

    They are another process's work: the loop must not wait for a slow disk, and a folder in the
    network that has gone away may hang for ever.
    """

    first_after_s = 300.0
    """Not at once: a hub that has just started has visitors waiting."""
    at_most_s = 1800.0

    def __init__(self, settings: HubSettings, config: Path) -> None:
        hub = Path(settings.data_dir)
        self._local = None if settings.backup_dir else hub / LOCAL
        self.every_s = LOCAL_EVERY_S if self._local else EVERY_S
        self._file = hub / FILE_NAME
        to = str(self._local or settings.backup_dir)
        self._words = ("backup", "--config", str(config), "--to", to)

    def due(self, _hub: Hub) -> Words | None:
        """The backup, where there is room for it."""
        return self._words if self._has_room() else None

    def ended(self, hub: Hub, *, has_failed: bool) -> float | None:
        """Tell whether it was made; an unfinished file is not a backup."""
        tell_of_trouble(hub, "backup", "failed" if has_failed else None, call_of_failed_backup())
        if not has_failed:
            return None
        log.warning("the backup failed; the next is tried in %d s", AGAIN_AFTER_S)
        return AGAIN_AFTER_S

    def _has_room(self) -> bool:
        if self._local is None:
            return True
        try:
            self._local.mkdir(mode=0o700, exist_ok=True)
            return shutil.disk_usage(self._local).free > ROOM * self._file.stat().st_size
        except OSError as error:  # a full or failing disk is told of elsewhere
            log.warning("no backup is made: %s", error)
            return False
