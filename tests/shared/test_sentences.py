"""Errors and the command line's sentences: raised by key, read in any language."""

import ast
from string import Formatter

import pytest

from shared.errors import ConfigError, OperatorError, sentence_of
from shared.words import Sentence, in_language
from tests.catalogues import sentences_of
from tests.kept_files import ROOT, kept_files

SAYERS = {
    *("Sentence", "OperatorError", "BadValueError", "ConfigError", "MessageError"),
    "ScenarioError",
}
BY_CODE = {"colour", "kind", "sheet"}
"""Said by the code of a plate's colour and kind, or by the name of a part of the key's sheet."""
SENTENCES = sentences_of("shared", "en")
PROGRAMS = ("yingbin.py", "shared/", "gate/", "kiosk/", "broker/")
SOURCES = [
    (ROOT / name).read_text(encoding="utf-8")
    for name in kept_files()
    if name.endswith(".py") and name.startswith(PROGRAMS)
]


def calls() -> list[ast.Call]:
    """Wherever the product makes a sentence by a key that is written there."""
    return [
        node
        for source in SOURCES
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SAYERS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


def test_every_sentence_that_is_made_is_there_and_gets_its_values() -> None:
    for call in calls():
        key = ast.literal_eval(call.args[0])
        wanted = {name for _, name, _, _ in Formatter().parse(SENTENCES[key]) if name}
        given = {keyword.arg for keyword in call.keywords}
        assert given == wanted or None in given, key  # None: `**values`


def test_every_sentence_is_made_somewhere() -> None:
    source = "".join(SOURCES)
    rest = [key for key in SENTENCES if f'"{key}"' not in source]
    assert {key.split(".")[0] for key in rest} == BY_CODE


def test_an_error_is_english_in_the_log_and_in_the_reader_s_language_elsewhere() -> None:
    error = OperatorError("error.no_file", path="a.jpg")
    assert str(error) == "a.jpg: there is no such file. Check the name."
    assert error.sentence.in_language("zh-CN") == "a.jpg：没有这个文件。请检查名称。"
    assert error.sentence.in_language("zh-TW") == "a.jpg：沒有這個檔案。請檢查名稱。"


def test_a_sentence_within_a_sentence_is_in_the_same_language() -> None:
    inner = Sentence("error.scenario_start")
    outer = Sentence("error.scenario_step", name="day.yaml", line=3, step=1, problem=inner)
    assert outer.startswith("day.yaml:3: step 1: the first step says when it is.")
    assert in_language(outer, "zh-CN").startswith("day.yaml:3: 第 1 步：第一步要写明时间。")


@pytest.mark.parametrize("error", [ConfigError("error.up_no_site"), OSError("disk full")])
def test_another_library_s_words_stay_as_they_are(error: Exception) -> None:
    assert str(in_language(sentence_of(error), "en")) == str(error)
