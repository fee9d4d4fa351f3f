"""The house rules in the hub: what phones report, what time does, what the journal tells later."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import handle, let_time_pass
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from shared.errors import MessageError
from shared.messages import (
    Alert,
    Answer,
    Booking,
    BookingKind,
    Correction,
    CorrectionTaken,
    LookUp,
    Message,
    ReportKind,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import (
    ack,
    alerts,
    answers,
    closed,
    count,
    hosts,
    line,
    pass_two_minutes,
    phones_come_online,
    registration,
    report,
    time_passes,
    unauthorised,
    visitor,
)
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL, arrival, departure


@pytest.fixture(autouse=True)
def phones(hub: Hub) -> None:
    """Both consultants' phones are on: nobody else is promised by name."""
    phones_come_online(hub, "li", "wang")


def test_who_does_not_come_in_two_minutes_is_passed_over_and_the_tablet_names_the_next(
    hub: Hub, clock: FakeClock
) -> None:
    answers(hub, NATURAL)
    clock.pass_s(121)
    phones_come_online(hub, "wang")
    found = time_passes(hub)
    assert hosts(found) == ["王强"]
    told = alerts(found)
    assert {"wang", "li", "manager"} <= told.keys()
    assert "轮空" in told["manager"].title
    assert line(hub) == ("li",)


def test_who_took_the_call_is_not_passed_over(hub: Hub, clock: FakeClock) -> None:
    told = alerts(answers(hub, NATURAL))
    answers(hub, ack(told["li"], "li"))
    assert hosts(pass_two_minutes(hub, clock)) == []


def test_nothing_due_leaves_no_trace(hub: Hub, clock: FakeClock) -> None:
    before = count(hub, "journal")
    clock.pass_s(5)
    let_time_pass(hub)
    assert count(hub, "journal") == before


def test_a_finished_reception_puts_the_consultant_at_the_end_of_the_line(hub: Hub) -> None:
    told = alerts(answers(hub, NATURAL))
    answers(hub, ack(told["li"], "li"))
    assert line(hub) == ("wang",)
    answers(hub, report(ReportKind.FINISHED, "li"))
    assert line(hub) == ("wang", "li")


def test_when_the_car_leaves_the_host_says_whether_the_visitor_did_and_the_door_says_goodbye(
    hub: Hub,
) -> None:
    answers(hub, arrival())
    told = alerts(answers(hub, replace(NATURAL, arrival_id="a-1")))
    answers(hub, ack(told["li"], "li"))
    found = answers(hub, departure("浙A·12345"))
    assert alerts(found).keys() == {"li"}
    assert alerts(found)["li"].actions == ("visitor_left", "still_here")
    told = alerts(answers(hub, report(ReportKind.LEFT, "li")))
    assert "送别" in told["door"].text
    assert line(hub) == ("wang", "li")


def test_a_visitor_who_is_still_here_after_the_car_left_is_received_on(hub: Hub) -> None:
    answers(hub, arrival())
    told = alerts(answers(hub, replace(NATURAL, arrival_id="a-1")))
    answers(hub, ack(told["li"], "li"))
    asked = alerts(answers(hub, departure("浙A·12345")))["li"]
    found = answers(hub, report(ReportKind.STILL_HERE, "li"))
    assert [alert_id for alert_id, _, _ in closed(found)] == [asked.alert_id]
    assert [visit.host_id for visit in hub.decider.state.visits.values()] == ["li"]


def test_visitors_wait_in_order_and_the_first_who_is_free_receives_them(hub: Hub) -> None:
    assert hosts(answers(hub, visitor(1))) == ["李敏"]
    assert hosts(answers(hub, visitor(2))) == ["王强"]
    waits = answers(hub, visitor(3))
    assert hosts(waits) == [None]
    assert "无人接待" in alerts(waits)["manager"].title
    found = answers(hub, report(ReportKind.FINISHED, "wang"))
    assert hosts(found) == [None, "王强"], "nobody goes to who was received; the next has a host"


def test_a_manager_s_leave_keeps_the_place_and_nobody_excuses_themselves(hub: Hub) -> None:
    leave = report(ReportKind.AWAY, "chen", for_staff_id="li", is_excused=True)
    answers(hub, leave)
    assert hosts(answers(hub, NATURAL)) == ["王强"]
    assert line(hub) == ("li",)
    answers(hub, report(ReportKind.AWAY, "wang", 2, is_excused=True))
    assert not hub.decider.state.absent["wang"].is_excused


def test_a_stand_in_receives_and_the_turn_stays_with_whose_it_was(hub: Hub) -> None:
    answers(hub, NATURAL)
    found = answers(hub, report(ReportKind.STAND_IN, "wang", for_staff_id="li"))
    assert hosts(found) == ["王强"]
    assert line(hub) == ("wang",)


def test_a_registration_owns_the_next_visit(hub: Hub, clock: FakeClock) -> None:
    answers(hub, registration(1, "li", "13900000000"))
    clock.pass_s(60)
    phones_come_online(hub, "li")
    known = replace(NATURAL, phone="13900000000", consented_at=NINE)
    assert hosts(answers(hub, known)) == ["李敏"]
    assert hub.visits.of_check_in("c-1").rule == "R6"  # type: ignore[union-attr]


def test_a_customer_who_is_protected_is_refused_to_others_and_the_manager_hears(hub: Hub) -> None:
    told = alerts(answers(hub, registration(1, "li", "13800138000")))
    assert {"manager", "li"} <= told.keys()
    assert count(hub, "registrations") == 1


def test_what_is_entered_after_the_visitor_came_is_kept_and_marked(
    hub: Hub, clock: FakeClock
) -> None:
    known = replace(NATURAL, phone="13900000000", consented_at=NINE)
    answers(hub, known)
    clock.pass_s(60)
    told = alerts(answers(hub, registration(1, "wang", "13900000000")))
    assert "manager" in told
    assert [row["is_late"] for row in hub.inbox.db.table("registrations").rows] == [0, 1]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "王强's customer"),
        ("zh-TW", "歸屬王强"),
        ("xx", "归属王强"),
        ("../{0}", "归属王强"),
        (None, "归属王强"),
    ],
)
def test_a_look_up_is_answered_in_the_page_s_language_and_a_strange_one_in_the_site_s(
    hub: Hub, language: str | None, said: str
) -> None:
    asked = LookUp(
        look_up_id="l-1", staff_id="li", asked_at=NINE, phone="13800138000", language=language
    )
    (answer,) = answers(hub, asked)
    assert isinstance(answer, Answer)
    assert said in answer.found[0]


def test_a_look_up_is_answered_masked_and_kept(hub: Hub) -> None:
    asked = LookUp(look_up_id="l-1", staff_id="li", asked_at=NINE, phone="13800138000")
    (answer,) = answers(hub, asked)
    assert isinstance(answer, Answer)
    assert "138****8000" in answer.found[0]
    assert "归属王强" in answer.found[0]
    assert count(hub, "look_ups") == 1
    mine = replace(asked, look_up_id="l-2", staff_id="wang", phone=None, name="张女")
    assert answers(hub, mine) == [
        replace(answer, look_up_id="l-2", staff_id="wang", found=(), answered_at=NINE)
    ]
    (found,) = answers(hub, replace(mine, look_up_id="l-3", name="张"))
    assert isinstance(found, Answer)
    assert "13800138000 浙A88888" in found.found[0]


def test_a_look_alike_plate_is_a_hint_with_both_plates(hub: Hub) -> None:
    told = alerts(answers(hub, arrival("浙A8B888")))
    assert "浙A88888" in told["gate"].text
    assert "浙A8B888" in told["gate"].text
    assert "wang" not in told


def test_a_corrected_plate_is_the_visit_s_plate(hub: Hub) -> None:
    answers(hub, arrival())
    told = answers(
        hub,
        Correction(
            correction_id="x-1",
            gate_id="north",
            arrival_id="a-1",
            plate="浙A88888",
            corrected_by="north",
            corrected_at=NINE,
        ),
    )
    assert not any(isinstance(each, CorrectionTaken) for each in told)  # its own word
    assert hosts(answers(hub, replace(NATURAL, arrival_id="a-1"))) == ["王强"]


def test_a_ruling_needs_a_manager_and_a_reason(hub: Hub) -> None:
    answers(hub, NATURAL)
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    rule = report(ReportKind.RULING, "li", visit_id=visit.visit_id, for_staff_id="wang")
    ((told, said),) = unauthorised(answers(hub, rule))
    assert (told, "李敏" in said, "裁定归属" in said) == ("manager", True, True)
    assert hub.visits.get(visit.visit_id).owner_id == "li"
    with pytest.raises(MessageError, match="reason"):
        handle(hub, replace(rule, staff_id="chen"))
    answers(hub, replace(rule, staff_id="chen", reason="客户持王强名片"))
    decided = hub.visits.get(visit.visit_id)
    assert (decided.owner_id, decided.rule) == ("wang", "R15")


def test_an_appointment_goes_to_its_host(hub: Hub, clock: FakeClock) -> None:
    answers(
        hub,
        Booking(
            booking_id="b-1",
            staff_id="wang",
            kind=BookingKind.APPOINTMENT,
            booked_at=NINE,
            starts_at=NINE + timedelta(minutes=30),
            ends_at=NINE + timedelta(hours=1),
            plates=("浙A12345",),
        ),
    )
    clock.pass_s(1800)
    phones_come_online(hub, "wang")
    answers(hub, arrival(seen_at=clock()))
    came = replace(NATURAL, arrival_id="a-1", checked_in_at=clock())
    assert hosts(answers(hub, came)) == ["王强"]


def test_a_report_about_nobody_is_refused_in_words(hub: Hub) -> None:
    with pytest.raises(MessageError, match="no consultant"):
        handle(hub, report(ReportKind.AWAY, "wu"))
    assert count(hub, "messages") == 0


@pytest.mark.parametrize(
    "message",
    [
        arrival("浙A88888"),
        NATURAL,
        report(ReportKind.AWAY, "li"),
        registration(1, "li", "13900000000"),
        departure("浙A12345"),
        LookUp(look_up_id="l-1", staff_id="li", asked_at=NINE, phone="13800138000"),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_second_delivery_changes_nothing(hub: Hub, message: Message) -> None:
    answers(hub, message)
    before = count(hub, "journal"), hub.decider.state
    again = answers(hub, message)
    assert (count(hub, "journal"), hub.decider.state) == before
    assert not [answer for answer in again if isinstance(answer, Alert)]


def test_a_restart_goes_on_where_it_was(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
    answers(hub, NATURAL)
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    assert again.decider.state == hub.decider.state
    phones_come_online(again, "wang")
    assert hosts(answers(again, visitor(2))) == ["王强"]
