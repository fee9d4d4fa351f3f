"""A visitor's own phone as the tablet: the code at the door opens the same way on it.

The phone is a screen only. Its visit lives here as a tablet's does, and its check-in goes to the
hub from this kiosk's outbox.
"""

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk import guard
from kiosk.answers import Answers
from kiosk.invitation import as_guest
from kiosk.parts import current_visit, end_visit, parts
from kiosk.questions import QUESTIONS
from kiosk.throttle import Throttle
from kiosk.views import onward
from kiosk.visitor_page import code_of, door_address
from shared.words import LANGUAGES

own_phone = Blueprint("own_phone", __name__, url_prefix="/own-phone")

MOST_PHONES = 200
"""Visits on phones at one time."""
PHONES_FULL_S = 60
"""When a phone may try again that found no room."""

Answered = str | dict[str, str] | AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]


@own_phone.before_request
def _let_in() -> Answered | None:
    """Answer in the phone's own language, if the site has phones check in, and not too often."""
    if parts().door.url is None:
        abort(404)
    g.language = request.accept_languages.best_match(LANGUAGES, parts().store.site_texts().language)
    return None if request.endpoint in _UNCOUNTED else _refused_by(parts().door.looks)


@own_phone.get("")
def printed() -> Answered:
    """Where the printed code leads: the first page, with a link for this phone alone."""
    return _busy_with() or _first_page(parts().door.links.fresh())


@own_phone.get("/<link>")
def scanned(link: str) -> Answered:
    """Where a code on a screen leads: the first page. The link is used with its button only."""
    if busy := _busy_with():
        return busy
    return _first_page(link) if parts().door.links.is_good(link) else _over("used", 410)


@own_phone.post("/<link>")
def begin(link: str) -> Answered:
    """Start a visit on this phone; a second tap continues the first one's."""
    if busy := _busy_with():
        return busy
    language, visits = request.form.get("language", ""), parts().visits
    if language not in LANGUAGES:
        abort(400)
    if slow := _refused_by(parts().door.begins):
        return slow
    if sum(visit.is_on_phone for visit in visits.under_way) >= MOST_PHONES:
        return _slow(PHONES_FULL_S)
    if not parts().door.links.use(link):
        return _over("used", 410)
    guard.let_phone_in()
    guest = as_guest(request.form.get("guest", ""))
    answers = Answers(language, is_larger="larger" in request.form, guest=guest)
    visit = visits.begin(answers, is_on_phone=True)
    session["visit"] = visit.key
    if guest:
        parts().desk.check_in(visit)
        return redirect(url_for("pages.done"), 303)
    return redirect(url_for("pages.step", name=QUESTIONS[0].step), 303)


@own_phone.get("/over")
def over() -> Answered:
    """The last page: whatever was under way on this phone is forgotten."""
    if guard.is_let_in():
        return redirect(url_for("pages.welcome"), 303)
    if visit := current_visit():
        g.language = visit.answers.language
    end_visit()
    return _over("over", 200)


@own_phone.get("/code")
def code() -> Answered:
    """The code for the tablet's welcome; nothing while it is the one that is ``shown`` there."""
    door = parts().door
    link = door.links.shown()
    if request.args.get("shown") == link:
        return "", 204
    return {"shown": link, "svg": code_of(door_address(door.url or "", link))}


def _first_page(link: str) -> str:
    guest = as_guest(request.args.get("guest", ""))
    return render_template(
        "own_phone.html", link=link, guest=guest, languages=LANGUAGES, has_visit=False
    )


def _busy_with() -> AnyResponse | None:
    """Where a browser goes on that has a visit already, or is a tablet of the house."""
    if guard.is_let_in():
        return redirect(url_for("pages.welcome"), 303)
    visit = current_visit()
    return None if visit is None else onward(visit)


def _over(key: str, status: int) -> tuple[str, int]:
    guest = as_guest(request.values.get("guest", ""))
    return render_template("own_phone_over.html", key=key, guest=guest, has_visit=False), status


def _refused_by(throttle: Throttle) -> tuple[str, int, dict[str, str]] | None:
    """The page that asks for patience, if too many came from there; else None."""
    address = request.remote_addr or "?"
    return None if throttle.lets(address) else _slow(throttle.wait_s(address))


def _slow(wait_s: int) -> tuple[str, int, dict[str, str]]:
    page, _ = _over("slow", 429)
    return page, 429, {"Retry-After": str(wait_s)}


_UNCOUNTED = frozenset({"own_phone.begin", "own_phone.over", "own_phone.code"})
"""A visit's beginning is counted apart, and what ends one never waits."""
