"""What the pages work with: a bundle for each kind of gate, found through the running app."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, session

from gate.camera.settings import CameraSettings
from gate.intake.spool import Spool
from gate.loop import Gate
from gate.passing.areas_file import AreasFile
from gate.settings import PageSettings
from gate.shadow.comparison import Comparison
from shared.pin_lock import PinLock
from shared.words import Words, spoken

NAME = "yingbin-gate"


@dataclass(frozen=True, slots=True)
class Entrance:
    """What every page of the gate needs."""

    settings: PageSettings
    pin_lock: PinLock
    words: Words

    def put_into(self, app: Flask) -> None:
        """Let the views of ``app`` find these parts."""
        app.extensions[NAME] = self


@dataclass(frozen=True, slots=True)
class Parts(Entrance):
    """Everything that the pages of our own reader may use."""

    gate: Gate
    """Only read, never changed: it belongs to the main loop."""
    areas: AreasFile


@dataclass(frozen=True, slots=True)
class IntakeParts(Entrance):
    """Everything that the pages about other people's cameras may use."""

    camera: CameraSettings
    spool: Spool
    comparison: Comparison | None = None
    """With what our own reader told of the same cars; None: it does not read here."""


def entrance_parts() -> Entrance:
    """The parts of the app that answers this request."""
    return cast(Entrance, current_app.extensions[NAME])


def parts() -> Parts:
    """The parts of an app with our own reader."""
    return cast(Parts, current_app.extensions[NAME])


def intake_parts() -> IntakeParts:
    """The parts of an app with other people's cameras."""
    return cast(IntakeParts, current_app.extensions[NAME])


def current_language() -> str:
    """The language that this browser chose, or the house's."""
    return spoken(session.get("language"))


def say(key: str, **values: object) -> str:
    """The sentence ``key`` in the language of this browser."""
    return entrance_parts().words.say(key, current_language(), **values)
