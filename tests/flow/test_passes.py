"""Known cars at the gate: staff pass quietly, a pass that does not fit is told, each is counted."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from broker.site_file import Pass
from shared.messages import (
    Alert,
    AlertKind,
    Booking,
    BookingKind,
    Message,
    PassKind,
    ReportKind,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import answers, time_passes
from tests.hub_fixtures import PEOPLE, clocked
from tests.register_rows import cells
from tests.samples import arrival, departure

STAFF, OWNER, OVER, BLACK = "浙A00001", "浙A00002", "浙A00003", "浙A00004"
VIP = "浙A00005"
YESTERDAY = date(2026, 11, 22)
PASSES = (
    Pass(id="p-staff", plate=STAFF, kind=PassKind.STAFF, holder="小吴", number="0001"),
    Pass(id="p-owner", plate=OWNER, kind=PassKind.OWNER, holder="业主", number="0002", area="地库"),
    Pass(id="p-over", plate=OVER, kind=PassKind.SUPPLIER, number="0003", valid_to=YESTERDAY),
    Pass(id="p-black", plate=BLACK, kind=PassKind.BLACK),
    Pass(id="p-vip", plate=VIP, kind=PassKind.VIP, holder="周总"),
)


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Hub:
    gate = replace(PEOPLE.staff[3], id="zhou", name="老周", roles=("gate",))
    people = replace(PEOPLE, staff=(*PEOPLE.staff, gate), passes=PASSES)
    return clocked(open_hub(tmp_path, people, Policy(), clock), clock)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def told(found: Iterable[Message]) -> dict[str, str]:
    return {one.role or "": one.title for one in found if isinstance(one, Alert)}


def checked(kind: ReportKind, arrival_id: str, by: str = "zhou", **more: str) -> StaffReport:
    return StaffReport(
        report_id=f"r-{arrival_id}-{kind}-{by}",
        staff_id=by,
        kind=kind,
        reported_at=NINE,
        visit_id=arrival_id,
        **more,  # type: ignore[arg-type]
    )


def test_a_staff_car_is_counted_and_nobody_hears_of_it(hub: Hub, clock: FakeClock) -> None:
    assert answers(hub, arrival(STAFF)) == []
    assert hub.decider.state.visits == {}
    (row,) = cells(hub, "passes")
    assert (row["came"], row["left"], row["kind"], row["state"]) == (
        *("09:00", "", "员工", "静默放行"),
    )
    clock.pass_s(600)
    assert answers(hub, departure(STAFF, seen_at=clock())) == []
    assert cells(hub, "passes")[0]["left"] == "09:10"
    assert answers(hub, arrival(STAFF, 1)) == [], "a second delivery is none"
    assert len(cells(hub, "passes")) == 1


def test_the_gate_compares_and_the_manager_hears_of_a_mismatch(hub: Hub) -> None:
    (alert,) = [one for one in answers(hub, arrival(OWNER)) if isinstance(one, Alert)]
    assert (alert.kind, alert.role, alert.title) == (AlertKind.TASK, "gate", "证号与车牌一致？")
    assert alert.actions == ("pass_fits", "pass_mismatch")
    assert "0002" in alert.text
    found = answers(hub, checked(ReportKind.PASS_MISMATCH, "a-1", note="0007"))
    assert told(found) == {"manager": "证号与车牌不符"}
    (row,) = cells(hub, "passes")
    assert (row["state"], row["reason"]) == ("证号不符", "0007")


def test_a_pass_that_fits_is_noted(hub: Hub) -> None:
    answers(hub, arrival(OWNER))
    assert told(answers(hub, checked(ReportKind.PASS_FITS, "a-1"))) == {}
    assert cells(hub, "passes")[0]["state"] == "一致"
    assert "manager" in told(answers(hub, checked(ReportKind.PASS_FITS, "a-1", by="lin")))


def test_what_is_over_or_on_the_black_list_is_the_gates_to_settle(hub: Hub) -> None:
    assert told(answers(hub, arrival(OVER))) == {"gate": "通行证不在有效期"}
    assert told(answers(hub, arrival(BLACK, 2))) == dict.fromkeys(("gate", "manager"), "黑名单车辆")
    assert hub.decider.state.visits == {}


def test_a_vips_car_is_a_visitors_and_the_manager_hears_of_it_at_the_gate(hub: Hub) -> None:
    assert told(answers(hub, arrival(VIP)))["manager"] == "贵宾到门岗"
    assert len(hub.decider.state.visits) == 1
    unsure = replace(arrival(VIP, 2), is_uncertain=True)
    assert told(answers(hub, unsure)).get("manager") != "贵宾到门岗"


def test_who_is_expected_is_a_visitor_whatever_pass_the_car_has(hub: Hub) -> None:
    booking = Booking(
        booking_id="b-1",
        staff_id="chen",
        kind=BookingKind.VIP,
        booked_at=NINE,
        name="周总",
        plates=(OWNER,),
        starts_at=NINE + timedelta(hours=1),
    )
    answers(hub, booking)
    assert "parking" in told(answers(hub, arrival(OWNER)))


def test_an_uncertain_reading_is_nobodys_pass(hub: Hub) -> None:
    unsure = replace(arrival(STAFF), is_uncertain=True)
    assert {"parking", "door", "gate"} <= set(told(answers(hub, unsure)))


def test_three_hundred_staff_cars_make_no_alert(tmp_path: Path, clock: FakeClock) -> None:
    many = tuple(Pass(id=f"p-{n}", plate=f"浙B{n:05d}", kind=PassKind.STAFF) for n in range(1000))
    hub = clocked(open_hub(tmp_path, replace(PEOPLE, passes=many), Policy(), clock), clock)
    for number in range(300):
        assert answers(hub, arrival(many[number * 3].plate, number)) == []
    assert time_passes(hub) == []
    assert len(cells(hub, "passes")) == 300
