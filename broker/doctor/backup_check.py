"""Checks of the site's backups."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from broker.backup.kept import backups_in
from broker.doctor.finding import Finding, hint, unknown, wrong
from broker.doctor.patient import Patient
from broker.site_key.key import FILE_NAME, read_key

OVERDUE = timedelta(hours=3)
"""The hub makes one an hour; one may fail, and a restart takes its time."""


def backup(patient: Patient) -> Iterator[Finding]:
    """The site has a key, and a backup of the last hours on another disk."""
    assert patient.hub
    if patient.hub.is_demo:
        yield unknown("backup_of_a_demo")
        return
    read_key(patient.folder / FILE_NAME)
    if patient.hub.backup_dir is None:
        yield hint("no_backup_dir")
        return
    folder, moment = Path(patient.hub.backup_dir), patient.clock()
    if not folder.is_dir():
        yield wrong("backup_dir_missing", folder=str(folder))
        return
    if folder.stat().st_dev == patient.folder.stat().st_dev:
        yield hint("backup_same_disk", folder=str(folder))
    made = [at for at in backups_in(folder, patient.hub.site) if at <= moment]
    if not made:
        yield wrong("backup_none", folder=str(folder))
    elif moment - made[-1] > OVERDUE:
        since = f"{made[-1].astimezone():%m-%d %H:%M}"
        yield wrong("backup_overdue", folder=str(folder), since=since)
