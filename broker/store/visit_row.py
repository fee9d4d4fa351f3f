"""A row of ``visits``, and what each event changes of it."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from broker.rules import events
from broker.rules.events import Event
from broker.store.moments import utc_text


class VisitRow(msgspec.Struct, frozen=True):
    """A party's visit (到访), from the car at the gate or the check-in at the tablet on."""

    visit_id: str
    opened_at: str
    arrival_id: str | None = None
    check_in_id: str | None = None
    plate: str | None = None
    phone: str | None = None
    surname: str | None = None
    salutation: str | None = None
    owner_id: str | None = None
    host_id: str | None = None
    rule: str | None = None
    is_turn_used: bool = False
    flags: str = ""
    decision: str | None = None
    """The latest `Decided` as JSON, None before it: its sentence is made where it is read."""
    claimed_by: str | None = None
    claimed_at: str | None = None
    finished_at: str | None = None


def _arrived(event: events.Arrived, _visit: VisitRow) -> dict[str, Any]:
    return {"plate": event.plate, "opened_at": utc_text(event.at)}


def _corrected(event: events.PlateCorrected, _visit: VisitRow) -> dict[str, Any]:
    return {"plate": event.plate}


def _checked_in(event: events.CheckedIn, visit: VisitRow) -> dict[str, Any]:
    return {
        "plate": event.plate or visit.plate,
        "phone": event.phone or visit.phone,
        "surname": event.surname or visit.surname,
        "salutation": event.salutation or visit.salutation,
    }


def _keys_learnt(event: events.KeysLearnt, visit: VisitRow) -> dict[str, Any]:
    return {
        "plate": event.plate or visit.plate,
        "phone": event.phone or visit.phone,
        "surname": event.surname or visit.surname,
        "salutation": event.salutation or visit.salutation,
    }


def _visitor_corrected(event: events.VisitorCorrected, _visit: VisitRow) -> dict[str, Any]:
    return {
        "plate": event.plate,
        "phone": event.phone,
        "surname": event.surname,
        "salutation": event.salutation,
    }


def _decided(event: events.Decided, visit: VisitRow) -> dict[str, Any]:
    is_same = event.host_id == visit.host_id
    return {
        "owner_id": event.owner_id,
        "host_id": event.host_id,
        "rule": event.rule,
        "is_turn_used": event.is_turn_used,
        "flags": " ".join(event.flags),
        "decision": msgspec.json.encode(event).decode(),
        "claimed_by": visit.claimed_by if is_same else None,
        "claimed_at": visit.claimed_at if is_same else None,
    }


def _acknowledged(event: events.Acknowledged, _visit: VisitRow) -> dict[str, Any]:
    return {"claimed_by": event.consultant_id, "claimed_at": utc_text(event.at)}


def _finished(event: events.Finished, _visit: VisitRow) -> dict[str, Any]:
    return {"finished_at": utc_text(event.at)}


CHANGES: Mapping[type[Event], Callable[[Any, VisitRow], dict[str, Any]]] = {
    events.Arrived: _arrived,
    events.PlateCorrected: _corrected,
    events.CheckedIn: _checked_in,
    events.VisitorCorrected: _visitor_corrected,
    events.KeysLearnt: _keys_learnt,
    events.Decided: _decided,
    events.Acknowledged: _acknowledged,
    events.Finished: _finished,
}
"""What each event changes of its visit's row."""
