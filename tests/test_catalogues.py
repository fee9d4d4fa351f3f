"""Every sentence of every program, in every language."""

import io
from string import Formatter

import pytest
from babel.messages.mofile import write_mo

from shared.words import LANGUAGES, LOCALES, read_words
from tests.catalogues import PROGRAMS, catalogue_of, path_of, sentences_of, table_of

each_program = pytest.mark.parametrize("program", PROGRAMS)
each_language = pytest.mark.parametrize("language", LANGUAGES)

MAY_LEAVE_OUT = {"broker": {"day.text"}}
"""Sentences that need not say everything in every language: English names no month by number."""


def placeholders(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


@each_program
@each_language
def test_every_language_has_every_sentence_and_none_twice(program: str, language: str) -> None:
    sentences = sentences_of(program, language)
    assert set(sentences) == set(sentences_of(program, "zh-CN"))
    assert [key for key, sentence in sentences.items() if not sentence.strip()] == []
    text = path_of(program, language).read_text(encoding="utf-8")
    assert text.count("\nmsgid ") == len(sentences) + 1


@each_program
def test_every_language_fills_in_the_same_values(program: str) -> None:
    for key, sentences in table_of(program).items():
        if key not in MAY_LEAVE_OUT.get(program, ()):
            assert len({placeholders(sentence) for sentence in sentences.values()}) == 1, key


@each_program
@each_language
def test_every_sentence_can_be_said(program: str, language: str) -> None:
    words = read_words(program)
    for key, sentence in sentences_of(program, language).items():
        values = {name: f"<{name}>" for name in placeholders(sentence)}
        said = words.say(key, language, **values)
        assert all(value in said for value in values.values()), key


@each_program
@each_language
def test_no_sentence_is_fuzzy_or_left_over(program: str, language: str) -> None:
    catalogue = catalogue_of(program, language)
    assert [entry.id for entry in catalogue if entry.fuzzy and entry.id] == []
    assert not catalogue.obsolete
    assert catalogue.locale_identifier == LOCALES[language]


@each_program
@each_language
def test_what_is_compiled_is_what_is_written(program: str, language: str) -> None:
    """``make translations`` was run."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue_of(program, language))
    assert path_of(program, language, ".mo").read_bytes() == compiled.getvalue()


@each_program
def test_a_sentence_that_is_not_there_is_a_bug_and_not_shown_as_its_key(program: str) -> None:
    with pytest.raises(KeyError):
        read_words(program).say("no.such", "en")
