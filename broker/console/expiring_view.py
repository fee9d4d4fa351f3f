"""A customer whose protection ends soon, as the owner's page and the console show it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ExpiringLine:
    """A customer whose protection (有效跟踪期) ends soon."""

    registration_id: str
    owner_name: str
    visitor: str | None
    phone: str | None
    plates: tuple[str, ...]
    last_day: date
    """The last protected day, site time."""
    days_left: int
    """0: it ends today, at 24:00."""
