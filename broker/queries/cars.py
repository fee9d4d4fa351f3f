"""The cars that passed a gate lately, so that the guard can correct a plate."""

from datetime import datetime

from broker.console.cars_view import CarLine
from broker.store.readable import readable
from shared.database import Database
from shared.messages import Arrival

CARS_SHOWN = 20


def cars_since(db: Database, since: datetime) -> tuple[CarLine, ...]:
    """The latest cars since then, newest first."""
    rows = db.conn.execute(
        "select body from arrivals where received_at >= ? order by rowid desc limit ?",
        [since.isoformat(), CARS_SHOWN],
    )
    return tuple(map(_car_line, readable(Arrival, (body for (body,) in rows))))


def _car_line(arrival: Arrival) -> CarLine:
    return CarLine(
        arrival_id=arrival.arrival_id,
        gate_id=arrival.gate_id,
        seen_at=arrival.seen_at,
        plate=arrival.plate,
        candidates=arrival.candidates,
        is_uncertain=arrival.is_uncertain,
    )
