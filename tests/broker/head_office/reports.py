"""What sites report."""

from datetime import timedelta
from typing import Any

from broker.head_office.day_counts import CHINA
from broker.journal.shipment import DayConduct, RefusedDocument
from shared.clock import now

YESTERDAY = now().astimezone(CHINA).date() - timedelta(days=1)
A_REFUSAL = RefusedDocument(
    number=7, name="group-policy", version=2, problem="protection_days: 400"
)
QUICK, SLOW = (0, 0, 8, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 1, 0, 3)


def a_day(**other: Any) -> DayConduct:
    """A quiet day, yesterday."""
    plain: dict[str, Any] = {"day": YESTERDAY, "visits": 8, "received": 8}
    return DayConduct(**{**plain, "waits": QUICK, "answers": QUICK, **other})
