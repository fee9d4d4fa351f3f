"""What people read, in each language: one gettext catalogue a program and language.

A sentence is asked for by a key that stays the same when its wording changes, so every language
is a catalogue of its own, Chinese too. Babel compiles them (``make translations``); here the
standard library reads them.
"""

import gettext
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Self, TypeVar

LANGUAGES = {"zh-CN": "中文", "en": "English", "zh-TW": "繁體中文"}
"""The languages by tag, as those who speak them call them."""
DEFAULT_LANGUAGE = "zh-CN"
LOG_LANGUAGE = "en"
LOCALES = {tag: tag.replace("-", "_") for tag in LANGUAGES}
"""The catalogues' folders by language tag."""

T = TypeVar("T")
Sentences = Mapping[str, str]
"""One language's, by key."""


def spoken(tag: str | None, otherwise: str = DEFAULT_LANGUAGE) -> str:
    """``tag`` if it is one of our languages, else ``otherwise``."""
    return tag if tag in LANGUAGES else otherwise


def capital(name: str) -> str:
    """``name`` with a capital first letter, as for a label."""
    return name[:1].upper() + name[1:]


class Words:
    """The sentences by language and key."""

    def __init__(self, sentences: Mapping[str, Sentences]) -> None:
        self._sentences = sentences

    def say(self, key: str, language: str, /, **values: object) -> str:
        """The sentence ``key``, with ``values`` filled in.

        Raises:
            KeyError: there is no such sentence; a bug.
        """
        return self.filled(key, language, values)

    def filled(self, key: str, language: str, values: Mapping[str, object]) -> str:
        """The sentence ``key``; ``values`` may make what it names when it is asked for."""
        return self._sentences[language][key].format_map(values)

    def __contains__(self, key: str) -> bool:
        """Whether there is a sentence ``key``."""
        return key in self._sentences[DEFAULT_LANGUAGE]

    def groups(self, names: Iterable[str], language: str) -> dict[str, str]:
        """The sentences of whole groups by key, unfilled: what a page's own script says."""
        wanted = set(names)
        return {
            key: sentence
            for key, sentence in self._sentences[language].items()
            if key.split(".")[0] in wanted
        }


@dataclass(frozen=True, slots=True)
class Voice:
    """What one program says, in one language."""

    words: Words
    language: str

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``key``, with ``values`` filled in."""
        return self.words.say(key, self.language, **values)


class _Catalogue(gettext.GNUTranslations):
    """A compiled catalogue whose sentences can be listed."""

    def sentences(self) -> Sentences:
        """Every sentence by key; the empty key is gettext's own header."""
        known: dict[str, str] = self._catalog  # type: ignore[attr-defined]  # not in typeshed
        return {key: sentence for key, sentence in known.items() if key}


class Sentence(str):
    """What is said before it is known to whom: an error, or a line that a command tells.

    As a text it is the English sentence, as logs and stored reasons keep it.
    """

    key: str
    values: Mapping[str, object]

    __slots__ = ("key", "values")

    def __new__(cls, key: str, /, **values: object) -> Self:
        """The sentence ``key`` of the shared catalogue; a value may be a sentence as well."""
        said = super().__new__(cls, read_words("shared").say(key, LOG_LANGUAGE, **values))
        said.key, said.values = key, values
        return said

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """A copy is made as the sentence itself was."""
        return (self.key,), dict(self.values)

    def in_language(self, language: str) -> str:
        """The same for who reads ``language``."""
        values = {name: in_language(value, language) for name, value in self.values.items()}
        return read_words("shared").say(self.key, language, **values)


def in_language(value: T, language: str) -> T | str:
    """``value`` as who reads ``language`` is told: a sentence in it, all else as it is."""
    return value.in_language(language) if isinstance(value, Sentence) else value


@cache
def read_words(program: str) -> Words:
    """The compiled catalogues of a program, or of what all share, as they are packed with it."""
    return Words({tag: _read(program, locale) for tag, locale in LOCALES.items()})


def _read(program: str, locale: str) -> Sentences:
    folder = resources.files(program).joinpath("translations", locale, "LC_MESSAGES")
    with folder.joinpath(f"{program}.mo").open("rb") as compiled:
        return _Catalogue(compiled).sentences()
