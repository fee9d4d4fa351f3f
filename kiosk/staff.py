"""The staff's side of the tablet: let it in, and see what waits to be sent."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from kiosk import guard
from kiosk.parts import parts

staff = Blueprint("staff", __name__)

STAFF_S = 60
"""So long the staff's page stays open without the PIN: a visitor stands beside it."""

Answered = str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]


@staff.route("/login", methods=["GET", "POST"])
def log_in() -> Answered:
    """The PIN lets this browser in."""
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
    """The link or QR code lets this browser in; guesses count like wrong PINs."""
    secret = parts().settings.enrol_token
    if secret is None:
        abort(404)
    if not parts().pin_lock.opens(token, secret):
        return _refuse_pin("pin.login")
    guard.let_in()
    return redirect(url_for("pages.welcome"), 303)


@staff.route("/staff", methods=["GET", "POST"])
def status() -> Answered:
    """What waits to be sent and who is in the list, behind the PIN."""
    if request.method == "POST":
        if not parts().pin_lock.opens(request.form.get("pin", ""), parts().settings.pin):
            return _refuse_pin("pin.staff")
        session["staff_until"] = (parts().clock() + timedelta(seconds=STAFF_S)).isoformat()
        return redirect(url_for("staff.status"), 303)
    if not _is_staff():
        return _ask_pin("pin.staff")
    return render_template(
        "staff.html",
        waiting=parts().waiting_count(),
        consultants=len(parts().board.consultants),
        is_connected=parts().is_connected(),
    )


@staff.post("/staff/close")
def close() -> Response:
    """Leave the staff's page to the visitors."""
    session.pop("staff_until", None)
    return redirect(url_for("pages.welcome"), 303)


def _is_staff() -> bool:
    until = str(session.get("staff_until", ""))
    return bool(until) and parts().clock() < datetime.fromisoformat(until)


def _ask_pin(title: str) -> str:
    return render_template("pin.html", title=title, problem=None, wait_s=0)


def _refuse_pin(title: str) -> tuple[str, int, dict[str, str]]:
    """The page again: how long to wait, or that the PIN was wrong."""
    wait_s = parts().pin_lock.wait_s()
    problem = "pin.wait" if wait_s > 1 else "pin.wrong"
    page = render_template("pin.html", title=title, problem=problem, wait_s=wait_s)
    return page, 429 if wait_s > 1 else 403, {"Retry-After": str(wait_s)}
