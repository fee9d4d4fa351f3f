"""How a site's finished days went, in numbers that head office adds up. Nobody is named in them."""

import logging
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import msgspec

from broker.journal.choices import chosen_in
from broker.journal.entries import FILE_NAME, open_read_only
from broker.journal.shipment import SPANS_S, DayConduct
from broker.registers.day_facts import Day
from broker.registers.days import days
from broker.registers.figures import answered_s, waited_s
from broker.rules import notices as n
from broker.rules.events import Decided
from broker.rules.policy import Policy
from shared.clock import Clock
from shared.database import Database
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

TOLD_AT_FIRST = timedelta(days=7)
"""So far back a site tells its days when its shipper starts; head office keeps one of each."""
ANOMALIES = (n.BulkRegistration, n.LookThenClaim, n.LateEntry, n.Unauthorised)


def finished_days(folder: Path, told: date | None, clock: Clock) -> tuple[DayConduct, ...]:
    """The days that are over and were not told, which they are up to the day ``told``.

    A damaged journal tells none: what is whole of it has to be sent all the same.
    """
    try:
        return _finished(folder, told, clock)
    except (sqlite3.DatabaseError, msgspec.DecodeError, ValueError) as error:
        log.warning("days are not told: %s", error)
        return ()


def _finished(folder: Path, told: date | None, clock: Clock) -> tuple[DayConduct, ...]:
    chosen = chosen_in(folder / FILE_NAME, clock)
    policy = chosen.policy if chosen else Policy()
    today = policy.local(clock()).date()
    first = max(today - TOLD_AT_FIRST, told + timedelta(days=1) if told else date.min)
    if first >= today:
        return ()
    with closing(open_read_only(folder / FILE_NAME)) as db:
        found = days(Database(db), policy, first, today - timedelta(days=1))
        return tuple(conduct_of(day) for day in found)


def conduct_of(day: Day) -> DayConduct:
    """The day in numbers."""
    stories = [story for story in day.visits.values() if story.is_customer]
    turns = Counter(_turns_of(day)).values()
    return DayConduct(
        day=day.on,
        visits=len(stories),
        received=sum(story.claimed_at is not None for story in stories),
        waits=_in_groups(waited_s(stories)),
        answers=_in_groups(answered_s(stories)),
        passed_over=sum(isinstance(line.event, n.PassedOver) for line in day.rotation),
        turn_gap=max(turns, default=0) - min(turns, default=0),
        disputes=sum(isinstance(line.event, n.DisputeOpened) for line in day.disputed),
        anomalies=sum(isinstance(notice, ANOMALIES) for notice in day.notices),
    )


def _turns_of(day: Day) -> Iterator[str]:
    """Who had a turn of the line, as often as they had one; a turn that was missed counts (R23)."""
    for line in day.rotation:
        event = line.event
        if isinstance(event, n.PassedOver):
            yield event.consultant_id or ""
        elif isinstance(event, Decided) and event.is_turn_used:
            yield event.turn_of or event.host_id or ""


def _in_groups(spans_s: Iterable[float]) -> tuple[int, ...]:
    counted = Counter(bisect_left(SPANS_S, span_s) for span_s in spans_s)
    return tuple(counted[group] for group in range(len(SPANS_S) + 1))
