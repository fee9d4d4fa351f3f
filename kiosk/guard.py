"""What every request must pass and every answer carries: log-in, CSRF token, headers."""

import hmac
import secrets

from flask import Flask, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

OPEN_TO_ALL = frozenset({"static", "pages.health", "staff.log_in", "staff.enter"})
"""Endpoints for a browser that was not let in."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def install(app: Flask) -> None:
    """Guard every route of ``app``."""
    app.before_request(_refuse_strangers)
    app.before_request(_refuse_forgeries)
    app.after_request(_add_headers)


def let_in() -> None:
    """This browser is one of the house's tablets from now on."""
    session.clear()
    session.permanent = True
    session["is_ours"] = True


def is_let_in() -> bool:
    """Whether the browser that asks was let in."""
    return session.get("is_ours") is True


def csrf_token() -> str:
    """The token that every form of this browser carries; made when first asked for."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def _refuse_strangers() -> AnyResponse | None:
    if request.endpoint in OPEN_TO_ALL or is_let_in():
        return None
    return redirect(url_for("staff.log_in"), 303)


def _refuse_forgeries() -> None:
    if request.method in READING:
        return
    given = request.form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(given.encode(), str(session.get("csrf", "")).encode()) or not given:
        abort(400)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    # Static files hold nobody's data; everything else is gone when the page is.
    kept = "max-age=86400" if request.endpoint == "static" else "no-store"
    response.headers["Cache-Control"] = kept
    return response
