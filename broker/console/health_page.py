"""The site's health (设备体检): a page for the technician, and its figures for Prometheus."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import segno
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from broker.console.guard import may_see_health
from broker.console.health_view import Health
from broker.console.metrics import CONTENT_TYPE, exposition
from broker.console.parts import parts, today
from broker.console.readiness import coverage
from broker.console.words import language
from broker.health.rehearsal import MOST, rehearsed, score
from broker.rules.state import MANAGER
from shared.disk import DiskTrouble
from shared.errors import OperatorError

health = Blueprint("health", __name__)

NAME = "yingbin-health"
HTML = "text/html"
LOOKS_AGAIN_S = 5
"""While devices are unplugged the sheet is fetched so often."""


@dataclass(frozen=True, slots=True)
class HealthPages:
    """What these pages need."""

    health: Health
    metrics_from: tuple[str, ...] = ()
    """Addresses and networks that may read the metrics, besides this machine."""


def serve_health(app: Flask, pages: HealthPages) -> None:
    """Let ``app`` tell of the site's health; without this it only says that it answers."""
    app.extensions[NAME] = pages


@health.get("/health")
def show() -> AnyResponse:
    """For a browser the page; for a program whether the server answers, its clock and its disk."""
    if NAME not in current_app.extensions or HTML not in request.accept_mimetypes.values():
        return _status()
    if g.person is None:
        return redirect(url_for("door.log_in", to="health"), 303)
    if not may_see_health(g.person):
        abort(403)
    return make_response(render_template("health.html", **_now()))


@health.get("/health/live")
def live() -> str:
    """The part of the page that is asked for again and again."""
    return render_template("health_live.html", **_now())


@health.get("/health/readiness")
def readiness() -> AnyResponse:
    """The sheet before opening (开门准备): devices, posts, the morning's duties, what is wrong.

    ``since``: when the rehearsal began, in which each device is unplugged once.
    """
    site, view = parts().site, _pages().health.view(language())
    since = _begun(request.args.get("since", ""))
    devices = rehearsed(view.figures, since) if since else ()
    answer = make_response(
        render_template(
            "readiness.html",
            view=view,
            since=since,
            devices=devices,
            most=MOST,
            score=score(devices) if devices else None,
            cover=coverage(site.overview(language()), site.people(), site.settings.policy, today()),
            duties=site.duties.of_everybody(),
            now=parts().clock(),
        )
    )
    if since:
        answer.headers["Refresh"] = str(LOOKS_AGAIN_S)
    return answer


@health.get("/head")
def head() -> str:
    """The journal's end, signed, as a code to scan (今日链头)."""
    site_health, problem, signed, public_key = _pages().health, "", None, ""
    try:
        signed, public_key = site_health.head(), site_health.public_key()
    except OperatorError as error:  # the key cannot be read
        problem = error.sentence.in_language(language())
    code = ""
    if signed is not None:
        drawn = segno.make(signed.text, error="m", micro=False)
        code = drawn.svg_inline(border=4, light="#fff", omitsize=True)
    return render_template(
        "head.html",
        head=signed,
        problem=problem,
        code=Markup(code),  # drawn by segno: no text of anybody's is in it
        public_key=public_key,
    )


@health.get("/metrics")
def metrics() -> AnyResponse:
    """The figures for Prometheus, for this machine and the addresses that the settings allow."""
    pages = _pages()
    if not _is_allowed(request.remote_addr or "", pages.metrics_from):
        abort(403)
    view = pages.health.view(language())
    conditions = {check.name: check.condition for check in view.checks}
    return Response(exposition(view.figures, conditions), content_type=CONTENT_TYPE)


def _pages() -> HealthPages:
    if NAME not in current_app.extensions:
        abort(404)
    return cast(HealthPages, current_app.extensions[NAME])


def _is_allowed(address: str, allowed: tuple[str, ...]) -> bool:
    try:
        asking = ipaddress.ip_address(address)
    except ValueError:
        return False
    networks = (ipaddress.ip_network(each, strict=False) for each in allowed)
    return asking.is_loopback or any(asking in network for network in networks)


def _now() -> dict[str, object]:
    pages = _pages()
    is_manager = g.person is not None and MANAGER in g.person.roles
    return {
        "view": pages.health.view(language()),
        "now": parts().clock(),
        "is_manager": is_manager,
    }


def _begun(text: str) -> datetime | None:
    """The moment in an address; None: there is none, or nobody's page wrote it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _status() -> AnyResponse:
    site = parts().site
    clock = "refused" if site.refused_clock() is not None else "ok"
    if (disk := site.disk) is None:
        return jsonify(status="ok", clock=clock)
    is_short = disk.trouble is DiskTrouble.SHORT
    status = "unsaved" if disk.is_unsaved else "ok" if is_short else "on_reserve"
    room = {"free_mb": disk.free_mb, "needed_mb": disk.needed_mb}
    return jsonify(status=status, clock=clock, disk=disk.trouble, **room)
