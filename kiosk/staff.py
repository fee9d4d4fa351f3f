"""The staff's side of the tablet: let it in, see what waits, set the site's texts, try print and
sound, and leave kiosk mode.
"""

from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from kiosk import guard
from kiosk.answers import AnswersError, Page
from kiosk.parts import parts
from kiosk.site_texts import LONGEST_CONTACT, LONGEST_GREETING, SiteTexts
from kiosk.visitor_page import code_of, door_address
from shared.ids import link_key
from shared.messages import CheckIn, Message, ServiceVisit, ServiceVisitEnd, Tablet
from shared.words import LANGUAGES

staff = Blueprint("staff", __name__)

STAFF_S = 60
"""How long the staff's pages stay open without the PIN: visitors stand nearby."""
TEST_NUMBER = "0000"

Answered = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@staff.before_app_request
def _close_when_left() -> None:
    """Close the staff's pages once this browser is back at the visitors', by whatever way."""
    if request.endpoint == "pages.welcome":
        session.pop("staff_until", None)


@staff.before_request
def _ask_for_pin() -> Answered | None:
    """Ask for the PIN on every page of the staff but these; using a page keeps them open."""
    if request.endpoint in {"staff.log_in", "staff.enter", "staff.unlock"}:
        return None
    if not _is_staff():
        return _ask_pin("pin.staff")
    if request.method == "POST" or request.endpoint != "staff.status":
        _keep_open()  # the status page refreshes itself, which is not use
    return None


@staff.route("/login", methods=["GET", "POST"])
def log_in() -> Answered:
    """Check the PIN and let this browser in."""
    if guard.is_let_in():
        return redirect(url_for("pages.welcome"), 303)
    if request.method == "GET":
        return _ask_pin("pin.login")
    if not parts().pin_lock.opens(request.form.get("pin", ""), parts().settings.pin):
        return _refuse_pin("pin.login")
    guard.let_in()
    return redirect(url_for("pages.welcome"), 303)


@staff.get("/enter/<token>")
def enter(token: str) -> Answered:
    """Check the token of the link or QR code and let this browser in; guesses count like PINs."""
    settings = parts().settings
    if named := parts().tablets.of_key(link_key(token)):
        return _enter_as(named)
    if settings.enrol_token is None:
        abort(404)
    if guard.is_let_in():  # the same tablet may load the page again
        return redirect(url_for("pages.welcome"), 303)
    if not parts().pin_lock.opens(token, settings.enrol_token):
        return _refuse_pin("pin.login")
    if request.method == "HEAD":  # a program that only looks where the address leads
        return ""
    if settings.enrols_once and not parts().store.use_link(token):
        return _refuse_link("pin.link_used")
    guard.let_in()
    return redirect(url_for("pages.welcome"), 303)


def _enter_as(tablet: Tablet) -> Answered:
    """Let this browser in as the tablet that a manager named; its link is good once.

    A page leads on, not a redirect: after a scanner's app the browser would follow a redirect
    without the new SameSite=Strict cookie.
    """
    if guard.came_by(tablet.key):  # the same tablet may load the page again
        return redirect(url_for("pages.welcome"), 303)
    if request.method == "HEAD":
        return ""
    if parts().clock() > tablet.good_until:
        return _refuse_link("pin.link_over")
    if not parts().store.use_link(tablet.key):
        return _refuse_link("pin.link_used")
    guard.let_in(tablet.key)
    parts().tablets.saw(tablet)
    return render_template("entered.html", name=tablet.name)


@staff.post("/staff")
def unlock() -> Answered:
    """Check the PIN and open the staff's pages for a short while."""
    if not parts().pin_lock.opens(request.form.get("pin", ""), parts().settings.pin):
        return _refuse_pin("pin.staff")
    _keep_open()
    return redirect(url_for("staff.status"), 303)


@staff.get("/staff")
def status() -> Answered:
    """What waits to be sent since when, how many are in, the connection: no names."""
    oldest = parts().outbox.oldest()
    return render_template(
        "staff.html",
        waiting=parts().outbox.depth(),
        waited_min=_minutes_since(_moment_of(oldest)) if oldest else None,
        inside=parts().porter.count(),
        consultants=len(parts().board.consultants),
        is_connected=parts().is_connected(),
        has_door=parts().door.url is not None,
    )


@staff.get("/staff/texts")
def texts() -> Answered:
    """The house's language and its own sentences, to be changed."""
    return _texts_page()


def _texts_page(**values: object) -> str:
    longest = {"greeting": LONGEST_GREETING, "privacy_contact": LONGEST_CONTACT}
    return render_template(
        "staff_texts.html", languages=LANGUAGES, staff_s=STAFF_S, longest=longest, **values
    )


@staff.post("/staff/texts")
def keep_texts() -> Answered:
    """Keep the texts; every page shows them from now on."""
    page, language = Page(request.form, parts().clock()), request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    try:
        said = SiteTexts(
            language=language,
            greeting=page.text("greeting", LONGEST_GREETING),
            privacy_contact=page.text("privacy_contact", LONGEST_CONTACT),
        )
    except AnswersError as error:
        return _texts_page(typed=request.form, problems=error.problems), 422
    parts().store.keep_site_texts(said)
    return redirect(url_for("staff.status"), 303)


@staff.get("/staff/try")
def try_out() -> Answered:
    """The page that prints a slip and says a sentence."""
    return render_template("staff_try.html", number=TEST_NUMBER, staff_s=STAFF_S)


@staff.get("/staff/door")
def door() -> Answered:
    """The sheet for the door, to be printed: its code leads visitors' own phones here."""
    if (url := parts().door.url) is None:
        abort(404)
    address = door_address(url)
    return render_template(
        "staff_door.html",
        address=address,
        code=Markup(code_of(address)),  # drawn by segno
        languages=LANGUAGES,
        staff_s=STAFF_S,
    )


@staff.route("/staff/leave", methods=["GET", "POST"])
def leave() -> Answered:
    """How to leave kiosk mode; after the button the tablet has to be let in again."""
    if request.method == "POST":
        session.clear()
        return render_template("staff_left.html")
    return render_template("staff_leave.html", staff_s=STAFF_S)


@staff.post("/staff/close")
def close() -> Response:
    """Leave the staff's pages to the visitors."""
    return redirect(url_for("pages.welcome"), 303)


def _is_staff() -> bool:
    until = str(session.get("staff_until", ""))
    if not until:
        return False
    left_s = (datetime.fromisoformat(until) - parts().clock()).total_seconds()
    return 0 < left_s <= STAFF_S  # more: the clock was set back


def _keep_open() -> None:
    session["staff_until"] = (parts().clock() + timedelta(seconds=STAFF_S)).isoformat()


def _minutes_since(moment: datetime) -> int:
    return int((parts().clock() - moment).total_seconds() // 60)


def _moment_of(message: Message) -> datetime:
    """When the visitor made this message."""
    match message:
        case CheckIn():
            return message.checked_in_at
        case ServiceVisit():
            return message.came_at
        case ServiceVisitEnd():
            return message.left_at
        case _:
            raise TypeError(f"a kiosk posts no {type(message).__name__}")


def _ask_pin(title: str) -> str:
    return render_template("pin.html", title=title, problem=None, wait_s=parts().pin_lock.wait_s())


def _refuse_link(problem: str) -> tuple[str, int]:
    page = render_template("pin.html", title="pin.login", problem=problem, wait_s=0)
    return page, 403


def _refuse_pin(title: str) -> tuple[str, int, dict[str, str]]:
    """The page again: how long to wait, or that the PIN was wrong."""
    wait_s = parts().pin_lock.wait_s()
    problem = "pin.wait" if wait_s > 1 else "pin.wrong"
    page = render_template("pin.html", title=title, problem=problem, wait_s=wait_s)
    return page, 429 if wait_s > 1 else 403, {"Retry-After": str(wait_s)}
