"""The event days of a site, as a page's tests know them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from broker.console.event_view import EventAsked, EventLine, GuestLine
from shared.errors import OperatorError
from tests.fakes import NINE


@dataclass
class FakeEvents:
    """See ``EventBook``."""

    asked: list[EventAsked] = field(default_factory=list)
    is_full: bool = False

    def events(self) -> tuple[EventLine, ...]:
        """See EventBook."""
        guests = (
            _guest("b-1", "周<女士>", "came", 0),
            _guest("b-2", None, "missed", 0),
            _guest("b-3", "万总", "expected", 1),
            _guest("b-4", "贺总", "cancelled", 1),
        )
        return (EventLine("交付<日>", date(2026, 11, 23), 20, guests),)

    def invite(self, asked: EventAsked) -> None:
        """See EventBook."""
        if self.is_full:
            raise OperatorError("error.event_small", more=3)
        self.asked.append(asked)


def _guest(booking_id: str, name: str | None, state: str, hours: int) -> GuestLine:
    starts_at = NINE + timedelta(hours=hours)
    ends_at = starts_at + timedelta(hours=1)
    return GuestLine(booking_id, name, "138****0001", "李敏", starts_at, ends_at, state)
