"""The hub's file after damage: what saved rows are worth, and what the journal makes good."""

import hashlib
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import msgspec

from broker.journal import mentions
from broker.journal.chain import ERASED, Erasure
from broker.journal.entries import HEADS_NAME, Journal, entries, read_heads
from broker.journal.hiding import ERASED as PSEUDONYM
from broker.journal.past import latest_state
from broker.journal.steps import SNAPSHOT, STEP, Step, latest_snapshot
from broker.journal.vouched import vouched_in
from broker.rules.fold import DOES_NOT_FIT, apply
from broker.rules.state import SiteState
from broker.store.duty_rows import make_good
from broker.store.rebuilt import Rebuilt
from broker.store.register import fill_indexes
from broker.store.schema import migrate, migrations
from broker.store.visits import Visits
from shared.clock import now
from shared.database import Database
from shared.mending import Shape
from shared.salvage import pour
from shared.sealed_file import scratch, sqlite3

_REGISTER = ("registrations", "registered_plates", "overruled_keys")


def _clean(db: sqlite3.Connection) -> None:
    """Delete the journal's entries that are not as they were written, or have no number."""
    db.execute("delete from journal where seq < 1")
    with vouched_in(entries(db, kind=ERASED)) as vouched:
        spoilt = [(each.seq,) for each in entries(db) if not each.is_good(vouched(each.seq))]
    db.executemany("delete from journal where seq = ?", spoilt)


def _may_lack(db: sqlite3.Connection, path: Path) -> bool:
    """Whether the journal has gaps, or does not reach the notes of its end beside ``path``."""
    notes = path.with_name(HEADS_NAME)
    noted = [head.seq for head in read_heads(notes)] if notes.exists() else []
    end, count = db.execute("select ifnull(max(seq), 0), count(*) from journal").fetchone()
    return not noted or end != count or end < max(noted)


def _finish(db: Database) -> None:
    """Make of the journal what else is missing: rows of the register and of open visits, indexes.

    The journal is the truth, so the rows that it tells of need no copy.
    """
    with closing(scratch()) as made:
        rebuilt = Rebuilt(Database(made))
        for entry in entries(db.conn):
            rebuilt.take(entry)
        pour(made.execute, db.conn, _REGISTER)
    _forget_the_erased(db)
    db.conn.execute("delete from customer_texts")
    db.conn.execute("delete from plate_skeletons")
    fill_indexes(db)
    mentions.fill(db)
    _bridge_the_gap(db)
    _write_open_visits(db)
    make_good(db)


def _forget_the_erased(db: Database) -> None:
    """Who was erased has no keys in the register: no pseudonyms, and nothing that a copy had."""
    for entry in entries(db.conn, kind=ERASED):
        for registration_id in msgspec.json.decode(entry.body, type=Erasure).registrations or ():
            for table in ("registered_plates", "overruled_keys"):
                db.conn.execute(f"delete from {table} where registration_id = ?", [registration_id])
            db.conn.execute(
                "update registrations set phone = null, surname = null, salutation = null "
                "where registration_id = ?",
                [registration_id],
            )
    erased = f"{PSEUDONYM}%"
    db.conn.execute("delete from registered_plates where plate like ?", [erased])
    db.conn.execute("delete from overruled_keys where key like ?", [erased])
    for column in ("phone", "surname", "salutation"):
        db.conn.execute(f"update registrations set {column} = null where {column} like ?", [erased])


def _bridge_the_gap(db: Database) -> None:
    """Where events no longer fit, because others before them are lost, keep the state they make.

    A snapshot at the journal's end: the hub's start needs nothing from before it.
    """
    try:
        latest_state(db)
    except DOES_NOT_FIT:
        body = msgspec.json.encode(_state_as_far_as_known(db))
        digest = msgspec.json.encode({"sha256": hashlib.sha256(body).hexdigest()})
        seq = Journal(db).append(SNAPSHOT, "", digest, now())
        db.conn.execute("insert into snapshots values (?, ?)", (seq, body.decode()))


def _state_as_far_as_known(db: Database) -> SiteState:
    state, start = latest_snapshot(db)
    for entry in entries(db.conn, after=start, kind=STEP):
        for event in msgspec.json.decode(entry.body, type=Step).events:
            try:
                state = apply(state, event)
            except DOES_NOT_FIT:
                continue
    return state


def _write_open_visits(db: Database) -> None:
    """Write the rows of visits that are open and have none, as their events tell."""
    visits = Visits(db)
    missing = {each for each in latest_state(db).visits if visits.find(each) is None}
    if not missing:
        return
    told = [entry.body for entry in entries(db.conn, kind=STEP) if _names(entry.body, missing)]
    for body in told:
        for event in msgspec.json.decode(body, type=Step).events:
            if getattr(event, "visit_id", None) in missing:
                visits.note(event)


def _names(body: str, visit_ids: Collection[str]) -> bool:
    return any(visit_id in body for visit_id in visit_ids)


HUB_SHAPE = Shape(
    make=migrate,
    refuse_newer=migrations.refuse_newer,
    derived=frozenset({"mentions", "plate_skeletons", "kept_times"}),
    is_history=lambda table: table == "journal",
    may_lack=_may_lack,
    clean=_clean,
    finish=_finish,
)
