"""What the pages work with: one bundle, made by ``__main__`` and found through the running app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, abort, current_app, g, request, session
from msgspec.structs import replace

from kiosk.answers import Answers
from kiosk.board import Board
from kiosk.desk import Desk
from kiosk.door import Door
from kiosk.porter import Porter
from kiosk.settings import KioskSettings
from kiosk.store import Store
from kiosk.tablets import Tablets
from kiosk.visits import Visit, Visits
from shared.clock import Clock
from shared.messages import NodeStatus
from shared.outbox import Outbox
from shared.pin_lock import PinLock
from shared.words import LANGUAGES, Words

NAME = "yingbin-kiosk"


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a view may use."""

    settings: KioskSettings
    visits: Visits
    board: Board
    desk: Desk
    porter: Porter
    store: Store
    pin_lock: PinLock
    words: Words
    clock: Clock
    outbox: Outbox
    """Messages that the hub does not have yet."""
    is_connected: Callable[[], bool]
    was_heard: Callable[[str], bool]
    """Whether the hub acts on the message of this id, which its disk does not take."""
    door: Door
    tablets: Tablets

    def measured(self, status: NodeStatus) -> NodeStatus:
        """The heartbeat, with what it says of these pages."""
        door = self.door
        return replace(
            status,
            door=door.on_screens(),
            enters_at=door.url,
            tablets=self.tablets.seen_s(),
        )

    def put_into(self, app: Flask) -> None:
        """Let the views of ``app`` find these parts."""
        app.extensions[NAME] = self


def parts() -> Parts:
    """The parts of the app that answers this request."""
    return cast(Parts, current_app.extensions[NAME])


def current_visit() -> Visit | None:
    """The visit of the requesting browser; None: there is none (any more)."""
    if "visit" not in g:
        g.visit = parts().visits.find(session.get("visit"))
    return cast(Visit | None, g.visit)


def begin_visit(answers: Answers) -> None:
    """Begin a visit on the requesting browser; whatever was under way there is forgotten."""
    end_visit()
    session["visit"] = parts().visits.begin(answers).key


def begin_visit_in_the_language_chosen() -> None:
    """Begin a visit without the three questions: in the language of the form, or the house's."""
    language = request.form.get("language") or parts().store.site_texts().language
    if language not in LANGUAGES:
        abort(400)
    begin_visit(Answers(language))


def end_visit() -> None:
    """Forget the visit of the requesting browser, however far it has come."""
    parts().visits.end(session.pop("visit", None))
    g.visit = None


def say(key: str, **values: object) -> str:
    """The sentence ``key`` in the visitor's language."""
    return parts().words.say(key, current_language(), **values)


def current_language() -> str:
    """The visitor's language; before one is chosen their own phone's, or the house's."""
    visit = current_visit()
    if visit is None:
        return g.get("language") or parts().store.site_texts().language
    return visit.answers.language


def patience() -> int:
    """How many times the usual seconds this visitor has; see ``Visit.patience``."""
    visit = current_visit()
    return visit.patience if visit else 1


def is_larger() -> bool:
    """Whether this visitor asked for larger text, read aloud."""
    visit = current_visit()
    return visit is not None and visit.answers.is_larger
