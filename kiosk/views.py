"""The visitor's pages: welcome, the way through, and who comes."""

from flask import (
    Blueprint,
    abort,
    redirect,
    render_template,
    request,
    send_from_directory,
    session,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response

from kiosk.answers import Answers, AnswersError, Page, read_page
from kiosk.last_page import Unsent, showing
from kiosk.parts import current_language, current_visit, end_visit, parts
from kiosk.questions import QUESTIONS, Step
from kiosk.showing import menu, page_of, salutations, tile
from kiosk.visitor_page import qr_of
from kiosk.visits import Visit
from shared.words import LANGUAGES

pages = Blueprint("pages", __name__)

Answered = str | Response | tuple[str, int]


@pages.get("/")
def welcome() -> Answered:
    """The first page. It may be the next visitor who sees it, so any visit under way ends here."""
    end_visit()
    return render_template("welcome.html", languages=LANGUAGES)


@pages.post("/begin")
def begin() -> Response:
    """Start a visit in the language chosen; a second tap continues the first one's."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    visit, fresh = current_visit(), Answers(language, is_larger="larger" in request.form)
    if visit is None or visit.checked_in_at or visit.answers != fresh:
        end_visit()
        session["visit"] = parts().visits.begin(fresh).key
    return redirect(url_for("pages.step", name=QUESTIONS[0].step), 303)


@pages.get("/check-in/<name>")
def step(name: str) -> Answered:
    """One page of the way; whoever has not come this far is led to the page that is due."""
    visit, here = current_visit(), _step_named(name)
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    if visit.checked_in_at or not visit.answers.may_see(here):
        return _onward(visit)
    return page_of(visit.answers, here)


@pages.post("/check-in/<name>")
def answer(name: str) -> Answered:
    """Take in the answers of a page; after the last one the visitor is checked in."""
    visit, here = current_visit(), _step_named(name)
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    if visit.checked_in_at or not visit.answers.may_see(here):
        return _onward(visit)
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
        return _onward(visit)
    host = visit.assignment.host_name if visit.assignment else None
    return render_template(
        "done.html",
        showing=_showing(visit),
        assignment=visit.assignment,
        former=visit.former_host,
        tile=tile(host, visit.assignment.host_picture if visit.assignment else None),
        number=visit.number,
        qr=_qr(visit),
    )


@pages.get("/assignment")
def assignment() -> dict[str, str]:
    """What the last page should show now; ``over`` when there is no check-in (any more)."""
    visit = current_visit()
    return {"showing": _showing(visit) if visit and visit.checked_in_at else "over"}


@pages.get("/alive")
def alive() -> tuple[str, int]:
    """The visitor is typing: do not take the visit for idle."""
    current_visit()
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


def _qr(visit: Visit) -> Markup | None:
    """Drawn by segno from an address without markup in it; None: the site has no such page."""
    url = parts().settings.visitor_page_url
    return Markup(qr_of(url, visit.page_secret)) if url else None


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


def _onward(visit: Visit) -> Response:
    """Go to where this visit stands; if all is answered but not handed over, to the last page."""
    if visit.checked_in_at:
        return redirect(url_for("pages.done"), 303)
    here = visit.answers.due() or visit.answers.path()[-1]
    return redirect(url_for("pages.step", name=here), 303)
