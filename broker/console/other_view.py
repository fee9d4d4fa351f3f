"""What the console shows of visitors who are no customers (非客户来访). Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Somebody who is not a customer (002) and came today or is still in."""

    kind: str
    name: str
    party_size: int
    whom: str | None
    number: str
    """What they type when they leave."""
    came_at: datetime
    left_at: datetime | None
    """None: still in."""
