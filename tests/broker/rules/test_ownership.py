from datetime import timedelta

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Registration
from broker.rules.policy import Policy
from shared.messages import Answer3, Evidence
from shared.privacy import mask_phone, mask_plate
from tests.office import NO, UNSURE, YES, Office, people

PHONE, PLATE = "13800138000", "浙A88888"


def registered(
    office: Office, owner: str, number: int = 1, *, days_ago: float = 5, is_late: bool = False
) -> None:
    at = office.now - timedelta(days=days_ago)
    office.book.add(
        Registration(
            registration_id=f"old-{number}",
            consultant_id=owner,
            registered_at=at,
            received_at=at,
            phone=PHONE,
            plates=(PLATE,),
            is_late=is_late,
        )
    )


def basis(decided: e.Decided) -> tuple[tuple[str, ...], str | None]:
    found = decided.ownership.basis
    return found.registration_ids, found.key


def test_a_decision_says_by_which_key_a_customer_was_known() -> None:
    office = Office()
    registered(office, "wang")
    by_phone = office.check_in("v1", phone=PHONE, plate="浙B99999")
    by_plate = office.check_in("v2", phone="13900001111", plate=PLATE)
    assert basis(by_phone) == (("old-1",), mask_phone(PHONE))
    assert basis(by_plate) == (("old-1",), mask_plate(PLATE))


def test_all_entries_of_the_owner_count_and_the_latest_reception_protects() -> None:
    office = Office()
    registered(office, "wang", 1, days_ago=12)
    registered(office, "wang", 2, days_ago=3)
    found = office.check_in("v1", phone=PHONE).ownership.basis
    assert found.registration_ids == ("old-1", "old-2")
    assert found.registered_at == office.now - timedelta(days=12)
    assert found.received_at == office.now - timedelta(days=3)


def test_an_entry_that_came_too_late_owns_nobody_on_later_days_either() -> None:
    office = Office()
    registered(office, "wang", 1, days_ago=9, is_late=True)
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.rule, decided.host_id, decided.is_turn_used) == ("R14", "li", True)
    registered(office, "zhao", 2, days_ago=2)
    decided = office.check_in("v2", phone=PHONE)
    assert decided.owner_id == "zhao"
    assert office.told(n.DisputeOpened) == []


def test_a_second_owner_opens_one_dispute_and_one_more_another() -> None:
    office = Office(("li", "wang", "zhao", "chen"))
    registered(office, "wang", 1, days_ago=3)
    office.check_in("v1", phone=PHONE)
    assert office.told(n.DisputeOpened) == []
    registered(office, "zhao", 2, days_ago=2)
    registered(office, "chen", 3, days_ago=1)
    office.check_in("v2", phone=PHONE)
    assert len(office.told(n.DisputeOpened)) == 2
    claims = office.state.disputes["v2"].claims
    assert [claim.owner_id for claim in claims] == ["wang", "zhao", "chen"]


def test_who_has_left_the_company_owns_nobody() -> None:
    office = Office()
    registered(office, "wang")
    gone = tuple(
        c.Consultant(id=person.id, name=person.name, has_left=person.id == "wang")
        for person in people("li", "wang", "zhao")
    )
    office.take(c.SetRoster(at=office.now, consultants=gone))
    decided = office.check_in("v1", phone=PHONE)
    assert (decided.rule, decided.ownership.owner_id) == ("R4b", None)
    assert (decided.flags, decided.is_turn_used) == (("orphan",), True)
    assert decided.ownership.basis.left_id == "wang"
    (told,) = office.told(n.Orphaned)
    assert isinstance(told, n.Orphaned)
    assert (told.consultant_id, told.registration_id) == ("wang", "old-1")


@pytest.mark.parametrize(
    ("answers", "named", "evidence", "rule", "flags"),
    [
        ((NO, NO, NO), "王强", Evidence.NONE, "R9", ("named",)),
        ((NO, NO, NO), "王强", Evidence.CARD, "R9", ("named", "card")),
        ((YES, NO, YES), "王强", Evidence.NONE, "R9", ("named",)),
        ((YES, NO, NO), "王强", Evidence.NONE, "R14", ("natural",)),
        ((NO, NO, YES), None, Evidence.NONE, "R13", ("undetermined",)),
        ((YES, YES, NO), "王强", Evidence.NONE, "R10", ("family",)),
        ((YES, YES, NO), None, Evidence.NONE, "R11", ("split_commission",)),
        ((YES, UNSURE, NO), None, Evidence.NONE, "R13", ("undetermined",)),
        ((YES, NO, UNSURE), None, Evidence.NONE, "R13", ("undetermined",)),
        ((UNSURE, NO, NO), None, Evidence.NONE, "R13", ("undetermined",)),
    ],
)
def test_the_answers_decide_with_the_name_that_was_given(
    answers: tuple[Answer3, Answer3, Answer3],
    named: str | None,
    evidence: Evidence,
    rule: str,
    flags: tuple[str, ...],
) -> None:
    decided = Office().check_in("v1", answers, named=named, evidence=evidence)
    assert (decided.rule, decided.ownership.flags) == (rule, flags)


def test_who_comes_again_the_same_day_goes_to_the_host_of_the_last_time() -> None:
    office = Office()
    for visit_id, host in (("v1", "li"), ("v2", "li")):
        decided = office.check_in(visit_id, phone=PHONE)
        assert decided.owner_id == host
        office.take(c.Finish(at=office.now, visit_id=visit_id))
    assert decided.rule == "R16"
    assert decided.ownership.basis.visit_id == "v1"
    assert office.check_in("v3", phone="13900001111").rule == "R14"
    office.wait(86_400)
    assert office.check_in("v4", phone=PHONE).rule == "R14"


def test_a_site_may_ask_for_the_line_anew_for_who_comes_again() -> None:
    office = Office(policy=Policy(is_same_party_kept=False))
    office.check_in("v1", phone=PHONE)
    office.take(c.Finish(at=office.now, visit_id="v1"))
    assert office.check_in("v2", phone=PHONE).rule == "R14"


def test_an_appointment_of_another_day_decides_nothing_today() -> None:
    office = Office()
    tomorrow = office.now + timedelta(days=1)
    office.take(
        c.MakeAppointment(
            at=office.now,
            host_id="zhao",
            starts_at=tomorrow,
            ends_at=tomorrow + timedelta(hours=1),
            plate=PLATE,
        )
    )
    assert office.check_in("v1", plate="浙B99999").rule == "R14"
    assert office.check_in("v2", plate=PLATE).rule == "R14"
    office.wait(86_400)
    decided = office.check_in("v3", plate=PLATE)
    assert (decided.rule, decided.host_id, decided.flags) == ("R5", "zhao", ("appointment",))


def test_whose_protection_is_over_goes_to_the_old_owner_only_when_asked_for() -> None:
    office = Office()
    registered(office, "wang", days_ago=30)
    decided = office.check_in("v1", (NO, NO, NO), phone=PHONE)
    assert (decided.rule, decided.flags, decided.host_id) == ("R8", ("expired",), "li")
    assert basis(decided)[1] == mask_phone(PHONE)
    decided = office.check_in("v2", (NO, NO, NO), plate=PLATE, named="王强")
    assert (decided.rule, decided.owner_id, decided.is_turn_used) == ("R7", "wang", False)


def test_whose_protection_is_over_may_ask_for_somebody_else_without_costing_them_a_turn() -> None:
    office = Office()
    registered(office, "wang", days_ago=30)
    decided = office.check_in("v1", (NO, NO, NO), phone=PHONE, named="赵磊")
    assert (decided.rule, decided.owner_id, decided.is_turn_used) == ("R9", "zhao", False)


def test_a_clock_that_was_set_back_turns_no_time_back() -> None:
    office = Office()
    office.now += timedelta(hours=1)
    later = office.now
    office.check_in("v1")
    office.now -= timedelta(minutes=30)
    office.check_in("v2")
    assert office.state.now == later
    assert office.state.visits["v2"].called_at == later


def test_a_party_that_still_waits_was_received_by_nobody() -> None:
    office = Office(("li",))
    office.check_in("v0")
    office.check_in("v1", phone=PHONE)
    assert office.host("v1") is None
    assert office.check_in("v2", phone=PHONE).ownership.rule == "R14"


def test_of_several_visits_of_a_day_the_latest_decides() -> None:
    office = Office()
    for visit_id in ("v1", "v2"):
        office.check_in(visit_id, phone=PHONE)
        if visit_id == "v2":
            office.take(c.OwnerFound(at=office.now, visit_id=visit_id, consultant_id="wang"))
        office.take(c.Finish(at=office.now, visit_id=visit_id))
        office.now += timedelta(minutes=30)
    decided = office.check_in("v3", phone=PHONE)
    assert (decided.rule, decided.owner_id) == ("R16", "wang")
