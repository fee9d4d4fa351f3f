"""What the bar has to bring, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OrderLine:
    """The open order of one visit."""

    visit_id: str
    visitor: str | None
    place: str | None
    drinks: tuple[str, ...]
    """A word for each glass."""
    since: datetime
