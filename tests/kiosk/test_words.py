"""Every sentence, in every language."""

import re
from pathlib import Path

import pytest

import kiosk
from kiosk.answers import NEEDS
from kiosk.questions import QUESTIONS
from kiosk.showing import DRINKS, SALUTATIONS
from shared.messages import ServiceKind
from shared.words import LANGUAGES
from tests.catalogues import sentences_of
from tests.kiosk.house import House

TABLE = {language: sentences_of("kiosk", language) for language in LANGUAGES}
KEYS = set(TABLE["zh-CN"])
MANUAL = [
    "请问您/二位/几位都是第一次到访吗？",
    "请问您的家人和朋友之前有来过吗？",
    "请问之前有我们置业顾问通过电话、发短信或微信跟您联系过的吗？",
]
"""The three questions as the manual asks them (000, article 1.2)."""
FOLDER = Path(kiosk.__file__).parent
ASKED_FOR = re.compile(r"""\bsay(?:_in)?\(\s*["']([\w.]+)["']\s*[,)]""")
each_language = pytest.mark.parametrize("language", LANGUAGES)


def sources() -> str:
    files = [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def keys_put_together() -> set[str]:
    """Keys that are put together from parts, so that no template or module holds them whole."""
    made = {f"{question.step}.{part}" for question in QUESTIONS for part in ("prompt", "yes", "no")}
    made |= {f"consultant.{question.step}" for question in QUESTIONS} | {"consultant.several"}
    made |= {f"service.{kind}{part}" for kind in ServiceKind for part in ("", "_note")}
    made |= {f"service.{name}" for name in ("name", "party_size", "whom")}
    made |= {"texts.greeting", "texts.privacy_contact"}
    made |= {f"evidence.{kind}" for kind in ("wechat", "sms", "card", "name")}
    made |= {f"salutation.{value}" for value in SALUTATIONS}
    made |= {f"drink.{key}" for key in DRINKS}
    made |= {f"done.{step}{part}" for step in ("asked", "set_out") for part in ("", "_lead")}
    fields = ("surname", "salutation", "phone", "party_size", "needs", "drinks", "across")
    made |= {f"details.{name}" for name in (*fields, "family_phone", *NEEDS)}
    made |= {f"phone.{key}{part}" for key in ("over", "used", "slow") for part in ("", "_lead")}
    return made


def test_every_sentence_that_a_page_asks_for_is_there() -> None:
    assert (set(ASKED_FOR.findall(sources())) | keys_put_together()) - KEYS == set()


def test_every_sentence_is_used() -> None:
    whole = set(re.findall(r"""["']([\w]+\.[\w]+)["']""", sources()))
    assert KEYS - whole - keys_put_together() == set()


@each_language
def test_the_whole_way_can_be_gone_in_every_language(language: str) -> None:
    house = House()
    house.tell_roster()
    visitor = house.tablet()
    visitor.begin(language)
    assert f'<html lang="{language}"' in visitor.page
    visitor.answer("no", "unsure", "yes")
    visitor.send("/check-in/consultant", consultant="li")
    visitor.send("/check-in/evidence", skip="1")
    visitor.consent("yes")
    visitor.send("/check-in/details", phone="1")
    assert TABLE[language]["problem.phone"] in visitor.page
    visitor.send("/check-in/details", skip="1")
    assert visitor.shows("done")
    (check_in,) = house.check_ins()
    assert check_in.language == language


def test_the_questions_show_the_manual_s_words() -> None:
    """The manual's 您/二位/几位 is one form of address on a screen."""
    prompts = [TABLE["zh-CN"][f"{question.step}.prompt"] for question in QUESTIONS]
    assert [prompt.replace("您几位", "您/二位/几位") for prompt in prompts] == MANUAL
