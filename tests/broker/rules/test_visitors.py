from datetime import timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from tests.office import NO, YES, Office

PHONE, PLATE = "13800138000", "浙A88888"


def kinds(followed: tuple[e.Event, ...]) -> list[type[e.Event]]:
    return [type(event) for event in followed[1:]]


def arrive(office: Office, visit_id: str, plate: str = PLATE) -> list[type[e.Event]]:
    return kinds(office.take(c.Arrive(at=office.now, visit_id=visit_id, plate=plate)))


def test_a_car_opens_one_visit_however_often_it_is_told() -> None:
    office = Office()
    assert arrive(office, "v1") == [e.Arrived]
    assert arrive(office, "v1") == []


def test_while_a_vip_has_the_house_only_the_vip_s_own_cars_are_let_in() -> None:
    office = Office()
    plan = c.PlanVip(
        at=office.now,
        name="贵宾",
        arrives_at=office.now,
        host_id="li",
        plates=("浙B99999", "浙B99998"),
        is_exclusive=True,
    )
    office.take(plan)
    assert arrive(office, "v0") == [e.Arrived, n.Refused]
    office.check_in("vip", plate="浙B99999")
    assert arrive(office, "v1") == [e.Arrived, n.Refused]
    assert arrive(office, "v2", "浙B99998") == [e.Arrived]
    office.take(c.Finish(at=office.now, visit_id="vip"))
    assert arrive(office, "v3") == [e.Arrived]


@pytest.mark.parametrize(("seconds", "is_over"), [(-1, False), (0, True), (1, True)])
def test_a_car_that_left_before_it_came_again_ends_no_visit(seconds: int, is_over: bool) -> None:
    office = Office()
    arrive(office, "v1")
    arrive(office, "v2", "浙B99999")
    office.take(c.Depart(at=office.now + timedelta(seconds=seconds), plate=PLATE))
    assert ("v1" not in office.state.visits) is is_over
    assert "v2" in office.state.visits


@pytest.mark.parametrize("visit_id", ["v2", "v9"])
def test_the_end_of_a_visit_that_is_over_or_unknown_is_nothing(visit_id: str) -> None:
    office = Office()
    office.check_in("v2")
    office.take(c.Finish(at=office.now, visit_id="v2"))
    assert office.take(c.Finish(at=office.now, visit_id=visit_id)) == ()


def test_the_same_plate_again_is_no_correction() -> None:
    office = Office()
    arrive(office, "v1")
    correct = c.CorrectPlate(at=office.now, visit_id="v1", plate=PLATE)
    assert office.take(correct) == ()
    assert office.take(c.CorrectPlate(at=office.now, visit_id="v9", plate="浙B99999")) == ()
    other = c.CorrectPlate(at=office.now, visit_id="v1", plate="浙B99999")
    assert kinds(office.take(other)) == [e.PlateCorrected]


@pytest.mark.parametrize(
    ("phone", "surname", "followed"),
    [
        (PHONE, "张", []),
        ("13900001111", "张", [n.Refused]),
        (PHONE, "李", [n.Refused]),
    ],
)
def test_who_answers_again_as_somebody_else_is_sent_to_the_manager(
    phone: str, surname: str, followed: list[type[e.Event]]
) -> None:
    office = Office()

    def answer(phone: str, surname: str) -> tuple[e.Event, ...]:
        return office.take(
            c.CheckIn(at=office.now, visit_id="v1", phone=phone, surname=surname, first_visit=YES)
        )

    answer(PHONE, "张")
    assert kinds(answer(phone, surname)) == followed


def test_a_check_in_completes_the_visit_of_its_car_and_of_no_other() -> None:
    office = Office()
    arrive(office, "a1", "浙B99999")
    office.now += timedelta(seconds=60)
    arrive(office, "a2")
    office.now += timedelta(seconds=60)
    office.check_in("v1", plate=PLATE)
    assert set(office.state.visits) == {"a1", "v1"}
    assert office.state.visits["v1"].arrived_at == office.now - timedelta(seconds=60)
    office.check_in("v2", plate=PLATE)
    assert set(office.state.visits) == {"a1", "v1", "v2"}


def test_two_of_the_same_name_are_told_to_the_manager_and_nobody_is_named() -> None:
    office = Office()
    both = (
        c.Consultant(id="li", name="李敏"),
        c.Consultant(id="lin", name="李敏"),
        c.Consultant(id="wang", name="王强"),
    )
    office.take(c.SetRoster(at=office.now, consultants=both, order=("li", "lin", "wang")))
    assert office.check_in("v1", (NO, NO, YES), named="李敏").rule == "R13"
    assert len(office.told(n.Escalated)) == 1
    assert office.check_in("v2", (NO, NO, YES), named="王强").owner_id == "wang"
    assert office.check_in("v3", (NO, NO, YES), named="赵无名").rule == "R13"
    assert len(office.told(n.Escalated)) == 1


def corrected(
    office: Office, phone: str, *, was: str | None = None, is_registered: bool = False
) -> list[type[e.Event]]:
    command = c.CorrectVisitor(
        at=office.now,
        visit_id="v1",
        owner_id="li",
        is_registered=is_registered,
        was_phone=was,
        phone=phone,
    )
    return kinds(office.take(command))


def test_a_corrected_number_is_told_where_it_could_have_changed_the_owner() -> None:
    office = Office()
    office.known("wang")
    office.check_in("v1")
    assert corrected(office, PHONE) == [e.VisitorCorrected, n.KeysCorrected]
    assert corrected(office, "13900001111", was=PHONE) == [e.VisitorCorrected]
    registered = corrected(office, "13900001111", was=PHONE, is_registered=True)
    assert registered == [e.VisitorCorrected, n.KeysCorrected]
    assert corrected(office, PHONE, was=PHONE) == [e.VisitorCorrected]


@pytest.mark.parametrize(("owner", "days_ago"), [("li", 5), ("wang", 16), ("gone", 5)])
def test_a_number_of_nobody_else_s_customer_may_be_corrected_in_silence(
    owner: str, days_ago: int
) -> None:
    office = Office()
    office.known(owner, days_ago=days_ago)
    office.check_in("v1")
    assert corrected(office, PHONE) == [e.VisitorCorrected]
