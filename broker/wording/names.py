"""How a person is called and greeted, in each language."""

from collections.abc import Mapping

from shared.messages import NodeKind
from shared.messages.base import LONGEST_TEXT
from shared.words import read_words

LONGEST_NAME = 40
"""Characters that are shown and spoken; a name that somebody made longer is cut."""


def called(surname: str | None, salutation: str | None, language: str) -> str | None:
    """``张女士``, ``Ms 张``; None while the surname is unknown.

    A salutation that the catalogue does not know is said as it came.
    """
    if not surname:
        return None
    words, key = read_words("broker"), f"called.{salutation}"
    if key in words:
        return words.say(key, language, surname=cut(surname, LONGEST_NAME))
    return cut(f"{surname}{salutation or ''}", LONGEST_NAME)


def cut(text: str, longest: int = LONGEST_TEXT) -> str:
    """``text``, cut to ``longest`` characters: a message carries no more than ``LONGEST_TEXT``."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def greeting(surname: str | None, salutation: str | None, language: str) -> str:
    """What the tablet says to a visitor: ``张女士，您好``."""
    name = called(surname, salutation, language)
    words = read_words("broker")
    if name is None:
        return words.say("greeting.nameless", language)
    return words.say("greeting.named", language, name=name)


def node_name(kind: NodeKind, node_id: str, names: Mapping[str, str], language: str) -> str:
    """What a program or somebody's phone is called."""
    if kind is NodeKind.STAFF:
        return names.get(node_id, node_id)
    return read_words("broker").say(f"node.{kind}", language, node_id=names.get(node_id, node_id))
