from collections.abc import Callable

import pytest
from msgspec.structs import replace

from broker.alerts.calls import Call
from broker.alerts.escalation import next_call
from broker.alerts.life import AlertGroup, AlertStep, Asked, Kind
from broker.rules import commands as c
from broker.rules.state import MANAGER
from tests.fakes import NINE
from tests.office import Office

GROUP = AlertGroup(
    group_id="1",
    subject="v1",
    about="host",
    kind=Kind.HOST,
    raised_at=NINE,
    ends_at=NINE,
    repeat_at=NINE,
    asked=(Asked(alert_id="1", staff_id="li"),),
)
WHO = "李敏"


def everybody(_staff_id: str) -> bool:
    return True


def second(
    office: Office, group: AlertGroup, is_there: Callable[[str], bool] = everybody
) -> Call | None:
    return next_call(office.state, group, AlertStep.SECOND, is_there, who=WHO, unanswered=None)


def test_for_a_turn_the_next_in_line_may_stand_in() -> None:
    office = Office(("li", "zhao", "wang"))
    office.check_in("v1")
    call = second(office, GROUP)
    assert call is not None
    assert (call.words, call.staff_id, call.instead_of) == ("stand_in", "zhao", "李敏")


def test_for_an_owner_s_customer_the_team_mate_may_help() -> None:
    office = Office(("li", "zhao", "wang"))
    office.known("li")
    office.check_in("v1", phone="13800138000")
    call = second(office, GROUP)
    assert call is not None
    assert (call.words, call.staff_id) == ("help", "wang")


def test_for_a_car_that_is_on_its_way_the_next_in_line_prepares() -> None:
    office = Office(("li", "zhao", "wang"))
    call = second(office, replace(GROUP, about="next_car"))
    assert call is not None
    assert (call.words, call.staff_id) == ("next_car", "zhao")


@pytest.mark.parametrize("why", ["phone", "away", "busy", "home", "asked"])
def test_whoever_cannot_come_is_not_asked(why: str) -> None:
    office, group = Office(("li", "zhao", "wang")), GROUP
    office.check_in("v1")
    if why == "away":
        office.take(c.Away(at=office.now, consultant_id="zhao"))
    elif why == "busy":
        office.known("zhao")
        office.check_in("v2", phone="13800138000")
    elif why == "home":
        office.take(c.Leave(at=office.now, consultant_id="zhao"))
    elif why == "asked":
        group = replace(GROUP, asked=(*GROUP.asked, Asked(alert_id="2", staff_id="zhao")))
    call = second(office, group, lambda who: who != "zhao" or why != "phone")
    assert call is not None
    assert call.staff_id == "wang"


def test_with_nobody_left_nobody_is_asked() -> None:
    office = Office(("li", "zhao"))
    office.check_in("v1")
    assert second(office, GROUP, lambda _: False) is None


def test_the_manager_is_asked_last_and_nobody_is_behind_them() -> None:
    office = Office()
    call = next_call(office.state, GROUP, AlertStep.MANAGER, everybody, who=WHO, unanswered=None)
    assert call is not None
    assert (call.words, call.role, call.kind) == ("unanswered", MANAGER, Kind.HOST)
    assert (call.fields, call.instead_of) == ({"who": WHO}, WHO)
    asked = replace(GROUP, asked=(*GROUP.asked, Asked(alert_id="2", role=MANAGER)))
    for step in (AlertStep.SECOND, AlertStep.MANAGER):
        assert next_call(office.state, asked, step, everybody, who=WHO, unanswered=None) is None


@pytest.mark.parametrize(("post", "neighbour"), [("bar", "steward"), ("gate", None)])
def test_a_post_is_helped_by_its_neighbour_and_the_gate_by_nobody(
    post: str, neighbour: str | None
) -> None:
    group = replace(GROUP, kind=Kind.POST, asked=(Asked(alert_id="1", role=post),))
    call = second(Office(), group)
    assert (call.role if call else None) == neighbour
