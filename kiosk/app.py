"""Builds the tablet's web application."""

from datetime import timedelta
from typing import Any

from flask import Flask, render_template, url_for
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from kiosk import guard
from kiosk.invited import invited
from kiosk.own_phone import own_phone
from kiosk.parts import Parts, current_language, current_visit, is_larger, patience, say
from kiosk.service import service
from kiosk.settings import KioskSettings
from kiosk.staff import staff
from kiosk.views import pages
from shared.look import wear
from shared.web_guard import csrf_token, name_by_content
from shared.web_server import WebServer, listen

LARGEST_FORM_BYTES = 16 * 1024


def create_app(parts: Parts) -> Flask:
    """Build the application over ``parts``; nothing runs yet."""
    settings = parts.settings
    app = Flask("kiosk")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # A name of its own: other programs may run under the same host name.
        SESSION_COOKIE_NAME=f"kiosk-{settings.kiosk_id}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=settings.is_https,
        # A poll that is answered after a reset must not bring the old cookie back.
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=365),
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    parts.put_into(app)
    app.register_blueprint(pages)
    app.register_blueprint(own_phone)
    app.register_blueprint(invited)
    app.register_blueprint(staff)
    app.register_blueprint(service)
    wear(app, lambda: parts.board.brand, settings.pictures_dir)
    guard.install(app)
    app.url_defaults(name_by_content)
    app.context_processor(_for_templates(parts))
    app.register_error_handler(HTTPException, _start_again)
    return app


def compile_pages(app: Flask) -> Flask:
    """``app`` with every template compiled; on a Pi the first visitor would have to wait for it."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    return app


def served(parts: Parts, settings: KioskSettings) -> WebServer:
    """The pages over ``parts`` where the ``settings`` say; not started yet."""
    app = compile_pages(create_app(parts))
    return WebServer(app, listen(settings.listen_host, settings.listen_port), settings)


def _for_templates(parts: Parts) -> Any:
    """What every template may use."""

    def names() -> dict[str, Any]:
        return {
            "say": say,
            "say_in": parts.words.say,
            "language": current_language(),
            "csrf_token": csrf_token,
            "settings": parts.settings,
            "site_name": _site_name(parts),
            "texts": parts.store.site_texts(),
            "known_across": parts.board.known_across,
            "has_visit": current_visit() is not None,
            "is_larger": is_larger(),
            "patience": patience(),
            "is_named": guard.is_named,
            "home": url_for("own_phone.over" if guard.is_phone() else "pages.welcome"),
        }

    return names


def _site_name(parts: Parts) -> str:
    """The house's name in the visitor's language."""
    brand, language = parts.board.brand, current_language()
    return (brand and brand.named_in(language)) or parts.settings.site_name


def _start_again(error: HTTPException) -> tuple[str, int]:
    """Offer the visitor a way on instead of an error's name."""
    return render_template("problem.html"), error.code or 500
