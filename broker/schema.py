"""The tables of the hub's SQLite file, and how an older file becomes a newer one."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database, Migrations

from broker.register import fill_indexes

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
        {
            "at": str,
            "kind": str,
            "subject_id": str,
            "body": str,
            "previous": str,
            "hash": str,
        },
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
def find_customers(db: Database) -> None:
    """Release 0.2: look-alike plates and pieces of names are found among a million."""
    db.table("registrations").create_index(["surname"])
    db.conn.execute(
        "create table plate_skeletons (skeleton text, plate text, primary key (skeleton, plate)) "
        "without rowid"
    )
    db.conn.execute(
        "create virtual table customer_texts using "
        "fts5(registration_id unindexed, text, tokenize = 'trigram')"
    )
    fill_indexes(db)


def migrate(db: Database) -> None:
    """Give an older file the tables of this release; a copy of it as it was stays beside it."""
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
