"""What the page works with: one bundle, made by ``__main__`` and found through the running app."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, session

from gate.loop import Gate
from gate.passing.areas_file import AreasFile
from gate.settings import PageSettings
from shared.pin_lock import PinLock
from shared.words import Words, spoken

NAME = "yingbin-gate"


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a view may use."""

    settings: PageSettings
    gate: Gate
    """Only read, never changed: it belongs to the main loop."""
    areas: AreasFile
    pin_lock: PinLock
    words: Words

    def put_into(self, app: Flask) -> None:
        """Let the views of ``app`` find these parts."""
        app.extensions[NAME] = self


def parts() -> Parts:
    """The parts of the app that answers this request."""
    return cast(Parts, current_app.extensions[NAME])


def current_language() -> str:
    """The language that this browser chose, or the house's."""
    return spoken(session.get("language"))


def say(key: str, **values: object) -> str:
    """The sentence ``key`` in the language of this browser."""
    return parts().words.say(key, current_language(), **values)
