"""What the pages work with: one bundle, found through the running app."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from broker.console.attempts import Attempts
from broker.console.site_view import Person, Site
from shared.clock import Clock
from shared.words import Words

NAME = "yingbin-console"


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a view may touch."""

    site: Site
    secret_key: str
    clock: Clock
    attempts: Attempts
    words: Words

    def put_into(self, app: Flask) -> None:
        """Let the views of ``app`` find these parts."""
        app.extensions[NAME] = self

    def person(self, staff_id: str | None) -> Person | None:
        """Who has this id; None for nobody."""
        return next((person for person in self.site.people() if person.staff_id == staff_id), None)


def parts() -> Parts:
    """The parts of the app that answers now."""
    return cast(Parts, current_app.extensions[NAME])
