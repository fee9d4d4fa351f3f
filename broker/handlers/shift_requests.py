"""What follows when somebody asks to swap a day or for leave, and when it is answered (排班)."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec

from broker.alerts.calls import Call, Guest
from broker.alerts.shift_calls import call_of_request, calls_of_answer
from broker.choices.rows import ASKED, LEAVES, SWAPS, Row, Rows
from broker.handlers.alerting import name_of, raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.handlers.settings_changes import enter
from broker.local.questions import Edit, SettingsChange, ShiftAnswered, ShiftAsked
from broker.rules.policy import CLOSED
from broker.rules.shifts import LeaveDays, ShiftRequest, Shifts, swapped, why_not
from broker.rules.state import MANAGER
from shared.errors import MessageError
from shared.messages import Message

MOST_OPEN = 5
"""So many requests of one person may wait for an answer."""
KEPT = timedelta(days=62)
"""Swapped days and leave that are over are dropped after so long; the journal has them for ever."""


def on_shift_asked(hub: Hub, asked: ShiftAsked) -> Iterator[Message]:
    """Keep the request, and tell whoever has to agree."""
    request = ShiftRequest(
        request_id=asked.request_id,
        by=asked.by,
        first=asked.first,
        last=asked.last,
        with_id=asked.with_id,
        takes_on=asked.takes_on,
        reason=asked.reason.strip(),
    )
    _require_sense(hub, request)
    if sum(each.by == asked.by for each in _shifts(hub).requests) >= MOST_OPEN:
        raise MessageError("error.shift_too_many", most=MOST_OPEN)
    yield from _enter(hub, asked, (Edit(ASKED, request.request_id, None, _plain(request)),))
    yield from _told(hub, call_of_request(request, _name(hub, asked.by)))


def on_shift_answered(hub: Hub, answered: ShiftAnswered) -> Iterator[Message]:
    """Let the swap or leave hold, or drop the request.

    Raises:
        MessageError: it is somebody else's to answer, was answered before, or no longer possible.
    """
    asked = _shifts(hub).request(answered.request_id)
    if asked is None:
        raise MessageError("error.no_shift_request")
    is_theirs = (
        MANAGER in hub.roles_of(answered.by) and answered.by != asked.by
        if asked.with_id is None
        else answered.by == asked.with_id
    )
    is_taken_back = answered.by == asked.by and not answered.is_agreed
    if not (is_theirs or is_taken_back):
        raise MessageError("error.not_yours")
    if answered.is_agreed:
        _require_sense(hub, asked)
    rows = hub.choices.rows()
    row = (ASKED, asked.request_id)
    edits = [Edit(*row, rows.get(row), None)]
    if answered.is_agreed:
        edits += _agreed(_shifts(hub), asked, rows)
    edits += _over(hub, rows, {(edit.section, edit.row) for edit in edits})
    yield from _enter(hub, answered, tuple(edits))
    if is_theirs:
        who, mate = _name(hub, asked.by), _name(hub, answered.by)
        for call in calls_of_answer(asked, who, mate, is_agreed=answered.is_agreed):
            yield from _told(hub, call)


def _require_sense(hub: Hub, asked: ShiftRequest) -> None:
    """Refuse what can't be.

    Raises:
        MessageError: says what speaks against it.
    """
    policy = hub.choices.policy
    if problem := why_not(policy.shifts, asked, policy.local(hub.clock()).date()):
        raise MessageError(problem.key, **problem.values)
    roles = set(hub.roles_of(asked.by))
    if not roles:
        raise MessageError("error.not_yours")
    if asked.with_id is None:
        return
    if not roles & set(hub.roles_of(asked.with_id)):
        raise MessageError("error.shift_other_post")
    for on in filter(None, (asked.first, asked.takes_on)):
        if policy.hours(on) == CLOSED:
            raise MessageError("error.shift_closed", on=on.isoformat())


def _agreed(shifts: Shifts, asked: ShiftRequest, rows: Rows) -> Iterator[Edit]:
    """The rows that hold once it was agreed to."""
    if asked.with_id is None:
        leave = LeaveDays(
            leave_id=asked.request_id,
            staff_id=asked.by,
            first=asked.first,
            last=asked.last or asked.first,
            reason=asked.reason,
        )
        yield Edit(LEAVES, asked.request_id, None, _plain(leave, "leave_id"))
    for day in swapped(shifts, asked):
        row = (SWAPS, day.on.isoformat())
        yield Edit(*row, rows.get(row), _plain(day, "on"))


def _over(hub: Hub, rows: Rows, besides: set[Row]) -> Iterator[Edit]:
    """Drops what was long ago."""
    before: date = hub.choices.policy.local(hub.clock() - KEPT).date()
    shifts = _shifts(hub)
    past = [(SWAPS, each.on.isoformat()) for each in shifts.days if each.on < before]
    past += [(LEAVES, each.leave_id) for each in shifts.leaves if each.last < before]
    for row in past:
        if row not in besides:
            yield Edit(*row, rows.get(row), None)


def _enter(
    hub: Hub, asked: ShiftAsked | ShiftAnswered, edits: tuple[Edit, ...]
) -> Iterator[Message]:
    """As a change of what the site chose, with whoever made it as its author."""
    change_id = asked.request_id if isinstance(asked, ShiftAsked) else asked.answer_id
    yield from enter(
        hub, SettingsChange(change_id=change_id, asked_at=asked.asked_at, edits=edits, by=asked.by)
    )


def _told(hub: Hub, call: Call) -> Iterator[Message]:
    for bounded in hub.often_told.bounded(call):
        yield from raise_alert(hub, NO_VISIT, bounded, Guest())


def _name(hub: Hub, staff_id: str) -> str:
    return name_of(hub, staff_id) or staff_id


def _shifts(hub: Hub) -> Shifts:
    return hub.choices.policy.shifts


def _plain(value: msgspec.Struct, key: str = "request_id") -> dict[str, Any]:
    """As a row: without its name, and what is as usual."""
    plain = msgspec.to_builtins(value)
    usual: tuple[object, ...] = (None, "", (), [])
    return {name: each for name, each in plain.items() if name != key and each not in usual}


ANSWERS: dict[type[Message], Callable[[Hub, Any], Iterator[Message]]] = {
    ShiftAsked: on_shift_asked,
    ShiftAnswered: on_shift_answered,
}
"""These handlers' rows of the table."""
