"""Erases again whom a backup brought back: whomever the list of the erased names."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from broker.backup.erased_list import Listed, digest
from broker.decider import Decider
from broker.journal import mentions
from broker.journal.entries import FILE_NAME, HEADS_NAME, Heads, Journal
from broker.journal.hub_file import HubFile, LateConnection
from broker.journal.past import latest_policy
from broker.personal import dossier as dossiers
from broker.personal.dossier import Dossier
from broker.personal.erasure import Eraser
from broker.personal.sweep import TextMerge, clean_from_now_on, is_log_emptied, write_anew
from broker.site_key.key import SiteKey
from shared.database import Database
from shared.errors import OperatorError
from shared.outbox import open_database

DossierOf = Callable[[Database, str], Dossier]
RESTORE = "restore"
"""Who asked, as the journal says."""
_IDS = (
    (
        "select visit_id from visits where coalesce(phone, plate, surname) is not null",
        dossiers.of_visit,
    ),
    (
        "select registration_id from registrations where coalesce(phone, surname) is not null",
        dossiers.of_registration,
    ),
)
"""Who was listed without a phone or plate that was theirs alone is found by these ids."""


def erase_again_in(hub: Path, listed: Listed, key: SiteKey, at: datetime) -> int:
    """Erase the listed from the file in the folder ``hub``, where no hub runs; how often."""
    db = HubFile(open_database(hub / FILE_NAME, LateConnection).conn)
    try:
        clean_from_now_on(db)
        journal = Journal(db, Heads(hub / HEADS_NAME))
        decider = Decider(db, journal, latest_policy(db))
        with decider.atomic():
            count = erase_again(db, Eraser(db, journal, decider), listed, key, at)
        journal.seal()
        if count:
            merge = TextMerge()
            while not merge.is_done(db):
                pass
            write_anew(db)
        is_log_emptied(db)
    finally:
        db.conn.close()
    return count


def erase_again(db: Database, eraser: Eraser, listed: Listed, key: SiteKey, at: datetime) -> int:
    """Erase the listed, in the caller's transaction; how many erasures were done again."""
    done = set()
    for name, dossier_of in _named(db) if listed else ():
        erased_at = listed.get(digest(name, key))
        if erased_at is None or _was_named_since(db, name, erased_at):
            continue
        with suppress(OperatorError):  # several people gave this plate since
            dossier = dossier_of(db, name)
            eraser.erase([dossier], RESTORE, at)
            eraser.drop_what_waits(dossier)
            done.add(erased_at)
    return len(done)


def _named(db: Database) -> Iterator[tuple[str, DossierOf]]:
    for name, _ in list(mentions.keys(db)):
        yield name, dossiers.of_phone if name.isascii() else dossiers.of_plate
    for sql, dossier_of in _IDS:
        for (name,) in db.conn.execute(sql).fetchall():
            yield name, dossier_of


def _was_named_since(db: Database, name: str, moment: datetime) -> bool:
    """Whether they came again after they had been erased."""
    seq = mentions.last_entry(db, name)
    found = db.conn.execute("select at from journal where seq = ?", [seq]).fetchone()
    return found is not None and datetime.fromisoformat(found[0]) > moment
