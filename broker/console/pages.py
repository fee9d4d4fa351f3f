"""The handheld page, what it asks for, and the manager's console."""

import re
import secrets
from collections import Counter
from contextlib import suppress
from datetime import datetime

import segno
from flask import (
    Blueprint,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from broker.console.address import origin
from broker.console.guard import log_in_secret, me
from broker.console.parts import parts
from broker.console.post_view import DESK_PANELS, panels_of
from broker.console.ready_texts import ready_texts
from broker.console.site_view import Overview, VisitState
from broker.console.tickets import TICKET_LIFETIME, login_path
from broker.console.words import clock_time, language, say, script_offers, script_words, span
from shared.messages import NodeKind

pages = Blueprint("pages", __name__)

GROUND = "#0b0e12"
"""The pages' dark background (look/tokens.css), for the frame that a phone draws around an app."""
ICON_SIZES = (192, 512)
SHOWN_EXPIRING = 50
WAITING = (VisitState.WAITING, VisitState.CALLED)
DEVICE = re.compile(r"[0-9a-z-]{1,40}")
"""How a page names its device, or its window."""


@pages.get("/handheld")
def handheld() -> str:
    """The page on a staff member's phone. Its script asks ``account`` for the password."""
    person = me()
    return render_template(
        "handheld.html",
        person=person,
        panels=panels_of(person.roles),
        words=script_words(),
        offers={**script_offers(), "texts": ready_texts(person)},
    )


@pages.get("/api/account")
def account() -> AnyResponse:
    """Who is logged in, and the MQTT account of their page on this ``device``.

    Nothing else gives an MQTT password out. The account ends with the log-in.
    """
    site, person = parts().site, me()
    secure = site.secure if request.is_secure else None
    device = request.args.get("device", "page")
    if not DEVICE.fullmatch(device):
        abort(400)
    mqtt, is_new = parts().log_ins.account(log_in_secret(), device, person.roles)
    if is_new:
        site.await_account(mqtt)
    return jsonify(
        site=site.site,
        staff_id=person.staff_id,
        name=person.name,
        roles=person.roles,
        username=mqtt.username,
        password=mqtt.password,
        client_id=mqtt.client_id,
        ws_port=secure.mqtt_port if secure else site.mqtt_ws_port,
        # A phone's clock may be wrong: the page counts on from this time.
        server_time=parts().clock().isoformat(),
        zone=site.zone.key,
    )


@pages.get("/")
def console() -> str:
    """The manager's console."""
    expiring = parts().site.expiring(None, language())
    return render_template(
        "console.html",
        people=parts().site.people(),
        panels=DESK_PANELS,
        expiring=expiring[:SHOWN_EXPIRING],
        expiring_more=len(expiring) - SHOWN_EXPIRING,
        to_call=_to_call(),
        words=script_words(),
        offers=script_offers(),
        **_now(),
    )


@pages.get("/live")
def live() -> str:
    """The part of the console that is asked for again and again."""
    return render_template("console_live.html", **_now())


@pages.get("/phone/<staff_id>")
def phone(staff_id: str) -> str:
    """The page with the QR code that logs in the phone of ``staff_id``."""
    person = parts().person(staff_id)
    if person is None:
        abort(404)
    expires_at = parts().clock() + TICKET_LIFETIME
    where, is_reachable = origin()
    path = login_path(parts().secret_key, staff_id, expires_at, secrets.token_urlsafe(8))
    url = where + path
    code = segno.make(url, error="m", micro=False).svg_inline(scale=8, border=4, light="#fff")
    return render_template(
        "phone.html",
        person=person,
        code=Markup(code),  # drawn by segno: no text of anybody's is in it
        until=clock_time(expires_at),
        is_reachable=is_reachable,
        log_ins=parts().log_ins.count_of(staff_id),
    )


@pages.post("/sign-out/<staff_id>")
def sign_out(staff_id: str) -> AnyResponse:
    """End all log-ins of ``staff_id``: their pages ask for the PIN again."""
    if parts().person(staff_id) is None:
        abort(404)
    with suppress(TimeoutError):  # it is done a little later
        parts().site.sign_out(staff_id, me().staff_id)
    return redirect(url_for("pages.phone", staff_id=staff_id), 303)


@pages.get("/manifest.webmanifest")
def manifest() -> AnyResponse:
    """Makes the handheld page an app on the phone's home screen; the same for everybody."""
    answer = jsonify(
        name=f"{say('page.app')} · {parts().site.site_name}",
        short_name=say("page.app"),
        lang=language(),
        start_url=url_for("pages.handheld"),
        scope="/",
        display="standalone",
        orientation="portrait",
        background_color=GROUND,
        theme_color=GROUND,
        icons=[_icon(size, purpose) for size in ICON_SIZES for purpose in ("any", "maskable")],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@pages.get("/offline_worker.js")
def offline_worker() -> AnyResponse:
    """The service worker, served from the root so that it may answer for every page."""
    return current_app.send_static_file("offline_worker.js")


@pages.get("/offline")
def offline() -> str:
    """What the phone shows when the server cannot be reached; names nobody."""
    return render_template("offline.html")


def _now() -> dict[str, object]:
    """The values for the console's templates."""
    view: Overview = parts().site.overview(language())
    people = [node for node in view.nodes if node.kind is NodeKind.STAFF]
    return {
        "view": view,
        "handhelds": people,
        "machines": [node for node in view.nodes if node.kind is not NodeKind.STAFF],
        "waiting_count": sum(visit.state is VisitState.WAITING for visit in view.visits),
        "numbers": _numbers(view, parts().clock()),
        "now": parts().clock(),
    }


def _to_call() -> list[tuple[str, dict[str, int]]]:
    """For each owner, how many customers they have to call, by stage; who is late comes first."""
    counted: dict[str, Counter[str]] = {}
    for line in parts().site.follow_ups(None, language()):
        counted.setdefault(line.owner_name, Counter())[line.stage] += 1
    return sorted(counted.items(), key=lambda owner: -owner[1]["overdue"])


def _numbers(view: Overview, now: datetime) -> dict[str, str]:
    """How the house stands: who waits and is served, what nobody answered, the longest wait."""
    waiting = [visit.came_at for visit in view.visits if visit.state in WAITING]
    serving = sum(visit.state is VisitState.SERVING for visit in view.visits)
    longest = span(now - min(waiting)) if waiting else "—"
    shown = {"waiting": len(waiting), "serving": serving, "unanswered": len(view.alerts)}
    return {name: str(count) for name, count in shown.items()} | {"longest": longest}


def _icon(size: int, purpose: str) -> dict[str, str]:
    name = f"icons/{purpose}-{size}.png"
    src = url_for("static", filename=name)
    return {"src": src, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
