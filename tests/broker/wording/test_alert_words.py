import re

import pytest

from broker.alerts.calls import NOTICES, Guest, calls_at_check_in, calls_at_gate, calls_when_leaving
from broker.rules.events import snake_case
from broker.wording.alert_words import (
    LANGUAGES,
    POSTS,
    TEXTS,
    TITLES,
    WORDS,
    Sentence,
    listed,
    said,
)

ALL = {**TITLES, **{f"{key} text": one for key, one in TEXTS.items()}, **WORDS, **POSTS}


@pytest.mark.parametrize("sentence", ALL.values(), ids=ALL)
def test_every_sentence_says_the_same_in_every_language(sentence: Sentence) -> None:
    assert len(sentence) == len(LANGUAGES)
    assert all(sentence)
    fields = [set(re.findall(r"{(\w+)}", one)) for one in sentence]
    assert fields[0] == fields[1] == fields[2]
    assert not re.search(r"[\u4e00-\u9fff]", sentence[1]), "English has no Chinese in it"


def test_every_notice_has_a_title_and_every_alert_a_text() -> None:
    notices = {snake_case(kind.__name__) for kind in NOTICES}
    assert notices <= set(TITLES)
    assert set(TITLES) - notices == set(TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_call_can_be_said(language: str) -> None:
    guest = Guest("浙A88888", "张女士", party_size=2, needs=("umbrella",), place="hall")
    calls = [
        *calls_at_gate(guest, owner_id="wang", next_id=None, expected="王总"),
        *calls_at_check_in(host_id="li", host_name="李敏", is_expected=True),
        *calls_when_leaving(guest, ("bar",)),
    ]
    for call in calls:
        assert call.title(language)
        assert "{" not in call.text(guest, language)


def test_the_show_flat_hears_the_manual_s_sentence() -> None:
    guest = Guest("浙A88888", "张女士", party_size=2)
    text = said(TEXTS, "showflat", "zh-CN", guest=guest.as_known_to("showflat").label())
    assert text == "张女士 2 位来参观样板房，请做好准备"


def test_who_pours_tea_is_told_no_plate() -> None:
    guest = Guest("浙A88888", "张女士")
    assert guest.as_known_to("bar").plate is None
    assert guest.as_known_to("parking").plate == "浙A88888"


def test_a_wish_that_the_table_does_not_know_is_said_as_it_came() -> None:
    assert listed(("green_tea", "豆浆"), "zh-CN") == "绿茶、豆浆"
    assert listed(("green_tea", "{oat}"), "en") == "green tea, {oat}"
