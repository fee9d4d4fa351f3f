"""The state of the site when a visitor was decided on (判客), read from the journal."""

import sys

import msgspec

from broker.journal.steps import (
    POLICY,
    STEP,
    Step,
    latest_snapshot,
    oldest_snapshot_seq,
    policy_in,
)
from broker.rules.events import Decided
from broker.rules.fold import apply
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from broker.rules.why import Judged
from shared.database import Database


def latest_state(db: Database) -> SiteState:
    """The site's state at the journal's end."""
    state, start = latest_snapshot(db)
    rows = db.conn.execute(
        "select body from journal where seq > ? and kind = ? order by seq", [start, STEP]
    )
    for (body,) in rows:
        for event in msgspec.json.decode(body, type=Step).events:
            state = apply(state, event)
    return state


def latest_decision(db: Database, visit_id: str) -> Judged | None:
    """The last decision on this visit; None: there is none, or it is too long ago to be rebuilt.

    The journal is read only from the oldest snapshot on, so earlier years cost nothing.
    """
    found = db.conn.execute(
        "select seq from journal where seq > ? and kind = ? and instr(body, ?) > 0 "
        'and instr(body, \'"type":"decided"\') > 0 order by seq desc',
        [oldest_snapshot_seq(db), STEP, visit_id],
    )
    for (seq,) in found.fetchall():
        if judged := _judged(db, seq, visit_id):
            return judged
    return None


def _judged(db: Database, seq: int, visit_id: str) -> Judged | None:
    """The decision on this visit in the step ``seq``; None if there is none."""
    state, start = latest_snapshot(db, before=seq)
    rows = db.conn.execute(
        "select seq, body from journal where seq > ? and seq <= ? and kind = ? order by seq",
        [start, seq, STEP],
    )
    judged = None
    for number, body in rows:
        for event in msgspec.json.decode(body, type=Step).events:
            if number == seq and isinstance(event, Decided) and event.visit_id == visit_id:
                judged = Judged(state, policy_at(db, seq), event)
            state = apply(state, event)
    return judged


def latest_policy(db: Database) -> Policy:
    """The house rules in force at the journal's end."""
    return policy_at(db, sys.maxsize)


def policy_at(db: Database, seq: int) -> Policy:
    """The house rules in force at entry ``seq``."""
    found = db.conn.execute(
        "select body from journal where kind = ? and seq < ? order by seq desc limit 1",
        [POLICY, seq],
    ).fetchone()
    return policy_in(found[0]) if found else Policy()
