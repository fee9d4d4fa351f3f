"""A guest moves or cancels their own appointment, by their invitation; their host is told."""

from datetime import datetime
from typing import cast

from flask import Blueprint, current_app, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException, NotFound, TooManyRequests
from werkzeug.wrappers import Response

from broker.console.attempts import Attempts, Verdict
from broker.console.guest import (
    NAME,
    guest_language,
    guest_page,
    guest_problem,
    hide_from_search,
    line_of,
)
from broker.console.parts import parts
from shared.errors import OperatorError

guest_change = Blueprint("guest_change", __name__)


@guest_change.get("/guest/<ticket>/change")
def ask(ticket: str) -> str:
    """The other times that are free, and the way to cancel."""
    return _form(ticket)


@guest_change.post("/guest/<ticket>/change")
def changed(ticket: str) -> Response:
    """Move it, or cancel it."""
    line, act = line_of(ticket), request.form.get("act")
    if line is None or line.booking_id is None:
        raise NotFound
    if act not in ("move", "cancel"):
        return make_response(_form(ticket, "book.not_free"), 400)
    whose = f"changes {line.booking_id}"  # nobody else waits when one changes their mind too often
    attempts = cast(Attempts, current_app.extensions[NAME])
    if attempts.judge(whose, whose, is_right=False) is Verdict.LOCKED:
        raise TooManyRequests
    try:
        parts().site.plans.change_by_guest(line.booking_id, _time() if act == "move" else None)
    except (ValueError, OverflowError):
        return make_response(_form(ticket, "book.not_free"), 400)
    except (OperatorError, TimeoutError):
        return make_response(_form(ticket, "book.not_free"), 409)
    if act == "move":
        return redirect(url_for("guest.show", ticket=ticket, lang=guest_language()), 303)
    return make_response(
        guest_page("guest_problem.html", title="invite.cancelled", lead="invite.cancelled_lead")
    )


@guest_change.errorhandler(HTTPException)
def _problem(error: HTTPException) -> tuple[str, int]:
    return guest_problem(error)


@guest_change.after_request
def _hide_from_search(response: Response) -> Response:
    return hide_from_search(response)


def _time() -> datetime:
    """The time that is asked for.

    Raises:
        ValueError: there is none.
    """
    starts_at = datetime.fromisoformat(request.form.get("at", ""))
    if starts_at.tzinfo is None:
        raise ValueError("by which clock?")
    return starts_at


def _form(ticket: str, problem: str = "") -> str:
    line = line_of(ticket)
    times = parts().site.plans.free_instead(line.booking_id) if line and line.booking_id else None
    if times is None:
        raise NotFound
    return guest_page("guest_change.html", line=line, times=times, problem=problem, ticket=ticket)
