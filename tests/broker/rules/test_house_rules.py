from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Registration
from broker.rules.policy import Policy
from broker.rules.protection import is_protected
from shared.errors import OperatorError
from shared.messages import Answer3, Evidence
from shared.words import LANGUAGES
from tests.office import MORNING, NO, UNSURE, YES, Office

Answers = tuple[Answer3, Answer3, Answer3]
NATURAL = (YES, NO, NO)


@pytest.mark.parametrize("days_ago", [0, 1, 15])
def test_a_customer_stays_with_the_owner_through_the_last_protected_day(days_ago: int) -> None:
    office = Office()
    office.known("wang", days_ago=days_ago)
    office.now += timedelta(seconds=1)
    decided = office.check_in("v1", phone="13800138000")
    assert (decided.rule, decided.owner_id, decided.host_id) == ("R6", "wang", "wang")
    assert decided.is_turn_used is False
    assert office.line == ("li", "wang", "zhao")


def test_the_day_after_protection_the_customer_is_new() -> None:
    office = Office()
    office.known("wang", days_ago=16)
    assert office.check_in("v1", phone="13800138000").rule == "R8"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Urumqi", "America/New_York", "UTC"])
def test_the_last_protected_moment_is_24_00_in_every_time_zone(zone: str) -> None:
    policy, there = Policy(timezone=zone), ZoneInfo(zone)
    received = datetime(2026, 10, 20, 14, tzinfo=there)
    registration = Registration(
        registration_id="r", consultant_id="li", registered_at=received, received_at=received
    )
    last = datetime(2026, 11, 5, tzinfo=there)
    assert is_protected(registration, policy, last)
    assert not is_protected(registration, policy, last + timedelta(seconds=1))


def test_the_earliest_of_two_protected_registrations_wins() -> None:
    office = Office()
    office.known("zhao", days_ago=9)
    office.known("li", days_ago=1)
    assert office.check_in("v1", phone="13800138000").owner_id == "zhao"
    (dispute,) = office.told(n.DisputeOpened)
    assert isinstance(dispute, n.DisputeOpened)
    assert [claim.owner_id for claim in dispute.claims] == ["zhao", "li"]
    assert "赵磊 2026-11-14 09:00；李敏 2026-11-22 09:00" in office.why(dispute)


@pytest.mark.parametrize(
    ("answers", "named", "rule", "host"),
    [
        ((YES, NO, NO), None, "R14", "li"),
        ((NO, NO, NO), "zhao", "R9", "zhao"),
        ((YES, NO, YES), "zhao", "R9", "zhao"),
        ((NO, YES, YES), "zhao", "R9", "zhao"),
        ((YES, YES, NO), "zhao", "R10", "zhao"),
        ((YES, YES, NO), None, "R11", "li"),
        ((UNSURE, YES, UNSURE), None, "R11", "li"),
        ((UNSURE, NO, NO), None, "R13", "li"),
        ((YES, NO, UNSURE), "zhao", "R13", "li"),
        ((YES, NO, YES), None, "R13", "li"),
        ((NO, NO, NO), None, "R13", "li"),
        ((YES, NO, NO), "zhao", "R14", "li"),
    ],
)
def test_the_three_questions_decide_by_the_table(
    answers: Answers, named: str | None, rule: str, host: str
) -> None:
    decided = Office().check_in("v1", answers, named=named)
    assert (decided.rule, decided.host_id) == (rule, host)
    assert decided.is_turn_used == (rule != "R10")


def test_an_owner_who_is_away_keeps_the_customer_and_the_next_only_receives() -> None:
    office = Office(("li", "zhao", "sun"))
    office.known("sun")
    office.take(c.Leave(at=office.now, consultant_id="sun"))
    decided = office.check_in("v1", phone="13800138000")
    assert (decided.owner_id, decided.host_id) == ("sun", "li")
    assert "courtesy" in decided.flags
    (granted,) = office.told(n.MakeUpGranted)
    assert isinstance(granted, n.MakeUpGranted)
    assert granted.make_up.consultant_id == "li"
    assert granted.make_up.cause == "R6"
    assert granted.make_up.granted_by == "rules"
    assert granted.make_up.expires_on == MORNING.date()


def test_the_evidence_is_a_flag_of_its_own() -> None:
    decided = Office().check_in("v1", (YES, NO, YES), named="wang", evidence=Evidence.CARD)
    assert decided.flags == ("named", "card")


def test_a_registration_counts_when_it_was_entered_in_the_instant_before_the_car() -> None:
    office = Office()
    office.take(
        c.Register(at=office.now, registration_id="r1", consultant_id="wang", plates=("浙A88888",))
    )
    office.take(c.Arrive(at=office.now, visit_id="v1", plate="浙A88888"))
    assert office.check_in("v1", (NO, NO, NO)).owner_id == "wang"


def test_a_registration_is_late_when_it_was_entered_in_the_instant_after_the_car() -> None:
    office = Office()
    office.take(c.Arrive(at=office.now, visit_id="v1", plate="浙A88888"))
    office.take(
        c.Register(at=office.now, registration_id="r1", consultant_id="wang", plates=("浙A88888",))
    )
    assert len(office.told(n.LateEntry)) == 1
    assert office.check_in("v1", NATURAL).rule == "R14"


def test_a_check_in_that_names_the_plate_belongs_to_the_car_that_came() -> None:
    office = Office()
    office.take(c.Arrive(at=office.now, visit_id="car", plate="浙A88888"))
    office.now += timedelta(minutes=1)
    office.take(
        c.Register(at=office.now, registration_id="r1", consultant_id="wang", phone="13800138000")
    )
    office.now += timedelta(minutes=1)
    decided = office.check_in("v2", NATURAL, phone="13800138000", plate="浙A88888")
    assert decided.rule == "R14"
    assert list(office.state.visits) == ["v2"]


@pytest.mark.parametrize(("seconds", "is_flagged"), [(-1, True), (0, False)])
def test_looking_up_and_then_entering_is_flagged_until_the_end_of_the_next_day(
    seconds: int, is_flagged: bool
) -> None:
    office = Office()
    office.take(c.LookUp(at=office.now, consultant_id="wang", phone="13800138000"))
    office.now = MORNING.replace(hour=0) + timedelta(days=2, seconds=seconds)
    office.take(
        c.Register(at=office.now, registration_id="r1", consultant_id="wang", phone="13800138000")
    )
    assert bool(office.told(n.LookThenClaim)) == is_flagged


def test_a_ruling_moves_the_visit_and_makes_up_for_the_turn_that_it_cost() -> None:
    office = Office()
    office.check_in("v1")
    ruling = c.Rule(at=office.now, visit_id="v1", consultant_id="zhao", reason="名片为证")
    office.take(ruling)
    assert office.host("v1") == "zhao"
    assert office.line[0] == "li"
    assert office.take(ruling) == ()


def test_whoever_is_not_on_the_roster_is_refused() -> None:
    with pytest.raises(OperatorError, match="'lee' is no consultant"):
        Office().take(c.Back(at=MORNING, consultant_id="lee"))


def test_a_policy_may_say_that_split_commissions_use_no_turn() -> None:
    office = Office(policy=Policy(rows_that_use_a_turn=("R8", "R13", "R14")))
    decided = office.check_in("v1", (YES, YES, NO))
    assert (decided.rule, decided.host_id, decided.is_turn_used) == ("R11", "li", False)
    assert office.line == ("li", "wang", "zhao")


def test_a_policy_may_put_the_rows_in_another_order() -> None:
    rows = ("R9", "R5", "R6", "R16", "R7", "R8", "R10", "R11", "R14", "R13")
    office = Office(policy=Policy(rows=rows))
    office.known("wang")
    decided = office.check_in("v1", (NO, NO, NO), phone="13800138000", named="zhao")
    assert (decided.rule, decided.owner_id) == ("R9", "zhao")


def test_a_policy_may_give_a_busy_owner_the_customer_all_the_same() -> None:
    office = Office(policy=Policy(is_busy_owner_helped=False))
    office.known("wang")
    office.known("wang", phone="13900000001")
    office.check_in("v1", phone="13800138000")
    assert office.check_in("v2", phone="13900000001").host_id == "wang"


def test_a_decision_says_why_in_a_sentence_with_names() -> None:
    office = Office()
    assert office.why(office.check_in("v1")) == "自然到访，按轮序由李敏接待。"
    office.known("wang")
    decided = office.check_in("v2", phone="13800138000")
    assert office.why(decided) == (
        "138****8000 由王强于2026-11-18 09:00登记，最近接待2026-11-18 09:00，"
        "保护期至2026-12-03 24:00，归属王强，由王强接待。"
    )
    english = office.why(decided, "en")
    assert english.startswith("138****8000 was registered by 王强 on 2026-11-18 09:00")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_and_decision_has_its_words_in_every_language(language: str) -> None:
    office = Office(("li", "zhao", "sun"))
    office.known("sun")
    office.take(c.Leave(at=office.now, consultant_id="sun"))
    office.check_in("v1", phone="13800138000")
    office.check_in("v2", (YES, NO, YES), named="li", evidence=Evidence.SMS)
    office.wait(121)
    for taken in office.journal:
        for event in taken.events:
            if isinstance(event, e.Decided | n.Notice):
                assert office.why(event, language).strip("。.")
