"""Opens the hub's file: brings it up to this release and tells the rules who works here."""

import logging
from collections.abc import Generator
from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from broker.alerts.calls import call_of_missing_staff
from broker.backup.erased_list import FILE_NAME as LIST_NAME
from broker.backup.erased_list import ErasedList
from broker.backup.own_copies import OwnCopies
from broker.choices.changes import between
from broker.choices.rows import SiteChoices, rows_of
from broker.decider import Decider
from broker.handlers.context import Hub
from broker.handlers.mended_files import tell_of_own_file
from broker.handlers.often_told import OftenTold
from broker.handlers.own_troubles import tell_of_trouble
from broker.handlers.presence import Presence
from broker.handlers.settings_changes import set_roster
from broker.handlers.told_tablets import ToldTablets
from broker.hub.held_copy import HeldCopy, held_copy
from broker.hub.whole_file import MendedHub, made_whole, trouble_at_start
from broker.journal.choices import FIRST_FILE, KIND, Choices
from broker.journal.entries import FILE_NAME, HEADS_NAME, Heads, Journal
from broker.journal.hub_file import HubFile, LateConnection
from broker.journal.steps import KNOWN
from broker.journal.verify import problems
from broker.leaving.missing_staff import missing_staff, with_missing
from broker.local.questions import SettingsChange
from broker.log_ins.sessions import LogIns
from broker.personal.nightly_erasing import NightlyErasing
from broker.personal.persons import Persons
from broker.personal.sweep import clean_from_now_on
from broker.rules.facts import Registration
from broker.rules.policy import Policy
from broker.site_file import KnownCustomer, SitePeople
from broker.store.alert_groups import AlertGroups
from broker.store.duty_rows import Duties
from broker.store.hub_disk import HubDisk
from broker.store.inbox import Inbox
from broker.store.offered_cars import OfferedCars
from broker.store.raised_alerts import RaisedAlerts
from broker.store.register import CustomerRegister
from broker.store.schema import migrate, migrations
from broker.store.senders import Senders
from broker.store.service_visits import OtherVisitors
from shared.clock import Clock
from shared.codec import to_json
from shared.database import Database
from shared.disk import Reserve, disk_trouble
from shared.file_check import Trouble, is_no_damage, note_existence
from shared.ids import new_id
from shared.mending import PROBLEM, Copy
from shared.outbox import Outbox, open_database
from shared.sealed_file import sqlite3
from shared.words import DEFAULT_LANGUAGE

log = logging.getLogger(__name__)

MISSING = "staff"
"""The trouble that people are missing in ``site.toml``."""
CACHE_KB = 32_000
"""SQLite's page cache. With its usual 2 MB, the index of a long journal does not stay in memory."""


def open_hub(
    folder: Path,
    people: SitePeople,
    policy: Policy,
    clock: Clock,
    language: str = DEFAULT_LANGUAGE,
    copies: OwnCopies | None = None,
) -> Hub:
    """The hub whose file lies in ``folder``; a new file starts with the customers of ``people``.

    A file that is damaged, empty or gone is mended first, with the help of the site's backups
    ``copies``, and the manager is told. On a disk that is full or read-only the hub starts with a
    copy of the file in memory, which is mended there.
    """
    hub, mended = _opened_on_disk(folder, people, policy, clock, copies)
    hub = replace(hub, language=language, found_at_start=PROBLEM if mended else None)
    hub.disk.keep(partial(_begin, hub, people, mended))
    hub.disk.keep(hub.seal)
    return hub


def _begin(hub: Hub, people: SitePeople, mended: MendedHub | None) -> None:
    """Enter what a start has to enter."""
    hub.persons.make_up_for_the_last_run()
    with hub.decider.atomic():
        _take_over(hub)
        _enter_known(hub, people)
        for _ in set_roster(hub):
            pass  # nobody is told before the hub runs
        if mended:
            hub.persons.erase_again(hub.clock())
            hub.outbox.put_all(tell_of_own_file(hub, mended.mended, mended.lost))


def _opened_on_disk(
    folder: Path, people: SitePeople, policy: Policy, clock: Clock, copies: OwnCopies | None
) -> tuple[Hub, MendedHub | None]:
    """The hub over its file, or over a copy in memory; and what was done about a damaged file."""
    opened = partial(_opened_whole, folder, people, policy, clock, copies)
    try:
        return opened()
    except (OSError, sqlite3.Error) as error:
        if disk_trouble(error, folder) is None:
            raise
    Reserve(folder).release()
    try:
        return opened()
    except (OSError, sqlite3.Error) as error:
        trouble = disk_trouble(error, folder)
        if trouble is None:
            raise
    held = held_copy(folder / FILE_NAME, copies, clock())
    hub = _hub(folder / FILE_NAME, people, policy, clock, _key_of(copies), held)
    hub.disk.hold(trouble)
    return hub, held.mended


def _opened_whole(
    folder: Path, people: SitePeople, policy: Policy, clock: Clock, copies: OwnCopies | None
) -> tuple[Hub, MendedHub | None]:
    path, opened = folder / FILE_NAME, partial(_copies, copies, folder)
    trouble = trouble_at_start(path, lambda: bool(copies and copies.newest_first()))
    mended = made_whole(path, trouble, opened, clock()) if trouble else None
    try:
        hub = _hub(path, people, policy, clock, _key_of(copies))
    except (sqlite3.DatabaseError, msgspec.DecodeError, UnicodeError) as error:
        if mended is not None or not _is_damaged(path, error):
            raise
        mended = made_whole(path, Trouble.DAMAGED, opened, clock())
        hub = _hub(path, people, policy, clock, _key_of(copies))
    note_existence(path)
    return hub, mended


def _take_over(hub: Hub) -> None:
    """Enter what the settings files say as the site's first choices; later the files say nothing.

    Whom an older release knew and the file does not name keeps a name, and is called no more.
    """
    if hub.choices.kept:
        return
    missing = missing_staff(hub.people, hub.decider.state)
    told = ", ".join(missing) or None
    tell_of_trouble(hub, MISSING, told, call_of_missing_staff(missing.values()))
    for staff_id in {*missing, *hub.people.strangers}:
        log.warning("site.toml has no [[staff]] with the id %s; it goes on without them", staff_id)
    seed = SiteChoices(with_missing(hub.people, missing), hub.choices.policy)
    edits = between({}, rows_of(seed))
    if edits:
        moment = hub.clock()
        change = SettingsChange(
            change_id=new_id(moment), asked_at=moment, edits=edits, source=FIRST_FILE
        )
        hub.journal.append(KIND, change.change_id, to_json(change), moment)
        hub.choices.look_again()
        hub.choices.step()
    hub.choices.is_begun_now = True


def _key_of(copies: OwnCopies | None) -> Path | None:
    """The file of the site's key; None: a site without backups."""
    return copies.key if copies is not None else None


def _copies(copies: OwnCopies | None, folder: Path) -> Generator[Copy, None, None]:
    if copies is not None:
        yield from copies.opened(folder)


def _is_damaged(path: Path, error: Exception) -> bool:
    """Whether the file is to blame, and not a disk, a permission or a bug."""
    if isinstance(error, sqlite3.Error) and is_no_damage(error):
        return False
    return next(problems(path), None) is not None


def _hub(
    path: Path,
    people: SitePeople,
    policy: Policy,
    clock: Clock,
    key: Path | None,
    held: HeldCopy | None = None,
) -> Hub:
    migrations.refuse_newer(path)
    db = _opened(held.db if held else open_database(path, LateConnection))
    try:
        journal = Journal(db, Heads(path.with_name(HEADS_NAME)))
        choices = Choices(db, SiteChoices(people, policy), clock)
        decider = Decider(db, journal, choices.policy)
    except Exception:
        db.close()
        raise
    return Hub(
        inbox=Inbox(db),
        raised_alerts=RaisedAlerts(db),
        visits=decider.visits,
        register=CustomerRegister(db),
        alert_groups=AlertGroups(db),
        decider=decider,
        journal=journal,
        outbox=Outbox(db),
        presence=Presence(),
        clock=clock,
        choices=choices,
        offered=OfferedCars(db),
        others=OtherVisitors(db),
        persons=Persons(db, journal, decider, ErasedList(path.with_name(LIST_NAME), key)),
        nightly=NightlyErasing(db, journal, decider, settings=key and key.parent),
        senders=Senders(db),
        often_told=OftenTold(),
        log_ins=LogIns(clock),
        disk=_disk(db, path, decider, held),
        tablets=ToldTablets(db),
        duties=Duties(db),
    )


def _disk(db: Database, path: Path, decider: Decider, held: HeldCopy | None) -> HubDisk:
    put_on_disk = (lambda copy: _opened(held.put_on_disk(copy))) if held else None
    return HubDisk(db, path, decider.reload, put_on_disk)


def _opened(opened: Database) -> HubFile:
    """The file with this release's tables; SQLite overwrites what is deleted from it."""
    db = HubFile(opened.conn)
    db.conn.execute(f"pragma cache_size = -{CACHE_KB}")
    clean_from_now_on(db)
    migrate(db)
    return db


def _enter_known(hub: Hub, people: SitePeople) -> None:
    """Enter the customers of ``site.toml`` into a file that has none yet."""
    if not hub.register.is_empty:
        return
    for customer in people.registered:
        if customer.consultant in people.strangers:
            continue
        registration = _registration(customer, hub.decider.policy)
        hub.register.add(registration)
        hub.journal.append(
            KNOWN, registration.registration_id, msgspec.json.encode(registration), hub.clock()
        )


def _registration(customer: KnownCustomer, policy: Policy) -> Registration:
    at = (
        customer.at if customer.at.tzinfo else customer.at.replace(tzinfo=ZoneInfo(policy.timezone))
    )
    return Registration(
        registration_id=new_id(at),
        consultant_id=customer.consultant,
        registered_at=at,
        received_at=at,
        surname=customer.surname,
        salutation=customer.salutation,
        phone=customer.phone,
        plates=customer.plates,
        is_unreceived=not customer.received,
    )
