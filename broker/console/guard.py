"""What every request must pass and every answer carries: session, role, CSRF token, headers."""

import hashlib
import hmac
import secrets

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker.console.parts import parts
from broker.console.site_view import Person

MANAGER = "manager"
OPEN_TO_ALL = frozenset(
    {"static", "pages.health", "door.log_in", "door.log_in_by_pin", "door.enter", "door.log_out"}
)
MANAGERS_ONLY = frozenset({"pages.console", "pages.live", "pages.phone"})
ASKED_BY_SCRIPT = frozenset({"pages.account", "pages.live"})
"""A script is told 401; a person is taken to the log-in."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
        "img-src 'self'; connect-src 'self' ws: wss:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    # The address of a QR log-in is a key: it must not travel on.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def install(app: Flask) -> None:
    """Guard every route of ``app``."""
    app.before_request(_refuse_strangers)
    app.before_request(_refuse_forgeries)
    app.after_request(_add_headers)


def let_in(person: Person) -> None:
    """This browser is ``person``'s from now on."""
    session.clear()
    session.permanent = True
    session["staff_id"] = person.staff_id
    session["stamp"] = _stamp(person)


def who_asks() -> Person | None:
    """The person who is logged in; None for nobody, or when the PIN changed since."""
    person = parts().person(session.get("staff_id"))
    if person is None:
        return None
    return person if _same(str(session.get("stamp")), _stamp(person)) else None


def me() -> Person:
    """The person who is logged in, where ``install`` lets nobody else come."""
    person = g.person
    assert isinstance(person, Person)
    return person


def csrf_token() -> str:
    """The token that every form of this browser carries; made when first asked for."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def same_secret(given: str, secret: str) -> bool:
    """Whether both are equal, in a time that does not tell how far."""
    return bool(secret) and _same(given, secret)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _stamp(person: Person) -> str:
    """Ends the sessions of a person whose PIN is changed, and says nothing about the PIN."""
    key = parts().secret_key.encode()
    text = f"session\0{person.staff_id}\0{person.pin}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


def _refuse_strangers() -> AnyResponse | None:
    g.person = who_asks()
    if request.endpoint is None or request.endpoint in OPEN_TO_ALL:
        return None
    if g.person is None:
        if request.endpoint in ASKED_BY_SCRIPT:
            abort(401)
        to = "console" if request.endpoint in MANAGERS_ONLY else None
        return redirect(url_for("door.log_in", to=to), 303)
    if request.endpoint in MANAGERS_ONLY and MANAGER not in g.person.roles:
        abort(403)
    return None


def _refuse_forgeries() -> None:
    if request.method in READING:
        return
    given = request.form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    if not same_secret(given, str(session.get("csrf", ""))):
        abort(400)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    # Static files hold nobody's data and are asked for again; everything else is never kept.
    kept = "no-cache" if request.endpoint == "static" else "no-store"
    response.headers["Cache-Control"] = kept
    return response
