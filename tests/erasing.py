"""A visitor of whom everything that can be kept is kept, to be erased; and what is left then."""

from pathlib import Path

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.local.questions import OwnCorrection, PersonRequest, Purpose
from shared.messages import (
    Booking,
    BookingKind,
    CheckIn,
    LookUp,
    Registration,
    ReportKind,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import ack, alerts, answers
from tests.samples import NATURAL, arrival, departure

PHONE, OTHER_PHONE, TYPED_WRONG = "13900001111", "13700002222", "13900001112"
PLATE, OTHER_PLATE = "浙B99999", "浙C77777"
KEY = "k" * 64


def check_in(number: int, phone: str | None, **more: object) -> CheckIn:
    bare = replace(
        NATURAL,
        check_in_id=f"c-{number}",
        seq=number,
        phone=phone,
        consented_at=NINE,
        surname="欧阳",
        salutation="先生",
        page_key=KEY if number == 1 else None,
    )
    return replace(bare, **more)


def registration(
    number: int, phone: str, *plates: str, staff_id: str = "li", surname: str = "欧阳"
) -> Registration:
    return Registration(
        registration_id=f"r-{number}",
        staff_id=staff_id,
        registered_at=NINE,
        surname=surname,
        salutation="先生",
        phone=phone,
        plates=plates,
    )


def finish(hub: Hub, check_in_id: str) -> None:
    visit = hub.visits.of_check_in(check_in_id)
    assert visit is not None
    report = StaffReport(
        report_id=f"s-{check_in_id}",
        staff_id=visit.host_id or "li",
        kind=ReportKind.FINISHED,
        reported_at=hub.clock(),
        visit_id=visit.visit_id,
    )
    handle(hub, report)


def request(purpose: Purpose = Purpose.ERASE, **whom: str) -> PersonRequest:
    number = whom.pop("number", "1")
    return PersonRequest(request_id=f"q-{number}", purpose=purpose, asked_at=NINE, **whom)


def a_whole_visit(hub: Hub, clock: FakeClock) -> None:
    """Everything that can be kept of a visitor: car, check-in, own page, the consultant's entry,
    look-ups, a plan, a drink, and a message that could not be used."""
    handle(hub, replace(arrival(PLATE), raw_plate="浙B9999Q", candidates=(PLATE, "浙B99998")))
    asked = replace(check_in(1, TYPED_WRONG), arrival_id="a-1", drinks=("绿茶",))
    told = alerts(answers(hub, asked))
    host = next(name for name in ("li", "wang") if name in told)
    answers(hub, ack(told[host], host))
    handle(hub, correction(PHONE))
    handle(hub, LookUp(look_up_id="l-1", staff_id=host, asked_at=NINE, phone=PHONE))
    handle(hub, registration(1, PHONE, PLATE, staff_id=host))
    handle(hub, replace(arrival("浙B9999B", 2), is_uncertain=True, candidates=(PLATE,)))
    plan = Booking(
        booking_id="b-1",
        staff_id="li",
        kind=BookingKind.APPOINTMENT,
        booked_at=NINE,
        starts_at=NINE.replace(day=25),
        ends_at=NINE.replace(day=25, hour=3),
        host_id="li",
        phone=PHONE,
    )
    handle(hub, plan)
    finish(hub, "c-1")
    handle(hub, departure(PLATE, seen_at=clock()))
    hub.inbox.reject("x", f'{{"phone":"{PHONE}"}}'.encode(), f"why {PLATE}", clock())


def correction(phone: str | None) -> OwnCorrection:
    return OwnCorrection(
        correction_id="o-1",
        check_in_id="c-1",
        corrected_at=NINE,
        surname="欧阳",
        salutation="先生",
        phone=phone,
        plate=PLATE,
    )


def somebody_else(hub: Hub) -> None:
    handle(hub, arrival(OTHER_PLATE, 7))
    handle(hub, check_in(7, OTHER_PHONE, surname="司马", arrival_id="a-7"))
    handle(hub, registration(7, OTHER_PHONE, OTHER_PLATE, surname="司马"))
    finish(hub, "c-7")


def pass_on(hub: Hub) -> None:
    let_time_pass(hub)
    hub.journal.seal()


def left_on_the_disk(folder: Path, *values: str) -> list[tuple[str, str]]:
    """Every file in the hub's folder that still holds one of the values, byte for byte."""
    files = [path for path in folder.iterdir() if path.is_file()]
    return [(path.name, v) for path in files for v in values if v.encode() in path.read_bytes()]
