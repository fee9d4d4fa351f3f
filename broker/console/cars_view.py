"""A car that passed a gate lately, as the guard's page shows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CarLine:
    """A car that passed a gate lately, so that the guard can correct its plate (更正)."""

    arrival_id: str
    gate_id: str
    seen_at: datetime
    plate: str
    candidates: tuple[str, ...] = ()
    is_uncertain: bool = False
