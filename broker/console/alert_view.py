"""What nobody has answered yet, as the pages show it: one card for each visit."""

from dataclasses import dataclass
from datetime import datetime

from shared.messages import Level


@dataclass(frozen=True, slots=True)
class RungLine:
    """A person or a post who is asked, or was asked and did not go."""

    role: str | None
    name: str | None
    """None: a post."""
    at: datetime
    is_asked: bool
    """Whether they may still answer."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """Everything that nobody has answered yet about one visit; what is newest leads."""

    alert_id: str
    title: str
    text: str
    role: str | None
    """The post that it calls; None: a person."""
    name: str | None
    """The person whom it calls."""
    level: Level
    raised_at: datetime
    """The first of them."""
    visit_id: str = ""
    rungs: tuple[RungLine, ...] = ()
    """Whoever was asked for this visitor, in order."""
