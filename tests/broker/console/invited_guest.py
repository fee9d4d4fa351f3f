"""A guest who is invited, and the tablet at whose door they may check in."""

from datetime import timedelta

from broker.console.guest_ticket import guest_ticket
from broker.console.site_view import ExpectedLine, NodeLine, Overview
from shared.messages import BookingKind, NodeKind
from tests.broker.console.conftest import SECRET
from tests.broker.console.fake_site import NINE, FakeSite

TICKET = guest_ticket(SECRET, "b-1")
DOOR = "http://192.0.2.10:8080/own-phone/AAAAAAAAAAAAAAAA"
LINE = ExpectedLine(
    *(BookingKind.APPOINTMENT, NINE + timedelta(hours=1), NINE + timedelta(hours=2)),
    *("周女士", None, "李敏"),
    plates=("浙A88888",),
    booking_id="b-1",
    host_id="li",
)


def site_with_a_guest() -> FakeSite:
    """The site at which they are expected."""
    tablet = NodeLine("lobby", NodeKind.KIOSK, "大厅", True, NINE, door=DOOR)
    return FakeSite(view=Overview(expected=(LINE,), nodes=(tablet,)))
