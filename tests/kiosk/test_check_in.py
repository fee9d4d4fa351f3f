"""A visitor taps through the pages; one check-in comes out."""

import threading

import pytest
from msgspec.structs import replace

from kiosk.answers import Answers
from shared.messages import Answer3, CheckIn, Evidence, Receipt
from shared.words import LANGUAGES
from tests.fakes import NINE
from tests.kiosk.house import KIOSK, WORDS, House, Visitor

YES, NO = Answer3.YES, Answer3.NO


@pytest.fixture
def house() -> House:
    house = House()
    house.tell_roster()
    return house


@pytest.fixture
def visitor(house: House) -> Visitor:
    visitor = house.tablet()
    visitor.begin()
    return visitor


def only_check_in(house: House) -> CheckIn:
    (check_in,) = house.check_ins()
    return check_in


def test_three_times_no_and_no_details_makes_one_check_in(house: House, visitor: Visitor) -> None:
    visitor.answer("no", "no", "no")
    visitor.send("/check-in/consultant", skip="1")
    visitor.consent("no")
    assert visitor.shows("done")
    assert only_check_in(house) == CheckIn(
        check_in_id=only_check_in(house).check_in_id,
        kiosk_id="lobby",
        seq=1,
        checked_in_at=NINE,
        is_first_visit=NO,
        family_visited=NO,
        was_contacted=NO,
        evidence=Evidence.NONE,
        language="zh-CN",
        visitor_number="101",
        page_key=only_check_in(house).page_key,
    )


def test_a_natural_visit_takes_five_taps_after_the_language(house: House, visitor: Visitor) -> None:
    visitor.answer("yes", "no", "no")
    assert visitor.shows("car-none")
    visitor.consent("no")
    check_in = only_check_in(house)
    assert (check_in.is_first_visit, check_in.family_visited, check_in.was_contacted) == (
        *(YES, NO, NO),
    )


def test_who_was_contacted_names_the_consultant_and_what_shows_it(
    house: House, visitor: Visitor
) -> None:
    visitor.answer("yes", "no", "yes")
    assert visitor.shows("consultant-li")
    visitor.send("/check-in/consultant", consultant="li")
    visitor.send("/check-in/evidence", evidence="wechat")
    visitor.consent("no")
    check_in = only_check_in(house)
    assert (check_in.named_consultant_id, check_in.evidence) == ("li", Evidence.WECHAT)


def test_a_name_alone_is_evidence_too(house: House, visitor: Visitor) -> None:
    visitor.answer("no", "no", "no")
    visitor.send("/check-in/consultant", named_text="小李")
    visitor.consent("no")
    check_in = only_check_in(house)
    assert (check_in.named_text, check_in.evidence) == ("小李", Evidence.NAME)


def test_who_has_family_here_names_its_consultant_and_its_phone(
    house: House, visitor: Visitor
) -> None:
    visitor.answer("yes", "yes", "no")
    visitor.send("/check-in/family_consultant", consultant="li")
    visitor.consent("yes")
    assert visitor.shows("family-phone")
    page = visitor.send("/check-in/details", phone="13800138000", family_phone="139")
    assert 'data-testid="family-phone-problem"' in page
    assert 'data-testid="phone-problem"' not in page
    visitor.send("/check-in/details", phone="13800138000", family_phone="13900000001")
    check_in = only_check_in(house)
    assert (check_in.family_consultant_id, check_in.family_phone) == ("li", "13900000001")
    assert (check_in.named_consultant_id, check_in.evidence) == (None, Evidence.NONE)


@pytest.mark.parametrize("answer", ["no", "unsure"])
def test_who_has_no_family_here_is_asked_nothing_of_it(
    house: House, visitor: Visitor, answer: str
) -> None:
    visitor.answer("yes", "yes", "no")
    visitor.send("/check-in/family_consultant", consultant="li")
    visitor.send("/check-in/family", answer=answer)
    visitor.consent("yes")
    assert not visitor.shows("family-phone")
    visitor.send("/check-in/details", family_phone="13900000001")
    check_in = only_check_in(house)
    assert (check_in.family_consultant_id, check_in.family_phone) == (None, None)


def test_the_family_s_phone_goes_when_the_answer_is_changed(house: House, visitor: Visitor) -> None:
    visitor.answer("yes", "yes", "no")
    visitor.send("/check-in/family_consultant", skip="1")
    visitor.consent("yes")
    visitor.send("/check-in/details", phone="139", family_phone="13900000001")
    visitor.send("/check-in/family", answer="no")
    visitor.send("/check-in/details", skip="1")
    assert only_check_in(house).family_phone is None


def test_an_answer_that_is_changed_takes_its_follow_up_with_it(
    house: House, visitor: Visitor
) -> None:
    visitor.answer("yes", "no", "yes")
    visitor.send("/check-in/consultant", consultant="li")
    visitor.send("/check-in/evidence", evidence="sms")
    visitor.send("/check-in/contacted", answer="no")
    visitor.consent("no")
    check_in = only_check_in(house)
    assert (check_in.named_consultant_id, check_in.evidence) == (None, Evidence.NONE)


def test_who_agrees_may_leave_phone_name_party_needs_and_drinks(
    house: House, visitor: Visitor
) -> None:
    visitor.answer("yes", "no", "no")
    visitor.consent("yes")
    details = {"surname": "张", "salutation": "女士", "party_size": "2"}
    ticked = {"need.umbrella": "yes", "drink.black_tea": "yes", "drink.green_tea": "yes"}
    visitor.send("/check-in/details", phone="138 0013 8000", **details, **ticked)
    check_in = only_check_in(house)
    assert (check_in.phone, check_in.consented_at) == ("13800138000", NINE)
    assert (check_in.surname, check_in.salutation) == ("张", "女士")
    assert check_in.party_size == 2
    assert (check_in.needs, check_in.drinks) == (("umbrella",), ("green_tea", "black_tea"))


def test_the_details_can_be_left_out_with_one_tap(house: House, visitor: Visitor) -> None:
    visitor.answer("yes", "no", "no")
    visitor.consent("yes")
    assert visitor.shows("skip")
    visitor.send("/check-in/details", skip="1")
    assert only_check_in(house).phone is None


def test_a_phone_without_consent_is_impossible(house: House, visitor: Visitor) -> None:
    visitor.answer("yes", "no", "no")
    visitor.send("/check-in/details", phone="13800138000")
    assert visitor.shows("car-none")
    assert not visitor.shows("phone")
    assert house.check_ins() == []
    visitor.send("/check-in/car", car="none")
    visitor.send("/check-in/consent", consent="no", phone="13800138000")
    assert only_check_in(house).phone is None


def test_a_wrong_phone_is_answered_with_a_sentence_and_stays_to_be_corrected(
    house: House, visitor: Visitor
) -> None:
    visitor.answer("yes", "no", "no")
    visitor.consent("yes")
    page = visitor.send("/check-in/details", phone="1380013800", surname="张")
    assert "请填 11 位手机号" in page
    assert 'value="1380013800"' in page
    assert 'value="张"' in page
    assert house.check_ins() == []


def test_nobody_jumps_over_a_question(visitor: Visitor) -> None:
    visitor.open("/check-in/consent")
    assert visitor.shows("question-first_visit")


def test_back_shows_the_answer_given(visitor: Visitor) -> None:
    visitor.send("/check-in/first_visit", answer="yes")
    assert visitor.shows("back")
    page = visitor.open("/check-in/first_visit")
    chosen = [line for line in page.splitlines() if 'aria-pressed="true"' in line]
    assert len(chosen) == 1
    assert 'data-testid="answer-yes"' in chosen[0]


def test_the_welcome_ends_the_visit_because_the_next_visitor_may_stand_there(
    visitor: Visitor,
) -> None:
    visitor.send("/check-in/first_visit", answer="yes")
    visitor.open("/")
    page = visitor.begin("en")
    assert "Is this the first visit" in page
    assert 'aria-pressed="true"' not in page


def test_a_double_tap_on_the_language_begins_one_visit(house: House, visitor: Visitor) -> None:
    visitor.begin()
    visitor.begin()
    assert len(house.visits.under_way) == 1


def test_a_double_tap_and_a_reload_make_one_record(house: House, visitor: Visitor) -> None:
    visitor.answer("yes", "no", "no")
    visitor.send("/check-in/car", car="none")
    for _ in range(3):
        visitor.send("/check-in/consent", consent="no")
    visitor.open("/done")
    visitor.open("/done")
    assert len(house.check_ins()) == 1


def test_two_taps_at_the_same_moment_make_one_record(house: House) -> None:
    visit = house.visits.begin(Answers("zh-CN"))
    taps = [threading.Thread(target=house.parts.desk.check_in, args=(visit,)) for _ in range(8)]
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join()
    assert len(house.check_ins()) == 1


def test_the_next_visitor_is_another_check_in_with_the_next_number(house: House) -> None:
    visitor = house.tablet()
    for _ in range(2):
        visitor.begin()
        visitor.answer("yes", "no", "no")
        visitor.consent("no")
    first, second = house.check_ins()
    assert (first.seq, second.seq) == (1, 2)
    assert first.check_in_id != second.check_in_id


def test_without_the_hub_the_check_in_completes_and_goes_when_it_is_back(house: House) -> None:
    house.link.is_up = False
    visitor = house.tablet()
    visitor.begin()
    visitor.answer("yes", "no", "no")
    visitor.consent("no")
    assert visitor.shows("done")
    house.link.is_up = True
    house.courier.step(0)
    check_in = only_check_in(house)
    sent = [message for message in house.link.sent if isinstance(message, CheckIn)]
    assert [replace(message, sent_at=None) for message in sent] == [check_in]
    house.receive(check_in)
    assert house.check_ins() == []


def test_on_a_disk_that_refuses_the_check_in_goes_from_memory_and_is_saved_later(
    house: House, visitor: Visitor
) -> None:
    visitor.answer("yes", "no", "no")
    house.outbox_db.conn.execute("pragma query_only = on")
    house.db.conn.execute("pragma query_only = on")
    visitor.consent("no")
    assert visitor.shows("calling")
    house.clock.pass_s(4)
    visitor.open("/done")
    assert "请告诉前台您到了" in visitor.page
    house.courier.step(0)
    (check_in,) = [message for message in house.link.sent if isinstance(message, CheckIn)]
    heard = Receipt(node_id=KIOSK, ids=(), heard=(check_in.check_in_id,), stored_at=NINE)
    house.tell(heard)
    visitor.open("/done")
    assert "已通知前台，请稍候" in visitor.page
    house.assign(check_in, "李敏")
    visitor.open("/done")
    assert visitor.shows("host-name")
    assert house.outbox_db.table("outbox").count == 0
    house.outbox_db.conn.execute("pragma query_only = off")
    house.courier.step(0)
    assert house.outbox_db.table("outbox").count == 1
    house.receive(check_in)
    assert house.check_ins() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_hears_that_they_are_checked_in_while_nobody_was_told(
    house: House, language: str
) -> None:
    house.link.is_up = False
    visitor = house.tablet()
    visitor.begin(language)
    visitor.answer("yes", "no", "no")
    house.outbox_db.conn.execute("pragma query_only = on")
    visitor.consent("no")
    assert visitor.shows("tell-desk")
    assert WORDS.say("done.calling_lead", language) not in visitor.page
