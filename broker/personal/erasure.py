"""Erases a person from the hub's file: rows, entries of the journal, the rules' state (删除).

What was decided stays, without the person: who received somebody, when, by which rule.
"""

import secrets
from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec

from broker.decider import Decider
from broker.journal import mentions
from broker.journal.chain import ERASED, Erasure, Redacted
from broker.journal.entries import Journal
from broker.journal.hiding import Hidden, hide, pseudonyms
from broker.journal.hub_file import HubFile
from broker.journal.public_part import SEALED
from broker.personal.any_form import every_form
from broker.personal.dossier import Dossier
from broker.rules.skeletons import skeletons
from broker.rules.state import Expected, SiteState, Visit
from shared.systemd import notify

ENTRIES_A_SIGN_OF_LIFE = 500
"""A car that came every day is named by thousands of entries, which takes seconds."""
S = TypeVar("S", Expected, Visit)

_TABLES = {
    "arrival": ("arrivals", "arrival_id"),
    "check_in": ("check_ins", "check_in_id"),
    "alert": ("alerts", "alert_id"),
}
_BLANK_VISIT = """update visits set plate = null, phone = null, surname = null, salutation = null,
    decision = null where visit_id = :visit_id"""
_BLANK_REGISTRATION = """update registrations set phone = null, surname = null, salutation = null,
    name_key = null where registration_id = :registration_id"""
_MESSAGES = ("messages", "message_id")
"""Where the message of every other kind of entry is kept: the table, and its key."""


class Eraser:
    """Erases in the hub's open file, inside the caller's transaction."""

    def __init__(self, db: HubFile, journal: Journal, decider: Decider) -> None:
        self._db, self._journal, self._decider = db, journal, decider

    def erase(
        self, dossiers: Iterable[Dossier], asked_by: str, at: datetime, subject: str = ""
    ) -> int:
        """Erase the people of ``dossiers``; the number of journal entries that were changed.

        ``subject``: the request by which it was asked, if there was one.
        """
        left: dict[int, Redacted] = {}
        registrations: list[str] = []
        state, words = self._decider.state, set[str]()
        for dossier in dossiers:
            hidden = _hiding(dossier)
            bodies = self._take_out(dossier, hidden)
            left |= {seq: self._journal.redact(seq, body) for seq, body in bodies.items()}
            registrations += [row["registration_id"] for row in dossier.registrations]
            state = _named_as_in(_without(state, hidden, dossier), bodies.values(), hidden)
            words |= dossier.ids | dossier.keys | dossier.names
        if left or registrations:
            erasure = Erasure(
                asked_by=asked_by,
                entries=tuple(left.values()),
                registrations=tuple(registrations),
            )
            self._journal.append(ERASED, subject, msgspec.json.encode(erasure), at)
        if state != self._decider.state or self._is_in_a_snapshot(words):
            self._decider.forget(state, at)
        self._db.forget()
        return len(left)

    def hide_names(self, seqs: Iterable[int], asked_by: str, at: datetime) -> int:
        """Hide every name in these entries; the number of entries that were changed."""
        hidden = Hidden({}, frozenset(), secrets.token_bytes(32))
        left = []
        for seq in sorted(set(seqs)):
            self._hide_message(seq, hidden)
            if body := self._hidden_body(seq, hidden):
                left.append(self._journal.redact(seq, body))
        if left:
            erasure = Erasure(asked_by=asked_by, entries=tuple(left), registrations=())
            self._journal.append(ERASED, "", msgspec.json.encode(erasure), at)
        self._db.forget()
        return len(left)

    def drop_what_waits(self, dossier: Dossier) -> None:
        """Delete what waits in the outbox, or was set aside, and names the person."""
        masks = pseudonyms(dossier.phones, dossier.plates, b"")
        self._drop_what_holds(dossier.ids | dossier.names | masks.keys())

    def _take_out(self, dossier: Dossier, hidden: Hidden) -> dict[int, str]:
        """Take the person out of every row; the entries of the journal as they are without them."""
        # Rows must still decode as messages, and a pseudonym is not a valid phone number.
        bare = replace(hidden, values={**hidden.values, **dict.fromkeys(dossier.phones)})
        found = mentions.entries_that_mention(self._db, dossier.ids | dossier.keys)
        for place, seq in enumerate(found):
            self._hide_message(seq, bare)
            if not place % ENTRIES_A_SIGN_OF_LIFE:
                notify("WATCHDOG=1")
        bodies = {seq: body for seq in found if (body := self._hidden_body(seq, hidden))}
        for name in dossier.ids:
            self._hide_body("cases", "case_id", name, bare)
        self._clear_rows(dossier)
        return bodies

    def _is_in_a_snapshot(self, words: Set[str]) -> bool:
        bodies = [body for (body,) in self._db.conn.execute("select body from snapshots")]
        return any(word in body for body in bodies for word in words)

    def _hidden_body(self, seq: int, hidden: Hidden) -> str | None:
        """A journal entry without the person; None if it does not name them."""
        entry = self._journal.read(seq)
        bare = hide(entry.body, hidden, SEALED.get(entry.form))
        return None if bare == entry.body else bare

    def _hide_message(self, seq: int, hidden: Hidden) -> None:
        """Take the person out of the row with this entry's message, and what followed from it."""
        entry = self._journal.read(seq)
        kind, name = entry.kind, entry.subject_id
        self._hide_body(*_TABLES.get(kind, _MESSAGES), name, hidden)
        if kind == "arrival":  # maybe somebody else's car, with this person's plate as a candidate
            found = self._db.conn.execute(
                "select visit_id from visits where arrival_id = ?", [name]
            )
            for (visit_id,) in found.fetchall():
                self._hide_body("cares", "visit_id", visit_id, hidden)

    def _hide_body(self, table: str, column: str, key: str, hidden: Hidden) -> None:
        run = self._db.conn.execute
        found = run(f"select body from {table} where {column} = ?", [key]).fetchone()
        if found is not None:
            run(f"update {table} set body = ? where {column} = ?", [hide(found[0], hidden), key])

    def _clear_rows(self, dossier: Dossier) -> None:
        """Blank the person's visits and registrations, and delete the other rows about them."""
        run, many = self._db.conn.execute, self._db.conn.executemany
        many(_BLANK_VISIT, dossier.visits)
        many("update arrivals set plate = '' where plate = ?", [(key,) for key in dossier.keys])
        many("delete from own_pages where check_in_id = ?", [(row_id,) for row_id in dossier.ids])
        many("delete from cares where visit_id = ?", [(row_id,) for row_id in dossier.ids])
        many(
            "delete from registered_plates where registration_id = :registration_id",
            dossier.registrations,
        )
        many(
            "delete from customer_texts where registration_id = :registration_id",
            dossier.registrations,
        )
        many(
            "delete from overruled_keys where registration_id = :registration_id",
            dossier.registrations,
        )
        many(_BLANK_REGISTRATION, dossier.registrations)
        many("delete from case_pictures where case_id = ?", [(row_id,) for row_id in dossier.ids])
        many("update cases set phone = null where phone = ?", [(key,) for key in dossier.keys])
        for key in dossier.keys:
            run("delete from look_ups where phone = ? or plate = ?", [key, key])
            run("delete from family_links where key = ? or other = ?", [key, key])
        pairs = [(skeleton, plate) for plate in dossier.plates for skeleton in skeletons(plate)]
        many("delete from plate_skeletons where skeleton = ? and plate = ?", pairs)

    def _drop_what_holds(self, words: Set[str]) -> None:
        run = self._db.conn.execute
        for row, body in run("select row, body from outbox").fetchall():
            if any(word in bytes(body).decode(errors="replace") for word in words):
                run("delete from outbox where row = ?", [row])
        # Read one by one: nothing of what was set aside need be in its stored form.
        for (name,) in run("select digest from rejected").fetchall():
            found = "select payload, reason from rejected where digest = ?"
            payload, reason = run(found, [name]).fetchone()
            said = every_form(bytes(payload).decode(errors="replace"), reason)
            if any(word in said for word in words):
                run("delete from rejected where digest = ?", [name])


def _hiding(dossier: Dossier) -> Hidden:
    """Hides this person with pseudonyms whose key is new and kept nowhere."""
    key = secrets.token_bytes(32)
    return Hidden(pseudonyms(dossier.phones, dossier.plates, key), dossier.names, key)


def _without(state: SiteState, hidden: Hidden, dossier: Dossier) -> SiteState:
    """The rules' state without the person, whose car may be here or who may be expected."""
    visits = {
        name: _hidden(visit, hidden) if name in dossier.ids else visit
        for name, visit in state.visits.items()
    }
    expected, asked = (
        tuple(
            plan if dossier.keys.isdisjoint((plan.phone, *plan.plates)) else _hidden(plan, hidden)
            for plan in plans
        )
        for plans in (state.expected, state.asked)
    )
    return msgspec.structs.replace(state, visits=visits, expected=expected, asked=asked)


def _named_as_in(state: SiteState, bodies: Iterable[str], hidden: Hidden) -> SiteState:
    """The state with the names that its journal still has.

    An entry about somebody in the same car may name the person too, and loses both names.
    """
    visits = dict(state.visits)
    for body in bodies:
        for event in msgspec.json.decode(body, type=_Named).events:
            visit = visits.get(event.visit_id or "")
            if visit is not None and visit.surname and event.surname == hidden.name(visit.surname):
                visits[visit.visit_id] = _hidden(visit, Hidden({}, frozenset(), hidden.key))
    return msgspec.structs.replace(state, visits=visits)


class _NamingEvent(msgspec.Struct):
    """An event, as far as it names a visitor."""

    visit_id: str | None = None
    surname: str | None = None


class _Named(msgspec.Struct):
    """An entry of the journal, as far as its events name visitors; others have no events."""

    events: tuple[_NamingEvent, ...] = ()


def _hidden(kept: S, hidden: Hidden) -> S:
    text = hide(msgspec.json.encode(kept).decode(), hidden)
    return msgspec.json.decode(text, type=type(kept))
