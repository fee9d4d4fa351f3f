"""What the tablet says, in each language: the gettext catalogues below ``translations/``.

A sentence is asked for by a key that stays the same when its wording changes, so every language
is a catalogue of its own, Chinese too.
"""

import gettext
from collections.abc import Mapping
from importlib import resources

from shared.words import LANGUAGES

DOMAIN = "kiosk"
LOCALES = {tag: tag.replace("-", "_") for tag in LANGUAGES}
"""The catalogues' folders by language tag."""


class _NoSuchSentence(gettext.NullTranslations):
    """gettext would show the key itself; a key without a sentence is a bug of ours."""

    def gettext(self, message: str) -> str:
        raise KeyError(message)


class Words:
    """The sentences by key and language."""

    def __init__(self, catalogues: Mapping[str, gettext.NullTranslations]) -> None:
        self._catalogues = catalogues

    def say(self, key: str, language: str, **values: object) -> str:
        """The sentence ``key``, with ``values`` filled in.

        Raises:
            KeyError: there is no such sentence; a bug.
        """
        return self._catalogues[language].gettext(key).format(**values)


def read_words() -> Words:
    """The compiled catalogues, as they are packed with the program."""
    return Words({tag: _catalogue(locale) for tag, locale in LOCALES.items()})


def _catalogue(locale: str) -> gettext.GNUTranslations:
    file = resources.files("kiosk").joinpath("translations", locale, "LC_MESSAGES", f"{DOMAIN}.mo")
    with file.open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    catalogue.add_fallback(_NoSuchSentence())
    return catalogue
