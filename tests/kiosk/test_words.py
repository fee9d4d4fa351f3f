"""Every sentence, in every language."""

import re
from pathlib import Path
from string import Formatter

import pytest

import kiosk
from kiosk.answers import SALUTATIONS
from kiosk.questions import QUESTIONS, Step
from shared.messages import ServiceKind
from shared.words import LANGUAGES, TEST_IDS, read_table
from tests.kiosk.house import House

TABLE = read_table("kiosk")
FOLDER = Path(kiosk.__file__).parent


def keys_used() -> set[str]:
    """Keys that stand whole in a template or module, and those that are put together."""
    sources = [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    whole = set(re.findall(r"[\"']([a-z_]+\.[a-z_]+)[\"']", text)) & set(TABLE)
    made = {f"{question.step}.{part}" for question in QUESTIONS for part in ("prompt", "yes", "no")}
    made |= {f"consultant.{question.step}" for question in QUESTIONS} | {"consultant.several"}
    made |= {f"service.{kind}{part}" for kind in ServiceKind for part in ("", "_note")}
    made |= {f"service.{name}" for name in ("name", "party_size", "whom")}
    made |= {"texts.greeting", "texts.privacy_contact"}
    made |= {f"evidence.{kind}" for kind in ("wechat", "sms", "card", "name")}
    made |= {f"details.{value}" for value in SALUTATIONS}
    made |= {
        f"details.{name}" for name in ("surname", "salutation", "phone", "plate", "party_size")
    }
    return whole | made


def test_every_sentence_is_there_in_every_language() -> None:
    for key, sentences in TABLE.items():
        assert set(sentences) == set(LANGUAGES), key
        assert all(sentence.strip() for sentence in sentences.values()), key


def test_every_language_fills_in_the_same_values() -> None:
    for key, sentences in TABLE.items():
        names = {
            frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)
            for sentence in sentences.values()
        }
        assert len(names) == 1, key


def test_every_sentence_is_used_and_every_sentence_used_is_there() -> None:
    assert keys_used() - set(TABLE) == set()
    assert set(TABLE) - keys_used() == set()


def test_every_language_has_its_button() -> None:
    assert set(TEST_IDS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_way_can_be_gone_in_every_language(language: str) -> None:
    house = House()
    house.tell_roster()
    visitor = house.tablet()
    visitor.begin(language)
    assert f'<html lang="{language}">' in visitor.page
    visitor.answer("no", "unsure", "yes")
    visitor.send("/check-in/consultant", consultant="li")
    visitor.send("/check-in/evidence", skip="1")
    visitor.send("/check-in/consent", consent="yes")
    visitor.send("/check-in/details", phone="1")
    assert TABLE["problem.phone"][language] in visitor.page
    visitor.send("/check-in/details", skip="1")
    assert visitor.shows("done")
    (check_in,) = house.check_ins()
    assert check_in.language == language


def test_the_questions_show_the_manual_s_words() -> None:
    """The manual's 您/二位/几位 is one form of address on a screen."""
    for question in QUESTIONS:
        shown = TABLE[f"{question.step}.prompt"]["zh-CN"].replace("？", "?")
        if question.step is Step.FIRST_VISIT:
            shown = shown.replace("您几位", "您/二位/几位")
        assert shown == question.manual
