"""The handheld page, what it asks for, and the manager's console."""

from datetime import datetime

import segno
from flask import Blueprint, abort, jsonify, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from broker.console.address import origin
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.site_view import Overview, VisitState
from broker.console.tickets import TICKET_LIFETIME, login_path
from shared.messages import NodeKind

pages = Blueprint("pages", __name__)


@pages.get("/handheld")
def handheld() -> str:
    """The page on a staff member's phone; it holds no secret, its script asks ``account``."""
    return render_template("handheld.html", person=me())


@pages.get("/api/account")
def account() -> AnyResponse:
    """Who I am and how to reach the MQTT server: the only way its password leaves."""
    site, person = parts().site, me()
    try:
        mqtt = site.mqtt_account(person.staff_id)
    except LookupError:
        abort(404)
    return jsonify(
        site=site.site,
        staff_id=person.staff_id,
        name=person.name,
        roles=person.roles,
        username=mqtt.username,
        password=mqtt.password,
        ws_port=site.mqtt_ws_port,
        # Phones' clocks are wrong; the page counts with this one.
        server_time=parts().clock().isoformat(),
        zone=site.zone.key,
    )


@pages.get("/")
def console() -> str:
    """How the site stands, for the manager."""
    return render_template("console.html", people=parts().site.people(), **_now())


@pages.get("/live")
def live() -> str:
    """The part of the console that changes."""
    return render_template("console_live.html", **_now())


@pages.get("/phone/<staff_id>")
def phone(staff_id: str) -> str:
    """The QR code that logs ``staff_id``'s phone in."""
    person = parts().person(staff_id)
    if person is None:
        abort(404)
    expires_at = parts().clock() + TICKET_LIFETIME
    where, is_reachable = origin()
    url = where + login_path(parts().secret_key, staff_id, expires_at)
    code = segno.make(url, error="m", micro=False).svg_inline(scale=8, border=4, light="#fff")
    return render_template(
        "phone.html",
        person=person,
        code=Markup(code),  # segno's own drawing, with no text of anybody's in it
        until=_clock_time(expires_at),
        is_reachable=is_reachable,
    )


@pages.get("/health")
def health() -> AnyResponse:
    """Whether the pages answer; says nothing else."""
    return jsonify(status="ok")


def _now() -> dict[str, object]:
    """What the console's templates show."""
    view: Overview = parts().site.overview()
    people = [node for node in view.nodes if node.kind is NodeKind.STAFF]
    return {
        "view": view,
        "handhelds": people,
        "machines": [node for node in view.nodes if node.kind is not NodeKind.STAFF],
        "waiting_count": sum(visit.state is VisitState.WAITING for visit in view.visits),
        "now": parts().clock(),
    }


def _clock_time(moment: datetime) -> str:
    return moment.astimezone(parts().site.zone).strftime("%H:%M")
