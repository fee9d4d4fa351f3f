from datetime import date, timedelta

import pytest

from broker.rules.alerts import Guest, calls_at_check_in, calls_at_gate, spoken
from broker.rules.decide import Answers, Decision, Registered, VisitFacts, decide
from broker.rules.rotation import Rotation
from shared.messages import Answer3, Level

TODAY = date(2026, 11, 23)
LINE = Rotation(("li", "wang", "zhao"))
NAMES = {"li": "李敏", "wang": "王强", "zhao": "赵磊"}
YES, NO, UNSURE = Answer3.YES, Answer3.NO, Answer3.UNSURE
NO_ANSWERS = Answers()


def decided(
    answers: Answers = NO_ANSWERS, *, received_days_ago: int | None = None, line: Rotation = LINE
) -> Decision:
    known: tuple[Registered, ...] = ()
    if received_days_ago is not None:
        known = (Registered("wang", TODAY - timedelta(days=received_days_ago)),)
    return decide(VisitFacts(TODAY, known, answers, protection_days=15), line, NAMES)


@pytest.mark.parametrize("days_ago", [0, 1, 15])
def test_a_customer_stays_with_the_owner_through_the_last_protected_day(days_ago: int) -> None:
    decision = decided(Answers(YES, NO, NO), received_days_ago=days_ago)
    assert (decision.rule, decision.owner_id, decision.host_id) == ("R6", "wang", "wang")
    assert decision.is_turn_used is False
    assert decision.rotation == LINE


def test_the_day_after_protection_the_customer_is_new() -> None:
    assert decided(Answers(YES, NO, NO), received_days_ago=16).rule == "R14"


def test_the_earliest_of_two_protected_registrations_wins() -> None:
    known = (Registered("zhao", TODAY - timedelta(days=9)), Registered("li", TODAY))
    decision = decide(VisitFacts(TODAY, known, Answers(), 15), LINE, NAMES)
    assert decision.owner_id == "zhao"


@pytest.mark.parametrize(
    ("answers", "rule", "host"),
    [
        (Answers(YES, NO, NO), "R14", "li"),
        (Answers(NO, NO, NO, "zhao"), "R9", "zhao"),
        (Answers(YES, NO, YES, "zhao"), "R9", "zhao"),
        (Answers(YES, YES, NO, "zhao"), "R10", "zhao"),
        (Answers(YES, YES, NO), "R11", "li"),
        (Answers(UNSURE, NO, NO), "R13", "li"),
        (Answers(YES, NO, YES), "R13", "li"),
        (Answers(NO, NO, NO), "R13", "li"),
    ],
)
def test_the_three_questions_decide_by_the_table(answers: Answers, rule: str, host: str) -> None:
    decision = decided(answers)
    assert (decision.rule, decision.host_id) == (rule, host)
    assert decision.is_turn_used == (rule in {"R11", "R13", "R14"})


def test_a_turn_sends_the_consultant_to_the_end_of_the_line() -> None:
    assert decided(Answers(YES, NO, NO)).rotation == Rotation(("wang", "zhao", "li"))


def test_an_owner_who_is_not_in_line_keeps_the_customer_and_the_next_only_receives() -> None:
    line = Rotation(("li", "zhao"))
    decision = decided(received_days_ago=3, line=line)
    assert (decision.owner_id, decision.host_id) == ("wang", "li")
    assert "courtesy" in decision.flags
    assert decision.rotation == line


def test_with_nobody_in_line_no_turn_is_used() -> None:
    decision = decided(Answers(YES, NO, NO), line=Rotation(()))
    assert (decision.host_id, decision.is_turn_used) == (None, False)


def test_a_decision_says_why_in_a_sentence_with_names() -> None:
    assert decided(Answers(YES, NO, NO)).why == "自然到访，按轮序由李敏接待。"


def test_parking_and_door_hear_of_every_car_and_the_owner_of_his_own() -> None:
    calls = list(calls_at_gate(Guest("浙A88888", "张女士"), owner_id="wang", next_id="li"))
    assert [call.role or call.staff_id for call in calls] == ["parking", "door", "wang"]
    assert all("浙A88888 张女士" in call.text for call in calls)


def test_an_unknown_car_makes_the_next_in_line_ready() -> None:
    calls = list(calls_at_gate(Guest("浙A88888"), owner_id=None, next_id="li"))
    assert calls[-1].staff_id == "li"


def test_an_unsure_plate_is_never_told_as_a_fact_and_goes_to_the_guard() -> None:
    calls = list(calls_at_gate(Guest("浙A88888", None, True), owner_id=None, next_id="li"))
    assert all("疑似" in call.text for call in calls)
    assert "gate" in [call.role for call in calls]


def test_the_manager_is_told_when_nobody_can_receive() -> None:
    (call,) = calls_at_check_in(Guest(name="张女士"), host_id=None, host_name="")
    assert (call.role, call.level) == ("manager", Level.URGENT)


def test_a_plate_is_spoken_character_by_character() -> None:
    guest = Guest("浙A88888")
    call = next(calls_at_gate(guest, owner_id=None, next_id=None))
    assert "浙 A 8 8 8 8 8" in spoken(call, guest)
