"""Decides everything again, from the journal alone: ``yingbin replay``.

What another edition of the rules decided is taken as it is written.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

from broker.journal.chain import Entry
from broker.journal.entries import entries, open_read_only
from broker.journal.steps import POLICY, RULES, STEP, Rules, Step, policy_in
from broker.rules.edition import EDITION, FIRST_EDITION
from broker.rules.events import Decided, Event
from broker.rules.fold import DOES_NOT_FIT, after
from broker.rules.judge import decide
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from shared.sealed_file import sqlite3
from shared.words import Sentence

SAID = frozenset({"key", "was", "now", "because", "detail", "registered_by"})
"""Fields of events that decide nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the journal and the rules differ."""

    seq: int
    field: str
    written: Any
    decided: Any


@dataclass(frozen=True, slots=True)
class Played:
    """The result of a replay."""

    steps: int
    decisions: int
    taken_over: int
    """Steps of another edition of the rules, which were not decided again."""
    difference: Difference | None
    """The first difference; None: there is none."""


def replay(path: Path, tell: Callable[[str], None]) -> int:
    """Repeat every decision in the hub's file ``path``; returns 1 if the result differs."""
    with closing(open_read_only(path)) as db:
        try:
            played = play(entries(db))
        except (sqlite3.DatabaseError, UnicodeError, msgspec.DecodeError) as error:
            tell(Sentence("replay.unread", path=path, problem=error))
            return 1
        except DOES_NOT_FIT:
            tell(Sentence("replay.gap", path=path))
            return 1
    if found := played.difference:
        written, decided = _shown(found.written), _shown(found.decided)
        tell(Sentence("replay.written", seq=found.seq, field=found.field, value=written))
        tell(Sentence("replay.decided", value=decided))
        return 1
    tell(Sentence("replay.same", path=path, steps=played.steps, decisions=played.decisions))
    if played.taken_over:
        tell(Sentence("replay.taken_over", count=played.taken_over))
    return 0


def play(journal: Iterator[Entry]) -> Played:
    """Decide on every command again, with the facts, the policy and the edition of that time."""
    state, policy, edition = SiteState(), Policy(), FIRST_EDITION
    steps = decisions = taken_over = 0
    for entry in journal:
        if entry.kind == POLICY:
            policy = policy_in(entry.body)
        elif entry.kind == RULES:
            rules = msgspec.json.decode(entry.body, type=Rules)
            edition, state = rules.edition, rules.begins_with or state
        elif entry.kind == STEP:
            step = msgspec.json.decode(entry.body, type=Step)
            if edition == EDITION:
                again = decide(state, policy, step.command, step.known)
                if difference := _compare(entry.seq, step.events, again):
                    return Played(steps, decisions, taken_over, difference)
                steps += 1
                decisions += sum(isinstance(event, Decided) for event in again)
            else:
                taken_over += 1
            state = after(state, step.events)
    return Played(steps, decisions, taken_over, None)


def _compare(seq: int, written: tuple[Event, ...], decided: tuple[Event, ...]) -> Difference | None:
    for place, (was, now) in enumerate(zip_longest(written, decided)):
        if was == now:
            continue
        before, after = _flat(was), _flat(now)
        if before == after:
            continue
        name = next(field for field in [*before, *after] if before.get(field) != after.get(field))
        kind = before.get("type") or after.get("type")
        return Difference(seq, f"events[{place}] {kind}.{name}", before.get(name), after.get(name))
    return None


def _flat(event: Event | None) -> dict[str, Any]:
    """``event`` without the fields that only its sentence needs.

    They may differ although the decision is the same: masks change when a person is erased, and
    releases until 0.3 wrote sentences.
    """
    return {} if event is None else dict(unworded(msgspec.to_builtins(event)))


def unworded(value: Any) -> Any:
    """What a decoded event decides, without the fields that only its sentence needs."""
    if isinstance(value, dict):
        return {name: unworded(member) for name, member in value.items() if name not in SAID}
    return tuple(map(unworded, value)) if isinstance(value, list | tuple) else value


def _shown(value: Any) -> str:
    return Sentence("replay.nothing") if value is None else msgspec.json.encode(value).decode()
