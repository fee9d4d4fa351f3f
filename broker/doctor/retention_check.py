"""The check of the nightly erasing: whether it is done, and what it did last."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from broker.doctor.finding import Finding, hint, wrong
from broker.doctor.patient import Patient
from broker.journal.entries import FILE_NAME, last_moment, open_read_only
from broker.store.last_erasing import last_erasing
from shared.database import Database
from shared.sealed_file import sqlite3

OVERDUE = timedelta(days=4)
"""It is done every night, or on every second day."""


def retention(patient: Patient) -> Iterator[Finding]:
    """What was kept for long enough is erased."""
    path = patient.database / FILE_NAME
    if not path.is_file():
        return
    with closing(open_read_only(path)) as db:
        try:
            last = last_erasing(Database(db))
        except sqlite3.DatabaseError:
            return  # the check `database` says what is wrong with the file
    until = last_moment(patient.database)
    if last is None or until is None:
        return  # the hub has not run since this release came
    at, count = f"{last.at.astimezone():%m-%d %H:%M}", sum(last.erased.values())
    if until - last.at > OVERDUE:
        yield wrong("erasing_overdue", at=at)
    elif not last.is_complete:
        yield hint("erasing_goes_on", at=at, count=count)
