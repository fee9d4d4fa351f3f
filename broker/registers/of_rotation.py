"""The rotation ledger (轮排记录): each turn, skip, make-up, stand-in and ruling, in order."""

from collections.abc import Mapping
from typing import Any

from broker.registers.columns import Cell, Mask, Parties, RegisterSheet, Scope, SheetColumn
from broker.registers.day_facts import Line
from broker.registers.of_visits import VISITOR, of_day
from broker.registers.writer import Writer
from broker.rules import events as e
from broker.rules.events import snake_case

_TURNS: Mapping[type[e.Event], str] = {
    e.Decided: "decided",
    e.Joined: "joined",
    e.Left: "left",
    e.WentAway: "went_away",
    e.CameBack: "came_back",
}


def turn_kind(event: Any) -> str:
    """What a line of the rotation ledger tells: a turn, a stand-in, a skip, a make-up …"""
    if not isinstance(event, e.Decided):
        return _TURNS.get(type(event)) or snake_case(type(event).__name__)
    if event.rule == "R24":
        return "stand_in"
    if event.host_id is None:
        return "waits"
    return "turn" if event.is_turn_used else "no_turn"


def _turn_visitor(write: Writer, line: Line) -> Cell:
    return VISITOR.cell(write, line.visit) if line.visit else ""


def _turn_host(write: Writer, line: Line) -> str:
    event = line.event
    return write.name(event.host_id if isinstance(event, e.Decided) else event.consultant_id)


def _turn_parties(line: Line) -> Parties:
    event = line.event
    host = getattr(event, "host_id", None) or getattr(event, "consultant_id", None)
    others = (getattr(event, "turn_of", None), getattr(event, "from_id", None))
    owner = getattr(event, "owner_id", None)
    return Parties(owner, host, others, getattr(event, "visit_id", None))


def _turn_of(write: Writer, line: Line) -> str:
    event = line.event
    return write.name(event.turn_of) if isinstance(event, e.Decided) else ""


def _why(write: Writer, line: Line) -> str:
    event = line.event
    if isinstance(event, e.Joined | e.Left | e.WentAway | e.CameBack):
        return write.say("excused") if getattr(event, "is_excused", False) else ""
    return write.sentence(event)


ROTATION = RegisterSheet(
    "rotation",
    of_day(lambda day: day.rotation),
    (
        SheetColumn("on", lambda write, line: write.on(line.event.at), width=11),
        SheetColumn("at", lambda write, line: write.time_s(line.event.at), width=9),
        SheetColumn(
            "what", lambda write, line: write.say(f"turn_{turn_kind(line.event)}"), width=14
        ),
        SheetColumn("consultant", _turn_host, width=10),
        SheetColumn("turn_of", _turn_of, width=10),
        SheetColumn("visitor", _turn_visitor, width=12),
        SheetColumn(
            "plate",
            lambda write, line: write.key(line.visit.plate) if line.visit else "",
            Mask.PLATE,
            12,
        ),
        SheetColumn("why", _why, Mask.FREE, 60),
    ),
    _turn_parties,
    {"manager": Scope.ALL, "consultant": Scope.ALL},
    lambda line: (turn_kind(line.event),),
)
