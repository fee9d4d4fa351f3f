"""The way of guests with an invitation: one code, and their host is told; no questions."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.invitation import guest_in
from kiosk.parts import begin_visit_in_the_language_chosen, current_visit, parts
from kiosk.views import onward
from shared.words import LANGUAGES

invited = Blueprint("invited", __name__, url_prefix="/invitation")

Answered = str | Response | tuple[str, int]


@invited.post("/begin")
def begin() -> Response:
    """Start a visit in the language chosen, or the house's."""
    begin_visit_in_the_language_chosen()
    return redirect(url_for("invited.show"), 303)


@invited.get("")
def show() -> Answered:
    """The page that reads the code: by the camera, or by a scanner that types."""
    return _stray() or _page("")


@invited.post("")
def read() -> Answered:
    """Check the guest in; the hub knows whom they come to."""
    visit = current_visit()
    if visit is None or visit.checked_in_at:
        return _stray() or redirect(url_for("pages.welcome"), 303)
    if (guest := guest_in(request.form.get("code", ""))) is None:
        return _page("problem.invitation"), 422
    visit.answers = replace(visit.answers, guest=guest)
    parts().desk.check_in(visit)
    return redirect(url_for("pages.done"), 303)


def _page(problem: str) -> str:
    return render_template("invitation.html", problem=problem, languages=LANGUAGES)


def _stray() -> Response | None:
    """Where to send a browser without a visit, or whose visitor is checked in; else None."""
    visit = current_visit()
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    return onward(visit) if visit.checked_in_at else None
