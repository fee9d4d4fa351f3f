"""Which browsers may see the kiosk's pages."""

from flask import Flask, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kiosk.parts import parts
from kiosk.questions import NAMING
from shared.look import OPEN
from shared.web_guard import HEADERS, protect

OPEN_TO_ALL = OPEN | frozenset({"static", "pages.health", "staff.log_in", "staff.enter"})
"""Endpoints for a browser that was not let in."""
DOOR = frozenset(f"own_phone.{name}" for name in ("printed", "scanned", "begin", "over"))
"""Where a visitor's own phone comes in; each looks for itself whether it may."""
WAY = frozenset(
    f"pages.{name}"
    for name in ("step", "answer", "done", "assignment", "alive", "reset", "picture")
)
"""What a phone that came in may ask for: its own visit, and nothing of the tablet's."""


def install(app: Flask) -> None:
    """Guard every route of ``app``."""
    app.before_request(_refuse_strangers)
    app.after_request(_allow_camera)  # registered first, so it runs last and has the last word
    protect(app)


def let_in(key: str | None = None) -> None:
    """Let this browser in, as a tablet of the house; with a link's ``key`` as long as it holds."""
    session.clear()
    session.permanent = True
    session["is_ours"] = True
    if key is not None:
        session["tablet"] = key


def is_let_in() -> bool:
    """Whether the requesting browser was let in, and no manager has ended that."""
    if session.get("is_ours") is not True:
        return False
    if "tablet" not in session:
        return True
    tablet = parts().tablets.of_key(session["tablet"])
    if tablet is not None:
        parts().tablets.saw(tablet)
    return tablet is not None


def is_named() -> bool:
    """Whether the requesting browser is let in as a tablet that a manager named."""
    return "tablet" in session and is_let_in()


def came_by(key: str) -> bool:
    """Whether the requesting browser is the tablet that came by the link with this key."""
    return session.get("tablet") == key and is_let_in()


def let_phone_in() -> None:
    """Let this browser go one visitor's way, until it is closed."""
    session.clear()
    session["is_phone"] = True


def is_phone() -> bool:
    """Whether the requesting browser came in as a visitor's own phone, or is about to."""
    return request.endpoint in DOOR or session.get("is_phone") is True


def _allow_camera(response: Response) -> Response:
    """Allow the camera only where a consultant's card or an invitation is scanned."""
    is_scanned = request.blueprint == "invited"
    if is_scanned or (request.view_args or {}).get("name") in NAMING:
        response.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace(
            "camera=()", "camera=(self)"
        )
    return response


def _refuse_strangers() -> AnyResponse | None:
    if request.endpoint in OPEN_TO_ALL | DOOR or is_let_in():
        return None
    if not is_phone():
        return redirect(url_for("staff.log_in"), 303)
    if request.endpoint is None:  # phones ask for icons of their own
        abort(404)
    return None if request.endpoint in WAY else redirect(url_for("own_phone.over"), 303)
