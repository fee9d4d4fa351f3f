"""How a page's form becomes an answer."""

from dataclasses import replace

import pytest

from kiosk.answers import Answers, AnswersError, Details, Page, read_page
from kiosk.questions import Step
from shared.messages import Answer3, Evidence
from tests.fakes import NINE
from tests.kiosk.house import CONSULTANTS

FRESH = Answers("zh-CN")


def read(step: Step, **form: str) -> Answers:
    return read_after(FRESH, step, **form)


def read_after(answers: Answers, step: Step, **form: str) -> Answers:
    return read_page(answers, step, Page(form, NINE, CONSULTANTS))


def test_an_answer_is_kept_and_its_page_counts_as_passed() -> None:
    answers = read(Step.FAMILY, answer="unsure")
    assert answers.given == {Step.FAMILY: Answer3.UNSURE}
    assert answers.passed == {Step.FAMILY}


@pytest.mark.parametrize("form", [{}, {"answer": "perhaps"}])
def test_an_answer_that_does_not_exist_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(AnswersError):
        read(Step.FAMILY, **form)


def test_a_consultant_is_taken_from_his_tile() -> None:
    assert read(Step.CONSULTANT, consultant="wang").consultant == CONSULTANTS[1]


def test_a_typed_name_that_is_in_the_roster_is_that_consultant() -> None:
    answers = read(Step.CONSULTANT, named_text=" 李敏 ")
    assert (answers.consultant, answers.named_text) == (CONSULTANTS[0], None)


def test_a_typed_name_that_nobody_has_is_kept_as_typed() -> None:
    answers = read(Step.CONSULTANT, named_text="小李\x00")
    assert (answers.consultant, answers.named_text) == (None, "小李")


def test_a_consultant_who_is_not_in_the_roster_cannot_be_chosen() -> None:
    with pytest.raises(AnswersError):
        read(Step.CONSULTANT, consultant="mallory")


def test_who_cannot_remember_the_consultant_goes_on() -> None:
    named = replace(FRESH, consultant=CONSULTANTS[0])
    assert read_after(named, Step.CONSULTANT, skip="1").consultant is None


def test_evidence_is_one_of_the_kinds_that_the_manual_accepts() -> None:
    assert read(Step.EVIDENCE, evidence="card").evidence is Evidence.CARD
    with pytest.raises(AnswersError):
        read(Step.EVIDENCE, evidence="a feeling")


def test_taking_the_consent_back_leaves_no_details() -> None:
    agreed = replace(FRESH, consented_at=NINE, details=Details(phone="13800138000"))
    refused = read_after(agreed, Step.CONSENT, consent="no")
    assert (refused.consented_at, refused.details) == (None, Details())


def test_details_are_brought_into_one_spelling() -> None:
    form = {
        "phone": "+86 138-0013-8000",
        "surname": " 张 ",
        "salutation": "女士",
        "party_size": "3",
        "plate": "浙a·1234O",
    }
    assert read(Step.DETAILS, **form).details == Details("13800138000", "张", "女士", 3, "浙A12340")


def test_every_detail_may_be_left_out() -> None:
    assert read(Step.DETAILS, phone=" ", party_size="").details == Details()


def test_what_no_button_offers_is_left_out() -> None:
    assert read(Step.DETAILS, salutation="陛下", party_size="99").details == Details()


def test_all_fields_that_need_correction_are_named_at_once() -> None:
    with pytest.raises(AnswersError) as refused:
        read(Step.DETAILS, phone="1380013800", plate="12")
    assert refused.value.problems == {"phone": "problem.phone", "plate": "problem.plate"}
