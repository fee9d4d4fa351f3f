"""Who was passed over today, as pages show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SkipLine:
    """Somebody was passed over today (轮空); the manager may take it back (R23)."""

    visit_id: str
    staff_id: str
    name: str
    visitor: str | None
