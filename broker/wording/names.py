"""How a person is called and greeted, in each language."""

from shared.words import read_words


def called(surname: str | None, salutation: str | None, language: str) -> str | None:
    """``张女士``, ``Ms 张``; None while the surname is unknown.

    A salutation that the catalogue does not know is said as it came.
    """
    if not surname:
        return None
    words, key = read_words("broker"), f"called.{salutation}"
    if key in words:
        return words.say(key, language, surname=surname)
    return f"{surname}{salutation or ''}"


def greeting(surname: str | None, salutation: str | None, language: str) -> str:
    """What the tablet says to a visitor: ``张女士，您好``."""
    name = called(surname, salutation, language)
    words = read_words("broker")
    if name is None:
        return words.say("greeting.nameless", language)
    return words.say("greeting.named", language, name=name)
