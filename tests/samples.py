"""Messages to test with. Plates and phones are invented."""

from datetime import datetime

from shared.messages import (
    Answer3,
    Arrival,
    CheckIn,
    Departure,
    ServiceKind,
    ServiceVisit,
    ServiceVisitEnd,
)
from tests.fakes import NINE


def arrival(plate: str = "浙A12345", number: int = 1, *, seen_at: datetime = NINE) -> Arrival:
    """A car that the gate read for sure; ``number`` makes its id and its place in the order."""
    return Arrival(
        arrival_id=f"a-{number}",
        gate_id="north",
        seq=number,
        seen_at=seen_at,
        sent_at=seen_at,
        plate=plate,
        raw_plate=plate,
        kind="small",
        colour="blue",
        confidence=0.95,
        characters=(0.95,) * 7,
        province_confidence=0.95,
    )


def departure(plate: str = "浙A12345", number: int = 2, *, seen_at: datetime = NINE) -> Departure:
    """A car that the gate saw leave."""
    return Departure(
        departure_id=f"d-{number}",
        gate_id="north",
        seq=number,
        seen_at=seen_at,
        sent_at=seen_at,
        plate=plate,
        confidence=0.95,
    )


NATURAL = CheckIn(
    check_in_id="c-1",
    kiosk_id="lobby",
    seq=1,
    checked_in_at=NINE,
    is_first_visit=Answer3.YES,
    family_visited=Answer3.NO,
    was_contacted=Answer3.NO,
)
"""A natural visit (自然到访): the first one, no family, not contacted."""

COURIER = ServiceVisit(
    service_visit_id="s-1",
    kiosk_id="lobby",
    seq=1,
    kind=ServiceKind.DELIVERY,
    name="赵师傅",
    party_size=2,
    whom="王强",
    number="37",
    came_at=NINE,
)
COURIER_LEFT = ServiceVisitEnd(
    end_id="e-1", service_visit_id="s-1", kiosk_id="lobby", seq=2, left_at=NINE
)
