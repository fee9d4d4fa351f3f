"""The table of the three questions and the way through."""

import pytest

from kiosk.questions import QUESTIONS, Step, Turns, path
from shared.messages import Answer3

YES, NO, UNSURE = Answer3.YES, Answer3.NO, Answer3.UNSURE
ASKED = (Step.FIRST_VISIT, Step.FAMILY, Step.CONTACTED)


def way(first_visit: Answer3, family: Answer3, contacted: Answer3) -> tuple[Step, ...]:
    given = dict(zip(ASKED, (first_visit, family, contacted), strict=True))
    return path(given, Turns())


def test_the_three_questions_are_asked_in_the_manual_s_order() -> None:
    assert tuple(question.step for question in QUESTIONS) == ASKED


@pytest.mark.parametrize(
    ("answers", "opened"),
    [
        ((YES, NO, NO), ()),
        ((UNSURE, UNSURE, UNSURE), ()),
        ((NO, NO, NO), (Step.CONSULTANT,)),
        ((YES, YES, NO), (Step.FAMILY_CONSULTANT,)),
        ((NO, YES, NO), (Step.FAMILY_CONSULTANT, Step.CONSULTANT)),
        ((YES, NO, YES), (Step.CONSULTANT, Step.EVIDENCE)),
        ((NO, YES, YES), (Step.FAMILY_CONSULTANT, Step.CONSULTANT, Step.EVIDENCE)),
    ],
)
def test_a_follow_up_is_asked_only_where_an_answer_needs_it_and_only_once(
    answers: tuple[Answer3, Answer3, Answer3], opened: tuple[Step, ...]
) -> None:
    assert way(*answers) == (*ASKED, *opened, Step.CAR, Step.CONSENT)


def test_details_are_asked_only_after_consent() -> None:
    assert path({}, Turns(has_consent=True))[-2:] == (Step.CONSENT, Step.DETAILS)


def test_a_plate_is_typed_only_after_consent() -> None:
    assert Step.PLATE not in path({}, Turns(types_plate=True))
    agreed = path({}, Turns(types_plate=True, has_consent=True))
    assert agreed[-3:] == (Step.CONSENT, Step.PLATE, Step.DETAILS)


def test_who_showed_a_card_is_not_asked_what_they_can_show() -> None:
    given = {Step.CONTACTED: YES}
    assert Step.EVIDENCE in path(given, Turns())
    assert Step.EVIDENCE not in path(given, Turns(has_card=True))
