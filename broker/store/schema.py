"""The tables of the hub's SQLite file, and how an older file becomes a newer one."""

from datetime import datetime
from typing import Any

import msgspec

from broker.journal import mentions
from broker.journal.entries import Journal
from broker.journal.steps import FOUND
from broker.store.moments import utc_text
from broker.store.old_spellings import find_by_name, put_keys_into_stored_form
from broker.store.register import fill_indexes
from broker.store.tables import (
    ALERT_GROUPS,
    ALERT_LIFE,
    CASE_PICTURES,
    CASES,
    CONTACTS,
    DUTIES,
    EVENT_GUESTS,
    FIRMER_RULES,
    HOUSE_RULES,
    INDEXES,
    KEPT_TIMES,
    OTHER_VISITORS,
    PERSONS,
    PLANNED_DAYS,
    PUBLIC_PARTS,
    RECEIVED,
    SENDERS,
    TABLES,
    UNTOLD_REGISTRATIONS,
    WEATHER,
)
from shared.database import Database
from shared.migrations import Migrations

migrations = Migrations("hub")


@migrations()
def create_tables(db: Database) -> None:
    """Release 0.1."""
    for name, (key, columns) in TABLES.items():
        key_type = int if name == "journal" else str
        db.table(name).create({key: key_type, **columns}, pk=key)
    db.table("registered_plates").create(
        {"plate": str, "registration_id": str}, pk=("plate", "registration_id")
    )
    for table, column in INDEXES:
        db.table(table).create_index([column])


@migrations()
def keep_the_house_rules(db: Database) -> None:
    """Release 0.2: all house rules; indexes for look-alike plates and parts of names."""
    for statement in HOUSE_RULES:
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
    for statement in ALERT_LIFE:
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
    for statement in OTHER_VISITORS:
        db.conn.execute(statement)


@migrations()
def know_whom_the_journal_names(db: Database) -> None:
    """Release 0.3: a person's data is found, shown to them, and erased."""
    for statement in PERSONS:
        db.conn.execute(statement)
    mentions.fill(db)


@migrations()
def call_alert_groups_by_their_name(db: Database) -> None:
    """Release 0.4: alerts that ask for the same thing are called a group, as in the messages."""
    for statement in ALERT_GROUPS:
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
    for statement in FIRMER_RULES:
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


@migrations()
def tell_the_journal_whom_it_never_knew(db: Database) -> None:
    """Release 0.5: release 0.1 entered customers without a word to its journal."""
    chain_public_parts(db)  # entries are written in today's form
    journal = Journal(db)
    (end,) = db.conn.execute("select max(at) from journal").fetchone()
    for registration_id, at, body in db.conn.execute(UNTOLD_REGISTRATIONS).fetchall():
        journal.append(FOUND, registration_id, body.encode(), datetime.fromisoformat(end or at))


@migrations()
def keep_what_is_known_of_senders(db: Database) -> None:
    """Release 0.5: how far off a sender's clock is, and who flooded the hub."""
    db.conn.execute(SENDERS)


@migrations()
def may_be_sealed(_db: Database) -> None:
    """Release 0.5: the file may be encrypted, which no release before can read."""


@migrations()
def find_who_was_called(db: Database) -> None:
    """Release 0.5: what owners say of calling their customers is found by owner."""
    db.conn.execute(CONTACTS)


@migrations()
def keep_cases(db: Database) -> None:
    """Release 0.5: enquiries, complaints, repairs and what else somebody has to see to."""
    for statement in CASES:
        db.conn.execute(statement)


@migrations()
def chain_public_parts(db: Database) -> None:
    """Release 0.5: the journal's chain needs no personal data; old entries stay as they are."""
    if "form" not in db.table("journal").columns_dict:
        for statement in PUBLIC_PARTS:
            db.conn.execute(statement)


@migrations()
def find_what_the_site_chose(db: Database) -> None:
    """Release 0.5: people and house rules are changed by page; the journal keeps each change."""
    db.conn.execute(
        "create index journal_of_choices on journal (seq) where kind = 'SettingsChange'"
    )


@migrations()
def keep_duties(db: Database) -> None:
    """Release 0.5: what is due at the posts."""
    for statement in DUTIES:
        db.conn.execute(statement)


@migrations()
def keep_the_house_for_one_party(db: Database) -> None:
    """Release 0.5: no two plans overlap of which one keeps the house (清场接待)."""
    for statement in KEPT_TIMES:
        db.conn.execute(statement)


@migrations()
def find_the_latest_receptions(db: Database) -> None:
    """Release 0.5: how long receptions took of late is asked for at each check-in."""
    db.conn.execute(RECEIVED)


@migrations()
def find_which_days_were_planned(db: Database) -> None:
    """Release 0.5: a day without any duty was planned too."""
    for statement in PLANNED_DAYS:
        db.conn.execute(statement)


@migrations()
def find_the_day_s_weather(db: Database) -> None:
    """Release 0.5: posts say that it rains, and every car is met with an umbrella."""
    db.conn.execute(WEATHER)


@migrations()
def find_the_guests_of_events(db: Database) -> None:
    """Release 0.5: many are invited to one day, each to their time."""
    db.conn.execute(EVENT_GUESTS)


@migrations()
def keep_pictures_of_defects(db: Database) -> None:
    """Release 0.5: a case has pictures of what is broken."""
    for statement in CASE_PICTURES:
        db.conn.execute(statement)


def migrate(db: Database) -> None:
    """Give an older file the tables of this release, after a copy of it was made beside it.

    Raises:
        OperatorError: a newer release made the file.
    """
    migrations.bring_up(db)
