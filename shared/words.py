"""What people read, in each language: one gettext catalogue a program and language.

A sentence is asked for by a key that stays the same when its wording changes, so every language
is a catalogue of its own, Chinese too. Babel compiles them (``make translations``); here the
standard library reads them.
"""

import gettext
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

LANGUAGES = {"zh-CN": "中文", "en": "English", "zh-TW": "繁體中文"}
"""The languages by tag, as those who speak them call them."""
DEFAULT_LANGUAGE = "zh-CN"
LOCALES = {tag: tag.replace("-", "_") for tag in LANGUAGES}
"""The catalogues' folders by language tag."""

Sentences = Mapping[str, str]
"""One language's, by key."""


def spoken(tag: str | None, otherwise: str) -> str:
    """``tag`` if it is one of our languages, else ``otherwise``."""
    return tag if tag in LANGUAGES else otherwise


class Words:
    """The sentences by language and key."""

    def __init__(self, sentences: Mapping[str, Sentences]) -> None:
        self._sentences = sentences

    def say(self, key: str, language: str, /, **values: object) -> str:
        """The sentence ``key``, with ``values`` filled in.

        Raises:
            KeyError: there is no such sentence; a bug.
        """
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


class _Catalogue(gettext.GNUTranslations):
    """A compiled catalogue whose sentences can be listed."""

    def sentences(self) -> Sentences:
        """Every sentence by key; the empty key is gettext's own header."""
        known: dict[str, str] = self._catalog  # type: ignore[attr-defined]  # not in typeshed
        return {key: sentence for key, sentence in known.items() if key}


@cache
def read_words(program: str) -> Words:
    """The compiled catalogues of ``gate``, ``kiosk`` or ``broker``, as they are packed with it."""
    return Words({tag: _read(program, locale) for tag, locale in LOCALES.items()})


def _read(program: str, locale: str) -> Sentences:
    folder = resources.files(program).joinpath("translations", locale, "LC_MESSAGES")
    with folder.joinpath(f"{program}.mo").open("rb") as compiled:
        return _Catalogue(compiled).sentences()
