"""What a decision leaves in the journal: the step, the rules behind it, and snapshots."""

import hashlib
from typing import Any

import msgspec

from broker.rules.any_event import AnyEvent
from broker.rules.commands import AnyCommand
from broker.rules.facts import Known
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from shared.database import Database

STEP, POLICY, RULES, SNAPSHOT = "step", "policy", "rules", "snapshot"
"""Kinds of journal entries."""
KNOWN, FOUND = "known", "found"
"""Kinds of entries with a registration that no command entered: a customer of ``site.toml`` in a
new file, and a row that no entry had told of, as release 0.1 left them."""
_TABLE = ("rows", "rows_that_use_a_turn")
"""The policy's choices among the rows of the decision table, which belong to an edition."""


class Step(msgspec.Struct, frozen=True):
    """The body of a journal entry: the command, what was looked up for it, what followed."""

    command: AnyCommand
    known: Known
    events: tuple[AnyEvent, ...]


class Rules(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of a journal entry: which edition of the rules decided the steps behind it."""

    edition: int
    begins_with: SiteState | None = None
    """The state that another edition left, folded as that one did; None: nothing had happened."""


def policy_in(body: str) -> Policy:
    """The policy that the entry ``body`` notes, without what this release no longer knows.

    A site's policy file is read more strictly: there an unknown key is a slip of the pen.
    """
    written = msgspec.json.decode(body, type=dict[str, Any])
    known = {name: written[name] for name in Policy.__struct_fields__ if name in written}
    try:
        return msgspec.convert(known, Policy)
    except msgspec.ValidationError:  # of an edition with other rows
        return msgspec.convert({name: known[name] for name in known if name not in _TABLE}, Policy)


def latest_snapshot(db: Database, before: int | None = None) -> tuple[SiteState, int]:
    """The latest snapshot and its journal entry; the empty state and 0 if there is none.

    ``before``: only snapshots before that entry count. Changed ones and those of another release
    are skipped, because the journal alone suffices.
    """
    rows = db.conn.execute(
        "select snapshots.seq, snapshots.body, journal.body from snapshots join journal "
        "using (seq) where kind = ? and (? is null or seq < ?) order by seq desc",
        [SNAPSHOT, before, before],
    )
    for seq, body, note in rows:
        if _digest_of(note) == hashlib.sha256(body.encode()).hexdigest():
            try:
                return msgspec.json.decode(body, type=SiteState), seq
            except msgspec.ValidationError:
                continue
    return SiteState(), 0


def oldest_snapshot_seq(db: Database) -> int:
    """The entry from which the past can be rebuilt without the years before; 0: from the start."""
    found = db.conn.execute("select min(seq) from snapshots").fetchone()
    return int(found[0] or 0)


def _digest_of(note: str) -> Any:
    return msgspec.json.decode(note, type=dict[str, Any]).get("sha256")
