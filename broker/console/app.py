"""The staff's pages as one Flask app."""

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from broker.console.attempts import Attempts
from broker.console.calendar_page import calendar
from broker.console.case_page import cases, feedback
from broker.console.channel_page import channels
from broker.console.compressed import compress_files
from broker.console.desk import desk
from broker.console.device_page import devices
from broker.console.dispute_page import disputes
from broker.console.door import PAGES, door
from broker.console.duty_page import duty_pages
from broker.console.enrolment import enrolment
from broker.console.event_page import events
from broker.console.find_page import find_pages
from broker.console.first_run import first_pages, first_run
from broker.console.guard import SESSION_LIFETIME, install, may_see_health
from broker.console.guest import invite
from broker.console.guest_booking import guest_booking
from broker.console.guest_change import guest_change
from broker.console.health_page import health
from broker.console.imports_page import imports_pages
from broker.console.join_page import joins
from broker.console.own_page import NAME as OWN_PAGES
from broker.console.own_page import own, serve_own_pages
from broker.console.own_view import OwnPages
from broker.console.pages import pages
from broker.console.papers import papers
from broker.console.parts import Parts, parts
from broker.console.pass_page import passes
from broker.console.people_page import people_pages
from broker.console.picture_page import pictures
from broker.console.plan_page import plans
from broker.console.register_page import registers
from broker.console.report_page import reports
from broker.console.scripts import imported_by
from broker.console.settings_page import settings_pages
from broker.console.shift_page import shift_plan, shifts
from broker.console.site_view import Site
from broker.console.specimen import specimen
from broker.console.wall import USUAL_WALL, WallChoice, put_up
from broker.console.words import (
    ago,
    by_day,
    clock_time,
    clock_time_s,
    date_time,
    day,
    language,
    last_day,
    problem_words,
    role_words,
    say,
    size,
    span_ms,
    waited,
    word,
)
from broker.log_ins.sessions import LogIns
from shared.clock import Clock
from shared.look import wear
from shared.privacy import mask_phone, masked_plate, masked_text
from shared.web_guard import csrf_token
from shared.words import LANGUAGES, read_words

BLUEPRINTS = (
    *(door, pages, desk, papers, disputes, registers, reports, cases, feedback),
    *(duty_pages, passes, plans, shifts, shift_plan, calendar, pictures, devices, joins),
    *(health, enrolment, specimen, events, guest_booking, guest_change),
    *(settings_pages, people_pages, channels, imports_pages, first_run, first_pages, find_pages),
)
MAX_FORM_BYTES = 16 * 1024

PROBLEMS = {
    400: "stale",
    401: "log_in",
    403: "managers",
    404: "no_page",
    405: "no_page",
    413: "long",
    503: "busy",
}
"""What the page of an error says, by status; for any other status ``broken``."""


def create_app(
    site: Site,
    secret_key: str,
    clock: Clock,
    own_pages: OwnPages | None = None,
    wall: WallChoice = USUAL_WALL,
    log_ins: LogIns | None = None,
) -> Flask:
    """The app for ``site``'s staff; ``secret_key`` signs cookies and QR log-ins.

    With ``own_pages`` it also shows visitors their own data. ``log_ins`` knows who is logged in;
    None: a restart forgets them.
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key,
        # Cookies ignore ports, and the kiosk may run on the same machine.
        SESSION_COOKIE_NAME="yingbin_staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # keeps Chinese readable
    words = read_words("broker")
    kept = log_ins or LogIns(clock)
    Parts(site, secret_key, clock, Attempts(), kept, words).put_into(app)
    install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    wear(app, lambda: site.worn[0], site.worn[1])
    put_up(app, wall)
    _serve_visitors(app, own_pages)
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(TimeoutError, lambda _: _problem(ServiceUnavailable()))
    _teach_templates(app)
    compress_files(app)
    return app


def _serve_visitors(app: Flask, own_pages: OwnPages | None) -> None:
    """Add what visitors open on their own phones."""
    if own_pages is not None:
        app.extensions[OWN_PAGES] = serve_own_pages(own_pages, Attempts())
        app.register_blueprint(own)
    invite(app, Attempts())


def _problem(error: HTTPException) -> Response:
    """A page that says what is wrong. A script gets the status only."""
    message = say(f"page.{PROBLEMS.get(error.code or 500, 'broken')}")
    page = render_template("problem.html", message=message, to="/handheld", label=say("page.back"))
    return make_response(page, error.code or 500)


def _teach_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        clock=clock_time,
        clock_s=clock_time_s,
        day=day,
        date_time=date_time,
        last_day=last_day,
        by_day=by_day,
        ago=ago,
        plate=masked_plate,
        phone=mask_phone,
        masked=masked_text,
        percent=lambda ratio: "—" if ratio is None else f"{ratio:.0%}",
        role=lambda role: word("role", role),
        roles=role_words,
        state=lambda state: say(f"state.{state}"),
        channel=lambda channel: word("channel", channel),
        kind=lambda kind: say(f"kind.{kind}"),
        level=lambda level: say(f"level.{level}"),
        problem=problem_words,
        waited=waited,
        span_ms=span_ms,
        size=size,
    )
    app.context_processor(_known_to_templates)


def _known_to_templates() -> dict[str, object]:
    return {
        "site": parts().site,
        "csrf_token": csrf_token,
        "path": request.path,
        "may_see_health": may_see_health,
        "say": say,
        "language": language(),
        "languages": LANGUAGES,
        "is_secure": request.is_secure,
        "saved": "saved" in request.args,
        "speaks": PAGES,
        "imported_by": imported_by,
    }
