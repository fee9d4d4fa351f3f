import pytest
from msgspec.structs import replace

from broker.alerts.calls import (
    Call,
    Guest,
    Saying,
    calls_at_check_in,
    calls_at_gate,
    calls_of_look_alikes,
    calls_when_leaving,
    part,
    post,
    word,
)
from broker.alerts.notice_calls import NOTICES, calls_of_left_open
from broker.rules import notices
from broker.rules.case_classes import CLASSES
from broker.rules.events import snake_case
from broker.rules.notices import Notice
from broker.rules.policy import Policy
from broker.wording.alert_text import label, say, wording_of
from broker.wording.decisions import Teller
from shared.messages import Alert, Wording
from shared.messages.base import LONGEST_TEXT
from shared.words import LANGUAGES
from tests.catalogues import sentences_of, table_of
from tests.fakes import NINE
from tests.notice_samples import SAMPLES

GUEST = Guest("浙A88888", "张", "女士", party_size=2, needs=("umbrella",), place="hall")


def worded(call: Call, guest: Guest = GUEST, language: str = "zh-CN") -> Wording:
    return wording_of(call, guest, Teller({"li": "李敏"}, Policy(), language))


def keys_of(group: str) -> set[str]:
    keys = (key.split(".") for key in sentences_of("broker", "zh-CN"))
    return {name for first, name in keys if first == group}


def test_every_notice_has_a_title_and_every_alert_a_text() -> None:
    notices = {snake_case(kind.__name__) for kind in NOTICES}
    assert notices <= keys_of("alert_title")
    assert keys_of("alert_title") - notices == keys_of("alert_text")


def test_every_class_of_cases_has_its_name_in_alerts_and_registers() -> None:
    assert keys_of("alert_word") >= {f"case_{name}" for name in CLASSES}
    assert keys_of("register") >= {f"case_{name}" for name in CLASSES}


def test_no_chinese_stands_in_what_an_english_reader_is_told() -> None:
    for key, sentences in table_of("broker").items():
        if key.startswith("alert_"):
            assert sentences["en"].isascii(), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_call_can_be_said(language: str) -> None:
    calls = [
        *calls_at_gate(GUEST, owner_id="wang", next_id=None, expected="王总"),
        *calls_at_check_in(host_id="li", host="李敏", is_expected=True),
        *calls_when_leaving(GUEST, ("bar",)),
    ]
    for call in calls:
        said = worded(call, language=language)
        assert said.title
        assert "{" not in said.text


def test_each_reader_is_told_in_their_own_language() -> None:
    call = next(iter(calls_at_check_in(host_id="li", host="李敏")))
    told = {tag: worded(call, language=tag) for tag in LANGUAGES}
    assert [(alert.title, alert.text, alert.visitor, alert.place) for alert in told.values()] == [
        ("请接待", "浙A88888 张女士 2 位，需要雨伞 已登记，请到大厅接待", "张女士", "大厅"),
        (
            "Please receive",
            "浙A88888 Ms 张 party of 2, needs an umbrella checked in, please receive: the hall",
            "Ms 张",
            "the hall",
        ),
        ("請接待", "浙A88888 张女士 2 位，需要雨傘 已登記，請到大廳接待", "张女士", "大廳"),
    ]
    assert told["en"].speech.startswith("李敏: Zhejiang A, five eights, Ms 张, two people")


def test_who_is_asked_instead_hears_in_their_language_what_was_asked_before() -> None:
    (first,) = (
        call for call in calls_at_gate(GUEST, owner_id=None, next_id=None) if call.role == "door"
    )
    wordings = {tag: worded(first, language=tag) for tag in LANGUAGES}
    asked = Alert(
        alert_id="a",
        visit_id="v",
        role="door",
        title="",
        text="客户到访",
        speech="",
        raised_at=NINE,
        expires_at=NINE,
        wordings=wordings,
    )
    call = Call(
        "unanswered",
        "manager",
        fields={"who": post("door")},
        instead_of=post("door"),
        unanswered=asked,
    )
    assert worded(call).text == f"大门迎宾未应答：{wordings['zh-CN'].text}"
    said = worded(call, language="en")
    assert said.text == f"the door does not answer: {wordings['en'].text}"
    assert said.instead_of == "the door"
    older = Call(
        "unanswered", "manager", fields=call.fields, unanswered=replace(asked, wordings={})
    )
    assert worded(older, language="en").text == "the door does not answer: 客户到访"


def test_a_notice_says_what_the_rules_told() -> None:
    notice = notices.MakeUpExpired(at=NINE, consultant_id="li", make_up_id="m")
    call = Call("make_up_expired", staff_id="li", notice=notice)
    assert worded(call).text == "李敏的补轮已失效。"


def test_an_unsure_plate_is_never_told_as_a_fact() -> None:
    guest = Guest("浙A88888", is_uncertain=True)
    for call in calls_at_gate(guest, owner_id=None, next_id="li"):
        assert "疑似" in worded(call, guest).text


def test_equally_near_plates_are_listed_as_the_language_lists() -> None:
    (call,) = calls_of_look_alikes("浙A8B888", ("浙A88888", "浙A8D888"))
    assert "浙A88888、浙A8D888" in worded(call).text
    assert "浙A88888, 浙A8D888" in worded(call, language="en").text


def test_the_show_flat_hears_the_manual_s_sentence() -> None:
    guest = Guest("浙A88888", "张", "女士", party_size=2)
    assert worded(Call("showflat", "showflat"), guest).text == "张女士 2 位来参观样板房，请做好准备"


def test_who_pours_tea_is_told_no_plate() -> None:
    assert GUEST.as_known_to("bar").plate is None
    assert GUEST.as_known_to("parking").plate == "浙A88888"


def test_a_wish_that_the_catalogue_does_not_know_is_said_as_it_came() -> None:
    order = Call("order", "bar")
    guest = Guest(drinks=("green_tea", "豆浆"), place="3号桌.左")
    assert worded(order, guest).text == "3号桌.左，客户：绿茶、豆浆"
    assert "green tea, {oat}" in worded(order, Guest(drinks=("green_tea", "{oat}")), "en").text
    assert say(word("camera_stolen"), "en") == "camera_stolen"


def test_what_fills_a_sentence_in_may_be_filled_in_itself() -> None:
    who = part("other_visitor", kind=word("delivery"), name="赵师傅", count="2", number="37")
    names = (part("came_at", who=who, time="09:00"), Saying("alert_word.meeting"))
    assert say(names, "zh-CN") == "送货 赵师傅（2 人，37 号） 09:00 到、找人"
    assert (
        say(names, "en") == "Delivery: 赵师傅 (party of 2, number 37) came 09:00, To see somebody"
    )


def test_nobody_s_name_is_invented() -> None:
    assert label(Guest(), "zh-CN") == "客户"
    assert label(Guest(salutation="先生"), "en") == "a visitor"


def test_a_sentence_that_no_message_could_carry_is_cut() -> None:
    call = Call("still_in", "manager", fields={"names": ("赵" * LONGEST_TEXT, "钱")})
    assert len(worded(call).text) == LONGEST_TEXT
    assert worded(call).text.endswith("…")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", SAMPLES, ids=lambda notice: type(notice).__name__)
def test_every_notice_is_a_sentence_in_each_language(notice: Notice, language: str) -> None:
    names = {"li": "李敏", "wang": "王强", "zhao": "赵磊", "bar": "小白"}
    said = Teller(names, Policy(), language).notice(notice)
    assert said
    assert not {"{", "None"} & {*said, *said.split()}
    assert not any(name in said.replace(".", " ").split() for name in names)


def test_what_somebody_may_not_is_said_in_words() -> None:
    notice = notices.Unauthorised(at=NINE, by="li", what="finish", visit_id="v-1")
    told = worded(Call("unauthorised", role="manager", notice=notice))
    assert told.text == "李敏于09:00:00试图「结束接待」，无此权限，未生效。"


def test_a_late_entry_names_both_times() -> None:
    late = next(
        sample
        for sample in SAMPLES
        if isinstance(sample, notices.LateEntry) and sample.came_at is not None
    )
    said = Teller({"li": "李敏"}, Policy()).notice(late)
    assert "2026-11-23 09:00" in said
    assert "2026-11-23 09:05" in said


def test_visits_left_open_are_listed_by_name() -> None:
    (call,) = calls_of_left_open((GUEST, Guest(surname="王")))
    said = worded(call, Guest())
    assert said.text.startswith("当日结束，2 组接待没有人点结束：")
    assert "张女士" in said.text
