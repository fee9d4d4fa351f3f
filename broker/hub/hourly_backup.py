"""The hub's own backups, made by a process of its own, and told of when they fail."""

import logging
import shutil
from pathlib import Path

from broker.alerts.calls import call_of_failed_backup
from broker.backup.own_copies import LOCAL
from broker.handlers.context import Hub
from broker.handlers.own_troubles import tell_of_trouble
from broker.hub.errand import Errand
from broker.journal.entries import FILE_NAME
from broker.settings import HubSettings

log = logging.getLogger(__name__)

FIRST_AFTER_S, EVERY_S, AGAIN_AFTER_S = 300.0, 3600.0, 600.0
"""Not at once: a hub that has just started has visitors waiting."""
LOCAL_EVERY_S = 86400.0
"""Without a folder on another disk: a card is worn by each."""
ROOM = 4
"""A backup beside the hub's file is made only with room for so many times the file."""
AT_MOST_S = 1800.0


class HourlyBackup:
    """Starts the backups: one an hour on another disk, else one a day beside the hub's file.

    They are another process's work: the loop must not wait for a slow disk, and a folder in the
    network that has gone away may hang for ever.
    """

    def __init__(self, settings: HubSettings, config: Path) -> None:
        hub = Path(settings.data_dir)
        self._local = None if settings.backup_dir else hub / LOCAL
        self._every_s = LOCAL_EVERY_S if self._local else EVERY_S
        self._file = hub / FILE_NAME
        to = str(self._local or settings.backup_dir)
        self._words = ("backup", "--config", str(config), "--to", to)
        self._errand = Errand(AT_MOST_S)
        self._next_at: float | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no backup is being made just now."""
        return self._errand.is_idle

    def step(self, hub: Hub, at_s: float) -> None:
        """Start a backup when it is due, and see how the running one ended; never waits.

        ``at_s`` is a monotonic clock's.
        """
        if self._next_at is None:
            self._next_at = at_s + FIRST_AFTER_S
        if (status := self._errand.ended(at_s)) is not None:
            self._look(hub, has_failed=status != 0)
        elif self.is_idle and at_s >= self._next_at:
            if self._has_room():
                self._errand.start(self._words, at_s)
            else:
                self._next_at = at_s + self._every_s

    def stop(self) -> None:
        """End the backup that is being made; its unfinished file is not a backup."""
        self._errand.stop()

    def _has_room(self) -> bool:
        if self._local is None:
            return True
        try:
            self._local.mkdir(mode=0o700, exist_ok=True)
            return shutil.disk_usage(self._local).free > ROOM * self._file.stat().st_size
        except OSError as error:  # a full or failing disk is told of elsewhere
            log.warning("no backup is made: %s", error)
            return False

    def _look(self, hub: Hub, *, has_failed: bool) -> None:
        self._next_at = self._errand.started_at_s + (AGAIN_AFTER_S if has_failed else self._every_s)
        if has_failed:
            log.warning("the backup failed; the next is tried in %d s", AGAIN_AFTER_S)
        tell_of_trouble(hub, "backup", "failed" if has_failed else None, call_of_failed_backup())
