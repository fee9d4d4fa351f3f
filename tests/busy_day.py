"""A day at the office with something for every register. All invented."""

from datetime import timedelta

from msgspec.structs import replace

from broker.handlers.context import Hub
from shared.messages import (
    Booking,
    BookingKind,
    CheckIn,
    Ground,
    LookUp,
    Registration,
    ReportKind,
    ServiceVisitEnd,
    StaffReport,
)
from tests.fakes import FakeClock
from tests.hub_answers import ack, after, alerts, answers
from tests.samples import COURIER, NATURAL, arrival, departure

PHONE, PLATE, FORMULA = "13900000001", "浙A00001", '=HYPERLINK("http://x","y")'
"""Of the first visitor; and a reason that a spreadsheet would take for a formula."""
OWNED_PHONE, OWNED_PLATE = "13800138000", "浙A88888"
"""Of the customer whom 王强 has known from the start (``tests.hub_fixtures``)."""


def report(hub: Hub, kind: ReportKind, by: str, **more: object) -> None:
    """Somebody reports."""
    number = len(hub.inbox.db.execute("select 1 from messages").fetchall())
    bare = StaffReport(report_id=f"s-{number}", staff_id=by, kind=kind, reported_at=hub.clock())
    answers(hub, replace(bare, **more))


def comes(hub: Hub, number: int, **said: object) -> str:
    """A visitor checks in, and whoever is called answers; the visit."""
    check_in = replace(
        NATURAL,
        check_in_id=f"c-{number}",
        seq=number,
        checked_in_at=hub.clock(),
        consented_at=hub.clock(),
        **said,
    )
    assert isinstance(check_in, CheckIn)
    told = alerts(answers(hub, check_in))
    visit = hub.visits.of_check_in(check_in.check_in_id)
    assert visit is not None
    if visit.host_id in told:
        answers(hub, ack(told[visit.host_id], visit.host_id))
    return visit.visit_id


def live_through(hub: Hub, clock: FakeClock) -> tuple[str, str]:
    """Live through the day; the visits of a natural visitor by car, and of 王强's customer."""
    natural = _is_received(hub, clock)
    clock.pass_s(1200)
    own = comes(hub, 2, phone=OWNED_PHONE, surname="张", salutation="女士")
    _enter_and_book(hub, natural)
    report(hub, ReportKind.DUTY_IMPOSSIBLE, "wu", note="巡逻", reason=FORMULA)
    report(hub, ReportKind.FINISHED, "li", visit_id=natural)
    clock.pass_s(60)
    answers(hub, departure(PLATE, seen_at=clock()))
    unanswered = replace(NATURAL, check_in_id="c-3", seq=3, checked_in_at=clock())
    answers(hub, unanswered)
    after(hub, clock, 130)
    report(hub, ReportKind.FINISHED, "wang", visit_id=own)
    left = ServiceVisitEnd(
        end_id="e-1",
        seq=2,
        service_visit_id=COURIER.service_visit_id,
        kiosk_id="lobby",
        left_at=clock(),
    )
    answers(hub, left)
    return natural, own


def _is_received(hub: Hub, clock: FakeClock) -> str:
    """A natural visitor comes by car, is claimed, seated and shown around; the visit."""
    after(hub, clock, 60)
    answers(hub, arrival(PLATE, seen_at=clock()))
    clock.pass_s(60)
    answers(hub, replace(COURIER, came_at=clock()))
    natural = comes(
        hub, 1, phone=PHONE, surname="赵", salutation="女士", arrival_id="a-1", party_size=3
    )
    asked = LookUp(look_up_id="l-1", staff_id="wang", asked_at=clock(), plate=PLATE)
    answers(hub, asked)
    report(hub, ReportKind.CLAIM, "wang", visit_id=natural, evidence=Ground.CARD)
    report(hub, ReportKind.SEATED, "li", visit_id=natural, place="vip_room", drinks=("green_tea",))
    report(hub, ReportKind.SHOWFLAT, "li", visit_id=natural)
    wished = {"purpose": "own_use", "area": "middle", "note": "要南向"}
    report(hub, ReportKind.WISHES, "li", visit_id=natural, **wished)
    return natural


def _enter_and_book(hub: Hub, natural: str) -> None:
    """The host enters the visitor, and a phone enquiry; the manager plans a VIP."""
    entry = Registration(
        registration_id="r-1",
        staff_id="li",
        registered_at=hub.clock(),
        phone=PHONE,
        surname="赵",
        visit_id=natural,
        channel="walk_in",
    )
    answers(hub, entry)
    enquiry = replace(
        entry, registration_id="r-2", phone="13700000002", surname="孙", visit_id=None
    )
    answers(hub, replace(enquiry, channel="phone"))
    booking = Booking(
        booking_id="b-1",
        staff_id="chen",
        kind=BookingKind.VIP,
        booked_at=hub.clock(),
        starts_at=hub.clock() + timedelta(hours=2),
        name="周总",
        plates=("浙B00002",),
    )
    answers(hub, booking)


def rule(hub: Hub, visit_id: str) -> None:
    """The manager rules for 王强, with a reason that no spreadsheet may run."""
    report(hub, ReportKind.RULING, "chen", visit_id=visit_id, for_staff_id="wang", reason=FORMULA)
