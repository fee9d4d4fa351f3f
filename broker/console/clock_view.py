"""What the console tells of the machine's clock."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RefusedClock:
    """What the machine's clock shows, and the time that the hub goes by instead."""

    shown: datetime
    ours: datetime
