import pytest

from broker.doctor.access_table import access_lines
from broker.rules.authority import ACCESS, Relation, What
from shared.words import LANGUAGES
from tests.catalogues import table_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_may_be_asked_is_listed_with_who_may(language: str) -> None:
    lines = list(access_lines(language))
    assert len(lines) == len(ACCESS) == len(set(lines))
    assert all(len(line) > 5 and "." not in line for line in lines)


def test_every_sentence_of_the_table_is_said() -> None:
    keys = {key for key in table_of("broker") if key.startswith(("may.", "may_who."))}
    said = {f"may.{what}" for what in What} | {f"may_who.{relation}" for relation in Relation}
    assert keys == said | {"may_who.anybody", "may_who.line"}


def test_a_line_names_relations_and_posts() -> None:
    lines = list(access_lines("zh-CN"))
    assert "结束接待：接待人、归属顾问、案场管理岗" in lines
    assert "上饮品：水吧" in lines
    assert "补位：当日在岗的置业顾问" in lines
