"""Protects every page of ours: a token in each form, and headers on each answer."""

import hashlib
import hmac
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request, session
from flask.sessions import SecureCookieSessionInterface

BRAND_FILE = "brand_file"
"""The endpoint of a logo or a welcome picture: public, and asked for again only when it changed."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    # An address may be a secret (log-in by QR code): other sites must not learn it.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Sessions(SecureCookieSessionInterface):
    """The session's cookie, another one over https.

    Cookies know no ports: where both are served, the plain page could not replace the secure one's
    cookie, and the secure page must not take the plain one's, which anybody may have seen.
    """

    def get_cookie_name(self, app: Flask) -> str:
        """``__Host-`` lets only https set it, and only for this host."""
        name = super().get_cookie_name(app)
        return f"__Host-{name}" if request.is_secure else name

    def get_cookie_secure(self, app: Flask) -> bool:
        """Also where a proxy before us speaks https."""
        return request.is_secure or super().get_cookie_secure(app)


def protect(app: Flask, *, connect: str = "'self'") -> None:
    """Refuse forged posts to ``app`` and add our headers; scripts may connect to ``connect``."""
    policy = (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
        "img-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; "
        f"connect-src {connect}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )

    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cache-Control"] = _kept()
        return response

    app.session_interface = _Sessions()
    app.before_request(_refuse_forgeries)
    app.after_request(add_headers)


def _kept() -> str:
    """How long browsers may keep an answer.

    Static files hold nobody's data: they are kept if the address names their content, else asked
    for again. Nothing else is kept.
    """
    if not is_static(request.endpoint):
        return "no-store"
    return "private, max-age=31536000, immutable" if "v" in request.args else "no-cache"


def name_by_content(endpoint: str, values: dict[str, Any]) -> None:
    """For ``app.url_defaults``: a static file's address names its content.

    The address changes with the file, so that a browser never asks for it twice.
    """
    if endpoint.rpartition(".")[2] == "static":
        owner = current_app.blueprints.get(endpoint.rpartition(".")[0], current_app)
        values["v"] = _digest(Path(owner.static_folder or "", values["filename"]))


def is_static(endpoint: str | None) -> bool:
    """Whether these are files, of the app or of a part of it, that hold nobody's data."""
    return (endpoint or "").rpartition(".")[2] in {"static", BRAND_FILE}


@cache
def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def csrf_token() -> str:
    """The token that every form of this browser carries; made when first asked for."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def same_secret(given: str, secret: str) -> bool:
    """Whether both are equal and not empty, compared in constant time."""
    return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())


def _refuse_forgeries() -> None:
    if request.method in READING:
        return
    given = request.form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    if not same_secret(given, str(session.get("csrf", ""))):
        abort(400)
