"""Which browsers may see the kiosk's pages."""

from flask import Flask, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.questions import NAMING
from shared.look import OPEN
from shared.web_guard import HEADERS, protect

OPEN_TO_ALL = OPEN | frozenset({"static", "pages.health", "staff.log_in", "staff.enter"})
"""Endpoints for a browser that was not let in."""


def install(app: Flask) -> None:
    """Guard every route of ``app``."""
    app.before_request(_refuse_strangers)
    app.after_request(_allow_camera)  # registered first, so it runs last and has the last word
    protect(app)


def let_in() -> None:
    """Let this browser in, as a tablet of the house, from now on."""
    session.clear()
    session.permanent = True
    session["is_ours"] = True


def is_let_in() -> bool:
    """Whether the requesting browser was let in."""
    return session.get("is_ours") is True


def _allow_camera(response: Response) -> Response:
    """Allow the camera only on the page where a consultant's card is scanned."""
    if (request.view_args or {}).get("name") in NAMING:
        response.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace(
            "camera=()", "camera=(self)"
        )
    return response


def _refuse_strangers() -> AnyResponse | None:
    if request.endpoint in OPEN_TO_ALL or is_let_in():
        return None
    return redirect(url_for("staff.log_in"), 303)
