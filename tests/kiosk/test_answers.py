"""How a page's form becomes an answer."""

from dataclasses import replace

import pytest

from kiosk.answers import NOBODY, Answers, AnswersError, Details, Named, Page, read_page
from kiosk.questions import Step
from shared.messages import Answer3, Evidence, OfferedCar, RosterEntry
from tests.fakes import NINE, SITE
from tests.kiosk.house import CONSULTANTS

FRESH = Answers("zh-CN")
CAME_BEFORE = replace(FRESH, given={Step.FIRST_VISIT: Answer3.NO})
HAS_FAMILY = replace(FRESH, given={Step.FAMILY: Answer3.YES})
DRINKS = ("green_tea", "black_tea")
CAR = OfferedCar(arrival_id="arrival-1", plate="浙A·8**88", seen_at=NINE)


def read(step: Step, **form: str) -> Answers:
    return read_after(FRESH, step, **form)


def read_after(answers: Answers, step: Step, **form: str) -> Answers:
    page = Page(form, NINE, SITE, CONSULTANTS, (CAR,), DRINKS, ("先生", "女士"))
    return read_page(answers, step, page)


def named(**form: str) -> Named:
    """Whom a visitor who came before names."""
    return read_after(CAME_BEFORE, Step.CONSULTANT, **form).named_on(Step.CONSULTANT)


def test_an_answer_is_kept_and_its_page_counts_as_passed() -> None:
    answers = read(Step.FAMILY, answer="unsure")
    assert answers.given == {Step.FAMILY: Answer3.UNSURE}
    assert answers.passed == {Step.FAMILY}


@pytest.mark.parametrize("form", [{}, {"answer": "perhaps"}])
def test_an_answer_that_does_not_exist_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(AnswersError):
        read(Step.FAMILY, **form)


def test_a_consultant_is_taken_from_their_tile() -> None:
    assert named(consultant="wang") == Named(CONSULTANTS[1])


def test_a_typed_name_that_is_in_the_roster_is_that_consultant() -> None:
    assert named(named_text=" 李敏 ") == Named(CONSULTANTS[0])


def test_a_typed_name_that_nobody_has_is_kept_as_typed() -> None:
    assert named(named_text="小李\x00") == Named(text="小李")


def test_a_consultant_who_is_not_in_the_roster_cannot_be_chosen() -> None:
    with pytest.raises(AnswersError):
        read(Step.CONSULTANT, consultant="mallory")


def test_who_cannot_remember_the_consultant_goes_on() -> None:
    before = read_after(CAME_BEFORE, Step.CONSULTANT, consultant="li")
    after = read_after(before, Step.CONSULTANT, skip="1")
    assert after.named_on(Step.CONSULTANT) == NOBODY


def test_evidence_is_one_of_the_kinds_that_the_manual_accepts() -> None:
    assert read(Step.EVIDENCE, evidence="card").evidence is Evidence.CARD
    with pytest.raises(AnswersError):
        read(Step.EVIDENCE, evidence="a feeling")


def test_taking_the_consent_back_leaves_nothing_that_was_typed() -> None:
    details = Details(phone="13800138000")
    agreed = replace(FRESH, consented_at=NINE, plate="浙A12345", details=details)
    refused = read_after(agreed, Step.CONSENT, consent="no")
    assert (refused.consented_at, refused.plate, refused.details) == (None, None, Details())


def test_details_are_brought_into_one_spelling() -> None:
    form = {
        "phone": "+86 138-0013-8000",
        "surname": " 张 ",
        "salutation": "女士",
        "party_size": "3",
    }
    assert read(Step.DETAILS, **form).details == Details("13800138000", "张", "女士", 3)


def test_every_detail_may_be_left_out() -> None:
    assert read(Step.DETAILS, phone=" ", party_size="").details == Details()


def test_what_no_button_offers_is_left_out() -> None:
    form = {"salutation": "陛下", "party_size": "99", "drink.白酒": "yes", "need.helicopter": "yes"}
    assert read(Step.DETAILS, **form).details == Details()


def test_a_field_that_needs_correction_is_named() -> None:
    with pytest.raises(AnswersError) as refused:
        read(Step.DETAILS, phone="1380013800")
    assert refused.value.problems == {"phone": "problem.phone"}


def test_what_is_ticked_is_kept_in_the_menu_s_order() -> None:
    details = read(Step.DETAILS, **{"drink.black_tea": "yes", "drink.green_tea": "yes"}).details
    assert details.drinks == DRINKS


def test_a_plate_is_brought_into_one_spelling() -> None:
    assert read(Step.PLATE, plate="浙a·1234O").plate == "浙A12340"


@pytest.mark.parametrize("plate", ["", "浙A1234", "12", "浙A1234567890123456"])
def test_a_plate_that_cannot_be_has_to_be_corrected(plate: str) -> None:
    with pytest.raises(AnswersError):
        read(Step.PLATE, plate=plate)


def test_a_car_without_a_plate_leaves_none() -> None:
    typed = replace(FRESH, plate="浙A12345")
    assert read_after(typed, Step.PLATE, skip="unplated").plate is None


def test_a_car_that_was_offered_is_taken_with_one_tap() -> None:
    answers = read(Step.CAR, arrival=CAR.arrival_id)
    assert (answers.car, answers.types_plate) == (CAR, False)


def test_a_car_that_is_offered_no_more_cannot_be_taken_but_the_one_taken_stays() -> None:
    other = OfferedCar(arrival_id="other", plate="浙A·9**99", seen_at=NINE)
    with pytest.raises(AnswersError):
        read(Step.CAR, arrival="other")
    assert read_after(replace(FRESH, car=other), Step.CAR, arrival="other").car == other


def test_no_car_and_another_plate_drop_the_car_that_was_taken() -> None:
    taken = replace(FRESH, car=CAR)
    assert read_after(taken, Step.CAR, car="none").car is None
    typing = read_after(taken, Step.CAR, car="type")
    assert (typing.car, typing.types_plate) == (None, True)


@pytest.mark.parametrize("typed", ["limin", "LM", "li", "敏", " 李 敏 "])
def test_a_name_is_found_by_pinyin_initials_or_a_part_of_it(typed: str) -> None:
    assert named(named_text=typed) == Named(CONSULTANTS[0])


def test_a_text_that_may_mean_two_is_left_to_the_house() -> None:
    twin = RosterEntry(consultant_id="limin", name="黎民", spellings=("limin", "lm"))
    page = Page({"named_text": "limin"}, NINE, SITE, (*CONSULTANTS, twin))
    answers = read_page(CAME_BEFORE, Step.CONSULTANT, page)
    assert answers.named_on(Step.CONSULTANT) == Named(text="limin")


def test_a_card_names_its_consultant_and_is_evidence() -> None:
    assert named(card=f"yingbin:card:{SITE}:wang") == Named(CONSULTANTS[1], has_card=True)


@pytest.mark.parametrize("card", ["yingbin:card:elsewhere:wang", "yingbin:card:xihu:qian", "hello"])
def test_a_card_of_another_site_or_nobody_s_is_refused(card: str) -> None:
    with pytest.raises(AnswersError):
        read(Step.CONSULTANT, card=card)


def test_another_choice_puts_the_card_away() -> None:
    carded = read_after(CAME_BEFORE, Step.CONSULTANT, card=f"yingbin:card:{SITE}:wang")
    chosen = read_after(carded, Step.CONSULTANT, consultant="li")
    assert chosen.named_on(Step.CONSULTANT) == Named(CONSULTANTS[0])


def test_who_received_the_family_is_kept_apart_from_the_visitor_s_own_consultant() -> None:
    both = replace(FRESH, given={**CAME_BEFORE.given, **HAS_FAMILY.given})
    answers = read_after(both, Step.FAMILY_CONSULTANT, consultant="li")
    answers = read_after(answers, Step.CONSULTANT, consultant="wang")
    of = answers.named_on
    assert (of(Step.FAMILY_CONSULTANT), of(Step.CONSULTANT)) == (
        Named(CONSULTANTS[0]),
        Named(CONSULTANTS[1]),
    )


def test_the_phone_of_the_family_is_read_only_from_who_has_family_here() -> None:
    phones = {"phone": "13800138000", "family_phone": "139 0000 0001"}
    assert read_after(HAS_FAMILY, Step.DETAILS, **phones).details.family_phone == "13900000001"
    assert read(Step.DETAILS, **phones).details.family_phone is None
    with pytest.raises(AnswersError) as refused:
        read_after(HAS_FAMILY, Step.DETAILS, family_phone="139")
    assert refused.value.problems == {"family_phone": "problem.phone"}
