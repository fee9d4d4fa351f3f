"""The head office's web application: pages for its readers, and below ``/v1`` what sites ask."""

from typing import Any

import psycopg
from flask import Flask, redirect, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response as AnyResponse

from broker.head_office.connections import Stores
from broker.head_office.office_pages import OfficeParts, current_language, pages, reader, say
from broker.head_office.receiving import create_receiving
from shared.clock import Clock
from shared.look import STATIC, wear
from shared.web_guard import csrf_token, name_by_content, protect
from shared.words import LANGUAGES, read_words

OPEN_TO_ALL = frozenset({"static", STATIC, "pages.health", "pages.log_in", "pages.choose_language"})
LARGEST_POST_BYTES = 64 * 1024


def create_office(stores: Stores, clock: Clock) -> Flask:
    """The application; the database has this release's tables."""
    app = Flask("broker.head_office")
    app.config.update(
        SECRET_KEY=stores.store().sites.secret(),
        SESSION_COOKIE_NAME="yingbin-head-office",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=LARGEST_POST_BYTES,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    OfficeParts(stores, clock, read_words("broker")).put_into(app)
    app.register_blueprint(pages)
    wear(app)
    app.before_request(_refuse_strangers)
    protect(app)
    app.url_defaults(name_by_content)
    app.context_processor(_for_templates)
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(psycopg.Error, lambda _: _away(stores))
    below: dict[str, Any] = {"/v1": create_receiving(stores, clock)}
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, below)  # type: ignore[method-assign]
    return app


def _for_templates() -> dict[str, Any]:
    return {
        "say": say,
        "language": current_language(),
        "languages": LANGUAGES,
        "csrf_token": csrf_token,
    }


def _refuse_strangers() -> AnyResponse | None:
    if request.endpoint in OPEN_TO_ALL or reader() is not None:
        return None
    return redirect("/login", 303)


def _away(stores: Stores) -> tuple[str, int]:
    stores.drop()
    return _problem(ServiceUnavailable())


def _problem(error: HTTPException) -> tuple[str, int]:
    return render_template("problem.html"), error.code or 500
