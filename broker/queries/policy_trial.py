"""Tries other house rules on what happened: each step decided again as it stood, under them."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from broker.console.settings_view import OtherDecision, PolicyTrial
from broker.journal.steps import STEP, Step, latest_snapshot
from broker.rules.events import Decided, Event
from broker.rules.fold import DOES_NOT_FIT, apply
from broker.rules.judge import decide
from broker.rules.notices import PassedOver
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from broker.store.visits import Visits
from broker.wording.decisions import Teller
from broker.wording.names import called
from shared.database import Database
from shared.errors import OperatorError

MOST_STEPS = 5_000
"""A very busy site's day; a page waits for them."""
MOST_SHOWN = 50


def tried_on_steps(db: Database, policy: Policy, since: datetime, teller: Teller) -> PolicyTrial:
    """What ``policy`` would have decided otherwise since then, each step from where it stood.

    What differs by today's rules as well is no matter of the change. What would have followed from
    another decision is not told: nobody knows what people had done.
    """
    count, others = 0, list[OtherDecision]()
    told_by = Teller(teller.names, policy, teller.language, teller.words)
    for state, step in _steps(db, since):
        was = _decisions(step.events)
        count += len(was)
        try:
            now = _decisions(decide(state, policy, step.command, step.known))
            still = _decisions(decide(state, teller.policy, step.command, step.known))
        except (OperatorError, *DOES_NOT_FIT):
            continue
        for visit_id in dict.fromkeys([*was, *now]):
            before, after = was.get(visit_id), now.get(visit_id)
            if _meant(after) not in (_meant(before), _meant(still.get(visit_id))):
                at = (before or after or step.events[0]).at
                visitor = _visitor(db, visit_id, teller.language)
                others.append(
                    OtherDecision(at, visitor, _said(before, teller), _said(after, told_by))
                )
    return PolicyTrial(count, len(others), tuple(others[:MOST_SHOWN]))


def _steps(db: Database, since: datetime) -> Iterator[tuple[SiteState, Step]]:
    """The steps since then, each with the state in which it was decided."""
    first = _first_since(db, since)
    state, start = latest_snapshot(db, before=first)
    rows = db.conn.execute(
        "select seq, body from journal where seq > ? and kind = ? order by seq limit ?",
        [start, STEP, MOST_STEPS],
    )
    for seq, body in rows:
        step = msgspec.json.decode(body, type=Step)
        if seq >= first:
            yield state, step
        for event in step.events:
            state = apply(state, event)


def _first_since(db: Database, since: datetime) -> int:
    """The first entry since then; the journal's numbers and moments grow together."""
    low, high = 1, int(db.conn.execute("select ifnull(max(seq), 0) + 1 from journal").fetchone()[0])
    while low < high:
        middle = (low + high) // 2
        found = db.conn.execute("select at from journal where seq = ?", [middle]).fetchone()
        if found is not None and datetime.fromisoformat(found[0]) < since:
            low = middle + 1
        else:
            high = middle
    return low


def _decisions(events: tuple[Event, ...]) -> dict[str, Event]:
    """By visit what was decided last; who was passed over counts where nothing else was."""
    found: dict[str, Event] = {}
    for event in events:
        if isinstance(event, Decided):
            found[event.visit_id] = event
        elif isinstance(event, PassedOver) and event.visit_id:
            found.setdefault(event.visit_id, event)
    return found


def _meant(event: Event | None) -> tuple[object, ...]:
    """What of a decision concerns people."""
    if isinstance(event, Decided):
        return event.owner_id, event.host_id, event.rule, event.is_turn_used
    if isinstance(event, PassedOver):
        return ("passed over", event.consultant_id)
    return ()


def _said(event: Event | None, teller: Teller) -> str | None:
    """The decision in one sentence; None: there was none."""
    if isinstance(event, Decided):
        return teller.decision(event)
    return teller.notice(event) if isinstance(event, PassedOver) else None


def _visitor(db: Database, visit_id: str, language: str) -> str | None:
    visit = Visits(db).find(visit_id)
    return called(visit.surname, visit.salutation, language) if visit else None
