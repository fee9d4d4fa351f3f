"""What the site calls its drinks, seats, places and posts."""

from pathlib import Path

import pytest

from broker.site_file import SitePeople
from broker.site_words import SiteWord, site_word, usual_words
from shared.config import read_config
from shared.errors import OperatorError
from shared.messages import Drink
from tests.catalogues import table_of
from tests.hub_fixtures import PEOPLE

LONGJING = '[[drinks]]\nkey = "longjing"\nzh-CN = "西湖龙井"\nen = "Longjing tea"\n'
WORDS = usual_words()


def people(folder: Path, words: str) -> SitePeople:
    path = folder / "site.toml"
    path.write_text(f"order = []\nstaff = []\n{words}", encoding="utf-8")
    return read_config(SitePeople, path)


def test_a_usual_word_has_its_name_in_every_language() -> None:
    offered = {key for keys in PEOPLE.offered.values() for key in keys}
    assert {f"house.{key}" for key in offered} <= set(table_of("broker"))
    said = [site_word(WORDS, "green_tea", language) for language in ("zh-CN", "en", "zh-TW")]
    assert said == ["绿茶", "green tea", "綠茶"]


def test_the_name_that_an_older_tablet_sends_is_understood_too() -> None:
    assert site_word(WORDS, "绿茶", "en") == "green tea"
    assert site_word(WORDS, "停车场", "zh-TW") == "停車場"


def test_what_somebody_typed_stays_as_it_is() -> None:
    assert site_word(WORDS, "洽谈区 3 座", "en") == "洽谈区 3 座"


def test_the_site_s_own_words_come_first_and_in_a_language_it_left_out_as_well_as_may_be(
    tmp_path: Path,
) -> None:
    words = people(tmp_path, f'{LONGJING}[[drinks]]\nkey = "coffee"\nen = "flat white"\n').words
    assert site_word(words, "longjing", "en") == "Longjing tea"
    assert site_word(words, "longjing", "zh-TW") == "西湖龙井"
    assert site_word(words, "coffee", "en") == "flat white"
    assert site_word(words, "coffee", "zh-CN") == "咖啡"


def test_a_post_may_be_called_otherwise_and_a_seat_of_that_key_stays_a_seat(tmp_path: Path) -> None:
    post = '[[posts]]\nkey = "bar"\nzh-CN = "茶吧"\n'
    words = people(tmp_path, post + '[[seats]]\nkey = "bar"\nzh-CN = "吧台"\n').words
    assert site_word(words, "role.bar", "zh-CN") == "茶吧"
    assert site_word(words, "role.bar", "en") == "Water bar"
    assert site_word(words, "bar", "en") == "吧台"


def test_the_tablets_are_told_the_menu_that_the_site_chose_and_no_other(tmp_path: Path) -> None:
    assert PEOPLE.menu() == ()
    tea = Drink(key="longjing", zh_cn="西湖龙井", en="Longjing tea", zh_tw="西湖龙井")
    assert people(tmp_path, LONGJING).menu() == (tea,)


@pytest.mark.parametrize("again", ["drinks", "seats"])
def test_two_words_of_one_key_are_refused(tmp_path: Path, again: str) -> None:
    with pytest.raises(OperatorError, match=rf":\d+: {again}\.key: longjing is used twice"):
        people(tmp_path, LONGJING + LONGJING.replace("drinks", again))


def test_the_example_s_words_can_be_read() -> None:
    words = read_config(SitePeople, Path("broker/site.example.toml")).words
    assert site_word(words, "longjing", "en") == "Longjing tea"
    assert SiteWord(key="green_tea").given() == {}
