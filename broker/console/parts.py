"""What the pages work with, bundled and kept by the running app."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Flask, current_app

from broker.console.attempts import Attempts
from broker.console.site_view import Person, Site
from broker.log_ins.sessions import LogIns
from shared.clock import Clock
from shared.words import Words

NAME = "yingbin-console"


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a view may use."""

    site: Site
    secret_key: str
    clock: Clock
    attempts: Attempts
    log_ins: LogIns
    words: Words

    def put_into(self, app: Flask) -> None:
        """Make these parts known to the views of ``app``."""
        app.extensions[NAME] = self

    def person(self, staff_id: str | None) -> Person | None:
        """The person with this id who works here; None if there is none."""
        return next((person for person in self.site.people() if person.staff_id == staff_id), None)

    def leaver(self, staff_id: str | None) -> Person | None:
        """The person with this id who left the company; None if there is none."""
        return next((person for person in self.site.leavers() if person.staff_id == staff_id), None)


def parts() -> Parts:
    """The parts of the app that handles the current request."""
    return cast(Parts, current_app.extensions[NAME])


def today() -> date:
    """The day at the site."""
    return parts().clock().astimezone(parts().site.zone).date()
