"""Lives through a day: each step checked, messages twice, restarts, and once more with ticks."""

import random
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.fold import after
from broker.rules.judge import decide, keys_of
from broker.rules.state import SiteState
from tests.days.moves import Day, command_of
from tests.days.watch import Watch
from tests.office import Office

STAFF = ("li", "wang", "zhao", "chen", "sun", "zhou")
_NAMED_BY_NUMBER = re.compile(r"(?P<name>ruling-.+-|.+/.+/)\d+")
"""The ids of a ruling's entry and of a make-up turn end with their command's number."""


def live(day: Day, restart_every: int = 7) -> Office:
    """Live through ``day`` and check each step, with restarts and messages that come twice."""
    office = Office(STAFF[: day.staff], day.policy)
    watch = Watch(office)
    for number, move in enumerate(day.moves, start=1):
        office.now += timedelta(seconds=move.wait_s)
        command = command_of(move, office, number)
        if command is None:
            continue
        watch.take(command)
        assert_second_delivery_changes_nothing(office, command)
        if number % restart_every == 0:
            office.state = msgspec.json.decode(msgspec.json.encode(office.state), type=SiteState)
    return office


def assert_second_delivery_changes_nothing(office: Office, command: c.Command) -> None:
    """The same command again may be answered, but moves nobody's place and no visitor."""
    before = office.state
    known = office.book.known(keys_of(before, command), command.at, office.policy)
    events = decide(before, office.policy, command, known)
    same_count = replace(after(before, events), entry=before.entry)
    assert same_count == before, f"a second {type(command).__name__} changed the state"


def assert_replay_equals_live(office: Office) -> None:
    """The journal, decided on again from the start, says the same and leads to the same state."""
    state = SiteState()
    for taken in office.journal:
        assert decide(state, office.policy, taken.command, taken.known) == taken.events
        state = after(state, taken.events)
    assert state == office.state


def assert_ticks_change_nothing(office: Office, seed: int) -> None:
    """With clock ticks at any moments between, everything is told as it was, at its own moment."""
    draw = random.Random(seed)
    office.wait(0)
    commands = [taken.command for taken in office.journal]
    again = Office(office.order, office.policy, commands[0].at)
    for command in commands:
        if isinstance(command, c.Tick | c.SetRoster):
            continue
        pause_s = (command.at - again.now).total_seconds()
        for _ in range(draw.randint(0, 3)):
            at = again.now + timedelta(seconds=draw.uniform(0, max(0.0, pause_s)))
            again.now = min(max(at, again.now), command.at)
            again.take(c.Tick(at=again.now))
        again.now = command.at
        again.take(command)
    again.now = office.now
    again.wait(0)
    was, now = told_on(office), told_on(again)
    different = next((pair for pair in zip(was, now, strict=False) if pair[0] != pair[1]), None)
    assert was == now, f"with ticks between: {different}"
    assert again.line == office.line


def told_on(office: Office) -> list[Any]:
    """Everything that was told, without the numbers of commands and days on which nothing was."""
    return [
        _without_numbers(msgspec.to_builtins(event))
        for taken in office.journal
        for event in taken.events
        if not isinstance(event, e.CommandTaken | e.DayBegan)
    ]


def _without_numbers(value: Any) -> Any:
    """``value`` without ``entry``, and ids without their command's number."""
    if isinstance(value, dict):
        return {key: _without_numbers(part) for key, part in value.items() if key != "entry"}
    if isinstance(value, str):
        named = _NAMED_BY_NUMBER.fullmatch(value)
        return named["name"] if named else value
    return [_without_numbers(part) for part in value] if isinstance(value, Sequence) else value
