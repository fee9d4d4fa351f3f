"""The life of an alert as a table: every step, every end, every edge in time."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.alerts.life import (
    ENDS,
    LIFE,
    OPEN,
    AlertGroup,
    AlertState,
    AlertStep,
    Asked,
    CanAnswer,
    Kind,
    begin,
    changed,
    due,
    next_moment,
    passed,
    taken,
)
from broker.rules.policy import Policy
from shared.messages import CloseReason
from tests.fakes import NINE

POLICY = Policy()
FIRST, SECOND = Asked(alert_id="1", staff_id="li"), Asked(alert_id="2", staff_id="wang")
LAST = Asked(alert_id="3", role="manager")
GROUP = begin(
    AlertGroup(
        group_id="1",
        subject="v",
        about="host",
        kind=Kind.HOST,
        raised_at=NINE,
        ends_at=NINE + timedelta(minutes=10),
        repeat_at=NINE,
        asked=(FIRST,),
    ),
    POLICY,
)


def everybody(_group: AlertGroup, _asked: Asked) -> bool:
    return True


def nobody(_group: AlertGroup, _asked: Asked) -> bool:
    return False


def steps(
    group: AlertGroup, after_s: float, can_answer: CanAnswer = everybody
) -> tuple[list[AlertStep], AlertGroup]:
    """Every step that is due ``seconds`` after the alert was raised, and the group after them."""
    now, found = NINE + timedelta(seconds=after_s), []
    added = {AlertStep.SECOND: SECOND, AlertStep.MANAGER: LAST}
    while (step := due(group, POLICY, now, can_answer)) is not None:
        found.append(step)
        if step is AlertStep.EXPIRE:
            break
        group = taken(group, step, now, added.get(step))
    return found, group


@pytest.mark.parametrize(
    ("after_s", "found"),
    [
        (0, []),
        (9.9, []),
        (10, [AlertStep.REPEAT]),
        (19.9, [AlertStep.REPEAT]),
        (20, [AlertStep.SECOND, AlertStep.REPEAT]),
        (39.9, [AlertStep.SECOND, AlertStep.REPEAT]),
        (40, [AlertStep.SECOND, AlertStep.MANAGER, AlertStep.REPEAT]),
        (599, [AlertStep.SECOND, AlertStep.MANAGER, AlertStep.REPEAT]),
        (600, [AlertStep.EXPIRE]),
    ],
)
def test_what_was_missed_is_due_once_and_in_order(after_s: float, found: list[AlertStep]) -> None:
    assert steps(GROUP, after_s)[0] == found


def test_seen_every_second_each_step_comes_at_its_time() -> None:
    group, told = GROUP, []
    for second in range(600):
        found, group = steps(group, second)
        told += [(second, step) for step in found]
    assert told == [
        (10, AlertStep.REPEAT),
        (20, AlertStep.SECOND),
        (20, AlertStep.REPEAT),
        (40, AlertStep.MANAGER),
        (40, AlertStep.REPEAT),
        *((at, AlertStep.REPEAT) for at in (80, 160, 320)),
    ]


def test_where_nobody_can_answer_everybody_else_is_asked_at_once() -> None:
    assert steps(GROUP, 0, nobody)[0] == [AlertStep.SECOND, AlertStep.MANAGER]


def test_a_second_person_who_is_there_is_given_time() -> None:
    found, group = steps(GROUP, 5, lambda _, asked: asked.staff_id == "wang")
    assert found == [AlertStep.SECOND]
    assert [alert.alert_id for alert in group.open_alerts] == ["1", "2"]


def test_a_notice_asks_nobody_else_and_rings_once() -> None:
    notice = replace(GROUP, kind=Kind.NOTICE)
    assert steps(notice, 599, nobody)[0] == []
    assert steps(notice, 600)[0] == [AlertStep.EXPIRE]
    assert next_moment(notice, POLICY) == notice.ends_at


@pytest.mark.parametrize("end", sorted(set(AlertState) - OPEN))
def test_nothing_follows_on_an_end(end: AlertState) -> None:
    over = changed(GROUP, "1", end)
    assert not over.is_open
    assert steps(over, 40, nobody)[0] == []
    assert all(changed(over, "1", other) == over for other in AlertState)


def test_every_state_has_its_row_and_every_reason_its_state() -> None:
    assert set(LIFE) == set(AlertState)
    assert {reason: state.value for reason, state in ENDS.items()} == {
        reason: reason.value for reason in CloseReason
    }


def test_shown_is_no_answer() -> None:
    shown = changed(GROUP, "1", AlertState.SHOWN)
    assert steps(shown, 20)[0] == [AlertStep.SECOND, AlertStep.REPEAT]
    assert changed(shown, "1", AlertState.RAISED) == shown


def test_who_passes_on_is_noted_once() -> None:
    assert passed(passed(GROUP, "li"), "li").passed_by == ("li",)


def test_the_next_moment_is_the_first_that_is_due() -> None:
    group, moments = GROUP, []
    for after_s in (10, 20, 40, 80):
        moments.append((next_moment(group, POLICY) - NINE).total_seconds())
        _, group = steps(group, after_s)
    assert moments == [10, 20, 40, 80]


def test_a_group_is_watched_while_somebody_else_could_still_be_asked() -> None:
    assert GROUP.is_watched
    assert replace(GROUP, asked_for=(AlertStep.SECOND,)).is_watched
    assert not replace(GROUP, asked_for=(AlertStep.SECOND, AlertStep.MANAGER)).is_watched
    assert not replace(GROUP, kind=Kind.NOTICE).is_watched
    assert not changed(GROUP, "1", AlertState.CLAIMED).is_watched


def test_of_two_who_are_asked_only_the_one_who_answered_has() -> None:
    both = replace(GROUP, asked=(FIRST, SECOND))
    assert [alert.alert_id for alert in changed(both, "2", AlertState.CLAIMED).open_alerts] == ["1"]


def test_whoever_is_asked_next_is_asked_in_time_whenever_it_rings_anew() -> None:
    seldom = Policy(repeat_after_s=15, second_after_s=20, manager_after_s=40)
    group, moments = begin(GROUP, seldom), []
    for _ in range(5):
        moment = next_moment(group, seldom)
        moments.append((moment - NINE).total_seconds())
        while (step := due(group, seldom, moment, everybody)) is not None:
            group = taken(group, step, moment)
    assert moments == [15, 20, 30, 40, 60]
