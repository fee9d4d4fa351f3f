"""The days of the journal, read one after the other: no more than a day is held at once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from broker.journal.mentions import entries_that_mention
from broker.journal.steps import STEP
from broker.registers.day_facts import Day
from broker.registers.told import MESSAGES, NOTHING_ASKED, Message, StepAsked, StepTold
from broker.rules import notices as n
from broker.rules.any_event import AnyEvent
from broker.rules.events import DayBegan
from broker.rules.policy import Policy
from broker.store.moments import utc_text
from shared.database import Database

DISORDER = timedelta(days=1)
"""The journal's entries stand in the order in which they came. A message that waited in the outbox
of a gate or tablet stands later than its moment, by less than this."""
_READ = (
    "select kind, at, body from journal where seq >= ? and seq < ? "
    f"and kind in ('{STEP}', {', '.join(repr(kind) for kind in MESSAGES)}) order by seq"
)
_RULED = "select visit_id from visits where opened_at >= ? and opened_at < ? and rule = 'R15'"


def seq_since(db: Database, at: datetime) -> int:
    """The journal's first entry of this moment or later, by halving: a few reads of any journal."""
    (low, high) = db.conn.execute("select 1, coalesce(max(seq), 0) + 1 from journal").fetchone()
    while low < high:
        middle = (low + high) // 2
        found = db.conn.execute("select at from journal where seq = ?", [middle]).fetchone()
        if found is not None and datetime.fromisoformat(found[0]) < at:
            low = middle + 1
        else:
            high = middle
    return int(low)


def days(db: Database, policy: Policy, first: date, last: date) -> Iterator[Day]:
    """Each day from ``first`` to ``last`` in order, also one on which nothing happened."""
    expected = first
    for day in _told(db, policy, first, last):
        for number in range((day.on - expected).days):
            yield Day(expected + timedelta(days=number))
        _add_later_rulings(db, policy, day)
        _add_quarters(policy, day)
        yield day
        expected = day.on + timedelta(days=1)
    for number in range((last - expected).days + 1):
        yield Day(expected + timedelta(days=number))


def _told(db: Database, policy: Policy, first: date, last: date) -> Iterator[Day]:
    """The days of which the journal tells, in order.

    The last few are held: a clock that was wrong for a while began another day in between.
    """
    held: dict[date, Day] = {}
    done, day = first - timedelta(days=1), Day(first)
    for event, asked in _happened(db, policy, first, last):
        if isinstance(event, DayBegan):
            day = held.get(event.on) or Day(event.on)
            if done < event.on <= last:
                held[event.on] = day
            for on in sorted(on for on in held if on < event.on - DISORDER):
                done = on
                yield held.pop(on)
        elif isinstance(event, Message):
            day.note(event)
        else:
            day.take(event, asked)
    for on in sorted(held):
        yield held.pop(on)


def _happened(
    db: Database, policy: Policy, first: date, last: date
) -> Iterator[tuple[AnyEvent | Message, StepAsked]]:
    start = seq_since(db, policy.start_of(first) - DISORDER)
    end = seq_since(db, policy.start_of(last + timedelta(days=1)) + DISORDER)
    step, message = msgspec.json.Decoder(StepTold), msgspec.json.Decoder(Message)
    for kind, at, body in db.conn.execute(_READ, [start, end]):
        if kind == STEP:
            told = step.decode(body)
            for event in told.events:
                yield event, told.command
        else:
            note = replace(message.decode(body), entry=kind, at=datetime.fromisoformat(at))
            yield note, NOTHING_ASKED


def _add_later_rulings(db: Database, policy: Policy, day: Day) -> None:
    """Give each visit the last ruling on it that a later day brought."""
    start = policy.start_of(day.on)
    span = [utc_text(start), utc_text(policy.start_of(day.on + timedelta(days=1)))]
    todays = {ruling.visit_id: ruling for ruling in day.ruled}
    for (visit_id,) in db.conn.execute(_RULED, span).fetchall():
        ruling = _last_ruling(db, visit_id)
        if visit_id in day.visits and ruling is not None and ruling != todays.get(visit_id):
            day.visits[visit_id].ruled_later = ruling


def _add_quarters(policy: Policy, day: Day) -> None:
    for story in day.visits.values():
        local = policy.local(story.began_at)
        story.quarter = f"{local.hour:02d}:{local.minute // 15 * 15:02d}"


def _last_ruling(db: Database, visit_id: str) -> n.Ruled | None:
    for seq in reversed(entries_that_mention(db, [visit_id])):
        found = db.conn.execute(
            "select body from journal where seq = ? and kind = ? and instr(body, ?)",
            [seq, STEP, '"type":"ruled"'],
        ).fetchone()
        for event in msgspec.json.decode(found[0], type=StepTold).events if found else ():
            if isinstance(event, n.Ruled) and event.visit_id == visit_id:
                return event
    return None
