"""The tables of the hub's SQLite file, and how an older file becomes a newer one."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database, Migrations

from broker.journal import mentions
from broker.store.moments import utc_text
from broker.store.old_spellings import find_by_name, put_keys_into_stored_form
from broker.store.register import fill_indexes

migrations = Migrations("hub")

_TABLES: dict[str, tuple[str, dict[str, type]]] = {
    "arrivals": (
        "arrival_id",
        {
            "gate_id": str,
            "plate": str,
            "seen_at": str,
            "received_at": str,
            "late": int,
            "body": str,
        },
    ),
    "check_ins": (
        "check_in_id",
        {"kiosk_id": str, "checked_in_at": str, "received_at": str, "late": int, "body": str},
    ),
    "visits": (
        "visit_id",
        {
            "opened_at": str,
            "arrival_id": str,
            "check_in_id": str,
            "plate": str,
            "phone": str,
            "surname": str,
            "salutation": str,
            "owner_id": str,
            "host_id": str,
            "rule": str,
            "is_turn_used": int,
            "flags": str,
            "why": str,
            "claimed_by": str,
            "claimed_at": str,
        },
    ),
    "alerts": (
        "alert_id",
        {
            "visit_id": str,
            "role": str,
            "staff_id": str,
            "is_host_call": int,
            "expires_at": float,
            "body": str,
            "closed": str,
            "closed_at": str,
        },
    ),
    "registrations": (
        "registration_id",
        {
            "consultant_id": str,
            "registered_at": str,
            "surname": str,
            "salutation": str,
            "phone": str,
        },
    ),
    "rotation": ("consultant_id", {"place": int}),
    "journal": (
        "seq",
        {"at": str, "kind": str, "subject_id": str, "body": str, "previous": str, "hash": str},
    ),
    "rejected": (
        "digest",
        {"received_at": str, "topic": str, "reason": str, "payload": bytes},
    ),
}

_INDEXES = (
    ("arrivals", "plate"),
    ("visits", "arrival_id"),
    ("visits", "check_in_id"),
    ("visits", "opened_at"),
    ("alerts", "visit_id"),
    ("alerts", "closed_at"),
    ("registrations", "phone"),
)

_HOUSE_RULES = (
    "alter table registrations add column received_at text",
    "alter table registrations add column entry integer not null default 0",
    "alter table registrations add column is_late integer not null default 0",
    "alter table registrations add column is_overruled integer not null default 0",
    "create index registered_plates_by_registration on registered_plates (registration_id)",
    "create index registrations_by_surname on registrations (surname)",
    """create table plate_skeletons
        (skeleton text, plate text, primary key (skeleton, plate)) without rowid""",
    """create virtual table customer_texts using
        fts5(registration_id unindexed, text, tokenize = 'trigram')""",
    "create table look_ups (at text, consultant_id text, phone text, plate text)",
    "create index look_ups_by_at on look_ups (at)",
    "alter table visits add column finished_at text",
    "create index visits_by_phone on visits (phone)",
    "create index visits_by_plate on visits (plate)",
    "alter table rotation add column note text",
    "create table messages (message_id text primary key, received_at text, kind text, body text)",
    "create table snapshots (seq integer primary key, body text)",
    "create index journal_of_policies on journal (seq) where kind = 'policy'",
)

_OTHER_VISITORS = (
    """create table service_visits (service_visit_id text primary key, kind text, name text,
        party_size integer, whom text, number text, came_at text, is_told integer)""",
    "create table service_visit_ends (service_visit_id text primary key, left_at text)",
    "create index service_visits_untold on service_visits (came_at) where is_told = 0",
    "create index service_visits_by_came_at on service_visits (came_at)",
)

_PERSONS = (
    "create table mentions (name text, seq integer, primary key (name, seq)) without rowid",
    """create table own_pages (page_key text primary key, check_in_id text, opened_at text,
        surname text, salutation text, phone text, plate text)""",
    "create index own_pages_by_check_in on own_pages (check_in_id)",
    """create table erasures (erasure_id text primary key, check_in_id text, phone text,
        plate text, asked_by text, asked_at text, is_doubted integer, done_at text,
        is_swept integer)""",
    "create index erasures_due on erasures (asked_at) where done_at is null",
    "create index erasures_unswept on erasures (done_at) where is_swept = 0",
    "create index erasures_by_check_in on erasures (check_in_id)",
    "create index look_ups_by_phone on look_ups (phone)",
    "create index look_ups_by_plate on look_ups (plate)",
    "create index journal_of_erasures on journal (seq) where kind = 'erased'",
    "alter table journal add column salt text not null default ''",
)


_ALERT_LIFE = (
    """create table matters
        (matter_id text primary key, subject text, is_open integer, is_watched integer,
        next_at real, body text)""",
    "create index open_matters_by_time on matters (next_at) where is_open",
    "create index watched_matters on matters (is_watched) where is_watched",
    "create index open_matters_by_subject on matters (subject) where is_open",
    "alter table alerts add column matter_id text",
    "create table cares (visit_id text primary key, due_at real, body text)",
    "create index cares_by_time on cares (due_at) where due_at is not null",
    "create table troubles (gate_id text primary key, problem text)",
)

_ALERT_GROUPS = (
    "alter table matters rename to alert_groups",
    "alter table alert_groups rename column matter_id to group_id",
    "alter table alerts rename column matter_id to group_id",
    """update alert_groups
        set body = json_set(json_remove(body, '$.matter_id'), '$.group_id', group_id)""",
)


_FIRMER_RULES = (
    "alter table registrations add column is_unreceived integer not null default 0",
    "alter table registrations add column is_held integer not null default 0",
    "alter table registrations add column channel text",
    "create index registrations_held on registrations (consultant_id) where is_held",
    """create table overruled_keys
        (registration_id text, key text, primary key (registration_id, key)) without rowid""",
    "alter table look_ups add column name text",
    """create table looked_up_registrations
        (look_up integer, registration_id text, primary key (look_up, registration_id))
        without rowid""",
    "create index registrations_by_consultant on registrations (consultant_id, received_at)",
)


@migrations()
def create_tables(db: Database) -> None:
    """Release 0.1."""
    for name, (key, columns) in _TABLES.items():
        key_type = int if name == "journal" else str
        db.table(name).create({key: key_type, **columns}, pk=key)
    db.table("registered_plates").create(
        {"plate": str, "registration_id": str}, pk=("plate", "registration_id")
    )
    for table, column in _INDEXES:
        db.table(table).create_index([column])


@migrations()
def keep_the_house_rules(db: Database) -> None:
    """Release 0.2: all house rules; indexes for look-alike plates and parts of names."""
    for statement in _HOUSE_RULES:
        db.conn.execute(statement)
    for key, at in db.conn.execute("select registration_id, registered_at from registrations"):
        moment = utc_text(datetime.fromisoformat(at))
        db.conn.execute(
            "update registrations set registered_at = :at, received_at = :at "
            "where registration_id = :key",
            {"at": moment, "key": key},
        )
    fill_indexes(db)


@migrations()
def keep_the_life_of_alerts(db: Database) -> None:
    """Release 0.3: who is asked next, what is due for a visitor, what fails at a gate."""
    for statement in _ALERT_LIFE:
        db.conn.execute(statement)
    db.conn.execute("update alerts set matter_id = alert_id")
    still_open = db.conn.execute("select body, is_host_call from alerts where closed_at is null")
    for body, is_host_call in still_open.fetchall():
        _give_a_life(db, msgspec.json.decode(body), is_host_call=bool(is_host_call))


def _give_a_life(db: Database, alert: dict[str, Any], *, is_host_call: bool) -> None:
    """An alert of release 0.2 asks nobody else and expires; written as release 0.3 reads it."""
    asked = {key: alert[key] for key in ("alert_id", "role", "staff_id") if alert.get(key)}
    matter = {
        "matter_id": alert["alert_id"],
        "subject": alert["visit_id"],
        "about": "host" if is_host_call else "",
        "kind": "host" if is_host_call else "notice",
        "raised_at": alert["raised_at"],
        "ends_at": alert["expires_at"],
        "repeat_at": alert["expires_at"],
        "asked": [asked],
    }
    ends_at = datetime.fromisoformat(alert["expires_at"]).timestamp()
    db.conn.execute(
        "insert into matters values (?, ?, 1, ?, ?, ?)",
        (
            alert["alert_id"],
            alert["visit_id"],
            is_host_call,
            ends_at,
            msgspec.json.encode(matter).decode(),
        ),
    )


@migrations()
def keep_other_visitors(db: Database) -> None:
    """Release 0.3: visitors who are not customers."""
    for statement in _OTHER_VISITORS:
        db.conn.execute(statement)


@migrations()
def know_whom_the_journal_names(db: Database) -> None:
    """Release 0.3: a person's data is found, shown to them, and erased."""
    for statement in _PERSONS:
        db.conn.execute(statement)
    mentions.fill(db)


@migrations()
def call_alert_groups_by_their_name(db: Database) -> None:
    """Release 0.4: alerts that ask for the same thing are called a group, as in the messages."""
    for statement in _ALERT_GROUPS:
        db.conn.execute(statement)


@migrations()
def keep_decisions_without_a_sentence(db: Database) -> None:
    """Release 0.4: a visit keeps the decision; its sentence is made in the reader's language."""
    db.conn.execute("alter table visits add column decision text")
    steps = db.conn.execute(
        "select event.value ->> 'visit_id', json_remove(event.value, '$.why') from journal, "
        "json_each(iif(json_valid(body), body, '{}'), '$.events') as event "
        "where kind = 'step' and event.value ->> 'type' = 'decided' order by seq"
    )
    for visit_id, decided in steps:
        db.conn.execute("update visits set decision = ? where visit_id = ?", [decided, visit_id])
    db.conn.execute("alter table visits drop column why")


@migrations()
def note_the_line_in_codes(db: Database) -> None:
    """Release 0.4: the notes in the line are codes, to be said in the reader's language."""
    notes = {"接待中": "receiving", "请假": "leave", "暂离": "away", "补接": "make_up"}
    for said, note in notes.items():
        db.conn.execute("update rotation set note = ? where note = ?", [note, said])


@migrations()
def keep_what_firmer_rules_need(db: Database) -> None:
    """Release 0.5: entries that wait or count for some keys only, and whom a look-up showed."""
    for statement in _FIRMER_RULES:
        db.conn.execute(statement)


@migrations()
def find_the_rules_editions(db: Database) -> None:
    """Release 0.4: the journal notes which edition of the rules decides."""
    db.conn.execute("create index journal_of_rules on journal (seq) where kind = 'rules'")


@migrations()
def keep_each_key_in_one_spelling(db: Database) -> None:
    """Release 0.4: a phone or plate is stored in one form; 張 and 张 find each other."""
    find_by_name(db)
    put_keys_into_stored_form(db)


def migrate(db: Database) -> None:
    """Give an older file the tables of this release, after a copy of it was made beside it."""
    pending = migrations.pending(db)
    if pending and migrations.applied(db):
        _copy_beside(db, pending[0].name)
    migrations.apply(db)


def _copy_beside(db: Database, name: str) -> None:
    file = next(row["file"] for row in db.query("pragma database_list") if row["name"] == "main")
    copy = Path(f"{file}.before-{name}")
    if file and not copy.exists():
        with closing(sqlite3.connect(copy)) as target:
            db.conn.backup(target)
        copy.chmod(0o600)
