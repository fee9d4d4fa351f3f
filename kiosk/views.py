"""The visitor's pages: welcome, the way through, and who comes."""

from typing import Any

from flask import (
    Blueprint,
    abort,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response

from kiosk.answers import Answers, AnswersError, Page, read_page
from kiosk.last_page import Unsent, showing
from kiosk.parts import begin_visit, current_language, current_visit, end_visit, parts
from kiosk.questions import QUESTIONS, Step
from kiosk.showing import menu, page_of, salutations, tile
from kiosk.visitor_page import code_of, own_page, qr_of
from kiosk.visits import PHONE_WAITS_S, Visit
from shared.words import LANGUAGES

pages = Blueprint("pages", __name__)

TABLET_ASKS_MS, PHONE_ASKS_MS = 200, 1000
"""How often the last page asks who comes: it is known in less. Phones may be many."""

Answered = str | Response | tuple[str, int]


@pages.get("/")
def welcome() -> Answered:
    """The first page. It may be the next visitor who sees it, so any visit under way ends here."""
    end_visit()
    return render_template("welcome.html", languages=LANGUAGES, **_door_code())


@pages.post("/begin")
def begin() -> Response:
    """Start a visit in the language chosen; a second tap continues the first one's."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    visit, fresh = current_visit(), Answers(language, is_larger="larger" in request.form)
    if visit is None or visit.checked_in_at or visit.answers != fresh:
        begin_visit(fresh)
    return redirect(url_for("pages.step", name=QUESTIONS[0].step), 303)


@pages.get("/check-in/<name>")
def step(name: str) -> Answered:
    """One page of the way; whoever has not come this far is led to the page that is due."""
    visit, here = current_visit(), _step_named(name)
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    if visit.checked_in_at or not visit.answers.may_see(here):
        return onward(visit)
    return page_of(visit.answers, here)


@pages.post("/check-in/<name>")
def answer(name: str) -> Answered:
    """Take in the answers of a page; after the last one the visitor is checked in."""
    visit, here = current_visit(), _step_named(name)
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    if visit.checked_in_at or not visit.answers.may_see(here):
        return onward(visit)
    try:
        visit.answers = read_page(visit.answers, here, _page_sent())
    except AnswersError as error:
        return page_of(visit.answers, here, error.problems), 422
    if following := visit.answers.after(here) or visit.answers.due():
        return redirect(url_for("pages.step", name=following), 303)
    parts().desk.check_in(visit)
    return redirect(url_for("pages.done"), 303)


@pages.get("/done")
def done() -> Answered:
    """The last page: who comes, or that the front desk arranges it."""
    visit = current_visit()
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    if not visit.checked_in_at:
        return onward(visit)
    host = visit.assignment.host_name if visit.assignment else None
    return render_template(
        "done.html",
        showing=_showing(visit),
        assignment=visit.assignment,
        former=visit.former_host,
        tile=tile(host, visit.assignment.host_picture if visit.assignment else None),
        number=visit.number,
        every_ms=PHONE_ASKS_MS if visit.is_on_phone else TABLET_ASKS_MS,
        returns_after_s=PHONE_WAITS_S if visit.is_on_phone else None,
        **_own_data(visit),
    )


@pages.get("/assignment")
def assignment() -> dict[str, str]:
    """What the last page should show now; ``over`` when there is no check-in (any more)."""
    visit = current_visit()
    return {"showing": _showing(visit) if visit and visit.checked_in_at else "over"}


@pages.get("/alive")
def alive() -> tuple[str, int]:
    """The visitor is typing: do not take the visit for idle. 410: it is over."""
    return "", 204 if current_visit() else 410


@pages.get("/ours")
def ours() -> tuple[str, int]:
    """This tablet is still let in; one that is not any more is led to the PIN."""
    return "", 204


@pages.post("/reset")
def reset() -> Response:
    """Forget the visitor."""
    end_visit()
    return redirect(url_for("pages.welcome"), 303)


@pages.get("/pictures/<name>")
def picture(name: str) -> Response:
    """A consultant's picture from the site's own folder."""
    folder = parts().settings.pictures_dir
    if folder is None:
        abort(404)
    return send_from_directory(folder, name)


@pages.get("/health")
def health() -> dict[str, str]:
    """Answers while the pages are served."""
    return {"status": "ok"}


def _page_sent() -> Page:
    settings, board = parts().settings, parts().board
    return Page(
        request.form,
        parts().clock(),
        site=settings.site,
        consultants=board.consultants,
        cars=board.cars,
        drinks=tuple(menu(current_language())),
        salutations=tuple(salutations().values()),
    )


def _own_data(visit: Visit) -> dict[str, Any]:
    """The way to the visitor's own page: a code to scan, or on their phone a link to follow.

    segno draws the code from an address without markup in it. None: the site has no such page.
    """
    url, secret = parts().settings.visitor_page_url, visit.page_secret
    if url is None:
        return {"qr": None, "own_page": None}
    if visit.is_on_phone:
        return {"qr": None, "own_page": own_page(url, secret)}
    return {"qr": Markup(qr_of(url, secret)), "own_page": None}


def _door_code() -> dict[str, str | None]:
    """The code that brings the same questions onto a visitor's own phone; see ``kiosk.js``."""
    door = parts().door
    if (address := door.on_screens()) is None:
        return {"door_link": None, "door_code": None}
    return {"door_link": door.links.shown(), "door_code": Markup(code_of(address))}


def _step_named(name: str) -> Step:
    try:
        return Step(name)
    except ValueError:
        abort(404)


def _showing(visit: Visit) -> str:
    given, outbox = parts(), parts().outbox
    return showing(
        visit.assignment,
        waited_s=given.visits.waited_s(visit),
        answer_within_s=given.settings.answer_within_s,
        unsent=None
        if visit.assignment or not outbox.is_held(visit.check_in_id)
        else Unsent(given.was_heard(visit.check_in_id), given.is_connected()),
    )


def onward(visit: Visit) -> Response:
    """Go to where this visit stands; if all is answered but not handed over, to the last page."""
    if visit.checked_in_at:
        return redirect(url_for("pages.done"), 303)
    here = visit.answers.due() or visit.answers.path()[-1]
    return redirect(url_for("pages.step", name=here), 303)
