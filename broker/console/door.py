"""Logging in and out: by name and PIN, or by the QR code that the manager shows."""

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from broker.console.attempts import Verdict
from broker.console.guard import leaver_who_asks, let_in, log_out_person, may_see_health, who_asks
from broker.console.known_device import device_of
from broker.console.parts import parts
from broker.console.site_view import Person
from broker.console.tickets import ticket_of
from broker.console.words import say
from broker.log_ins.pins import fits
from broker.rules.state import MANAGER
from shared.words import LANGUAGES

door = Blueprint("door", __name__)

REASONS = ("refused", "ended", "out")
"""Why a page sent the person to the log-in (``?why=``)."""
PAGES = (
    *("/login", "/login?to=console", "/login?to=health"),
    *("/handheld", "/", "/health", "/head", "/secure"),
    *("/settings", "/settings/rules", "/settings/days", "/settings/house", "/settings/history"),
    *("/settings/shifts", "/settings/devices", "/shifts"),
    *("/settings/people", "/settings/people/new", "/settings/customers"),
)
"""The pages where a language can be chosen, to which the choice returns."""


@door.get("/login")
def log_in() -> AnyResponse:
    """The form: choose a name and type the PIN."""
    if leaver_who_asks() is not None:
        return _form(say("login.left"))
    why = request.args.get("why", "")
    return _form(say(f"login.{why}") if why in REASONS else "")


@door.post("/login")
def log_in_by_pin() -> AnyResponse:
    """Log in with the right PIN; a wrong PIN makes the next try wait."""
    staff_id, pin = request.form.get("staff_id", "")[:32], request.form.get("pin", "")[:16]
    if not staff_id:
        return _form(say("login.choose"), 400)
    address, device = request.remote_addr or "?", device_of(staff_id)
    person, leaver = parts().person(staff_id), parts().leaver(staff_id)
    known = person or leaver
    is_right = known is not None and fits(pin, known.pin)
    verdict = parts().attempts.judge(staff_id, address, device, is_right=is_right)
    if verdict is Verdict.RIGHT and leaver is not None:
        return _form(say("login.left"), 403)
    if verdict is Verdict.RIGHT and person is not None:
        let_in(person)
        return redirect(_first_page(person), 303)
    wait_s = parts().attempts.wait_s(staff_id, address, device)
    if not wait_s:
        return _form(say("login.wrong"), 401)
    why = say("login.too_many" if verdict is Verdict.LOCKED else "login.not_right")
    hint = say("login.qr_hint") if wait_s > 60 else ""
    answer = _form(say("login.wait", why=why, span=_span(wait_s), hint=hint), 429)
    answer.headers["Retry-After"] = str(wait_s)
    return answer


@door.get("/enter/<token>")
def enter(token: str) -> Response:
    """Log in the person whom the QR code names, and go on to the handheld page.

    A page does that, not a redirect: the browser takes the scanner's app for another site, and
    would follow a redirect without the new SameSite=Strict cookie.
    """
    ticket = ticket_of(parts().secret_key, token, parts().clock())
    person = parts().person(ticket.staff_id) if ticket else None
    if ticket is None or person is None:
        return _over("login.qr_over")
    if request.method == "HEAD":  # a program that only looks where the address leads
        return make_response("")
    if parts().log_ins.use(ticket.name, ticket.expires_at):
        let_in(person)
    elif who_asks() != person:  # the same phone may load the page again
        return _over("login.qr_used")
    return make_response(render_template("enter.html", person=person))


@door.post("/logout")
def log_out() -> AnyResponse:
    """End this browser's session."""
    log_out_person()
    return redirect(url_for("door.log_in", why="out"), 303)


@door.post("/language")
def speak() -> AnyResponse:
    """Change the language of this browser's pages."""
    if (chosen := request.form.get("language")) in LANGUAGES:
        session["language"] = chosen
    back = request.form.get("to", "")
    return redirect(back if back in PAGES else "/login", 303)


def _over(key: str) -> Response:
    """The page that says why a QR code logs nobody in."""
    words = {"message": say(key), "label": say("login.by_pin")}
    return make_response(render_template("problem.html", to="/login", **words), 403)


def _form(message: str, status: int = 200) -> Response:
    page = render_template(
        "login.html",
        people=parts().site.people(),
        chosen=parts().person(request.form.get("staff_id")),
        current=who_asks(),
        message=message,
        to=request.args.get("to", ""),
        is_leaver=message == say("login.left"),
    )
    return make_response(page, status)


def _first_page(person: Person) -> str:
    wanted = request.args.get("to")
    if wanted == "health" and may_see_health(person):
        return url_for("health.show")
    wants_console = wanted == "console" and MANAGER in person.roles
    return url_for("pages.console" if wants_console else "pages.handheld")


def _span(seconds: int) -> str:
    if seconds <= 90:
        return say("login.seconds", seconds=seconds)
    return say("login.minutes", minutes=-(-seconds // 60))
