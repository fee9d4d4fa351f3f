"""The hub's own backups: one an hour, made by a process of its own, and told of when they fail."""

import logging
import subprocess
import sys
from pathlib import Path

from broker.alerts.calls import Guest, call_of_failed_backup
from broker.child_process import start_child, stop_child
from broker.handlers.alerting import raise_alert, silence
from broker.handlers.context import Hub
from broker.settings import HubSettings
from shared.messages import CloseReason
from shared.words import LOG_LANGUAGE

log = logging.getLogger(__name__)

FIRST_AFTER_S, EVERY_S, AGAIN_AFTER_S = 300.0, 3600.0, 600.0
"""Not at once: a hub that has just started has visitors waiting."""
AT_MOST_S = 1800.0
STOPS_WITHIN_S = 5.0
SUBJECT = "backup"
_TROUBLE, _FAILED = "hub:backup", "failed"
"""In the table of troubles; no gate has a name with a colon."""
_FRONT_DOOR = Path(__file__).parents[2] / "yingbin.py"


class HourlyBackup:
    """Starts the backups of a site whose settings name a folder for them.

    They are another process's work: the loop must not wait for a slow disk, and a folder in the
    network that has gone away may hang for ever.
    """

    def __init__(self, settings: HubSettings, config: Path) -> None:
        self._is_wanted = settings.backup_dir is not None
        yingbin = ("nice", sys.executable, str(_FRONT_DOOR))
        self._command = (*yingbin, "--lang", LOG_LANGUAGE, "backup", "--config", str(config))
        self._child: subprocess.Popen[str] | None = None
        self._started_at = 0.0
        self._next_at: float | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no backup is being made just now."""
        return self._child is None

    def step(self, hub: Hub, at_s: float) -> None:
        """Start a backup when it is due, and see how the running one ended; never waits.

        ``at_s`` is a monotonic clock's.
        """
        if not self._is_wanted:
            return
        if self._next_at is None:
            self._next_at = at_s + FIRST_AFTER_S
        if self._child is not None:
            self._look(hub, self._child, at_s)
        elif at_s >= self._next_at:
            self._child, self._started_at = start_child(self._command), at_s

    def stop(self) -> None:
        """End the backup that is being made; its unfinished file is not a backup."""
        if self._child is not None:
            stop_child(self._child, within_s=STOPS_WITHIN_S)

    def _look(self, hub: Hub, child: "subprocess.Popen[str]", at_s: float) -> None:
        if child.poll() is None:
            if at_s - self._started_at > AT_MOST_S:
                child.kill()
            return
        self._child = None
        has_failed = child.returncode != 0
        self._next_at = self._started_at + (AGAIN_AFTER_S if has_failed else EVERY_S)
        if has_failed:
            log.warning("the backup failed; the next is tried in %d s", AGAIN_AFTER_S)
        _tell(hub, _FAILED if has_failed else None)


def _tell(hub: Hub, trouble: str | None) -> None:
    """Alert the manager when backups begin to fail, and end the alert when one succeeds."""
    if trouble == hub.alert_groups.trouble(_TROUBLE):
        return
    with hub.decider.atomic():
        hub.alert_groups.save_trouble(_TROUBLE, trouble)
        messages = [*silence(hub, SUBJECT, CloseReason.CANCELLED)]
        if trouble is not None:
            messages += raise_alert(hub, SUBJECT, call_of_failed_backup(), Guest())
        hub.outbox.put_all(messages)
