"""Builds the page's web application, and guards it with the PIN."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from gate.page.entrance import entrance
from gate.page.parts import Entrance, current_language, say
from shared.look import STATIC, wear
from shared.web_guard import csrf_token, name_by_content, protect
from shared.web_server import WebServer, listen
from shared.words import LANGUAGES

LARGEST_POST_BYTES = 64 * 1024
OPEN_TO_ALL = frozenset(
    {"static", STATIC, "entrance.health", "entrance.log_in", "entrance.choose_language"}
)
ASKED_BY_SCRIPT = frozenset({"pages.state", "pages.picture", "pages.keep_areas"})
"""Scripts are answered 401; people are sent to the log-in."""


Tabs = tuple[tuple[str, str], ...]
"""The endpoint of each tab, and the key of its name; the first is at ``/``."""


@contextmanager
def served(parts: Entrance, tabs: Tabs, *pages: Blueprint) -> Iterator[None]:
    """Serve the pages inside the ``with`` block.

    Raises:
        OperatorError: the address is not available.
    """
    app, settings = create_app(parts, tabs, *pages), parts.settings
    server = WebServer(app, listen(settings.listen_host, settings.listen_port), settings)
    server.start()
    try:
        yield
    finally:
        server.stop()


def create_app(parts: Entrance, tabs: Tabs, *pages: Blueprint) -> Flask:
    """Build the application over ``parts``; nothing runs yet."""
    app = Flask("gate.page")
    app.config.update(
        # New at each start: technicians enter the PIN again, and no key is kept on disk.
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME="yingbin-gate",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=LARGEST_POST_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST_BYTES,
        TABS=tabs,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    parts.put_into(app)
    for each in (entrance, *pages):
        app.register_blueprint(each)
    wear(app)
    app.before_request(_refuse_strangers)
    protect(app)
    app.url_defaults(name_by_content)
    app.context_processor(_for_templates)
    app.register_error_handler(HTTPException, _problem)
    return app


def _for_templates() -> dict[str, Any]:
    return {
        "say": say,
        "language": current_language(),
        "languages": LANGUAGES,
        "csrf_token": csrf_token,
        "tabs": current_app.config["TABS"],
        "is_let_in": _is_let_in(),
    }


def _is_let_in() -> bool:
    return session.get("is_let_in") is True


def _refuse_strangers() -> Response | None:
    if request.endpoint in OPEN_TO_ALL or _is_let_in():
        return None
    if request.endpoint in ASKED_BY_SCRIPT:
        abort(401)
    return redirect(url_for("entrance.log_in"), 303)


def _problem(error: HTTPException) -> tuple[str, int]:
    return render_template("problem.html"), error.code or 500
