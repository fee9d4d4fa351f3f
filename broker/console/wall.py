"""The page on the wall (大屏): opened by a link of its own, without a log-in; it only shows."""

from dataclasses import dataclass
from functools import lru_cache

import segno
from flask import Blueprint, Flask, abort, current_app, make_response, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from broker.console.address import origin
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.wall_ticket import is_good, wall_ticket
from broker.console.wall_view import ARRIVALS_FOR, Wall
from broker.rules.state import MANAGER
from shared.words import LANGUAGES, spoken

wall = Blueprint("wall", __name__)
wall_link = Blueprint("wall_link", __name__)
NAME = "yingbin-wall"
BACK, HALL = "back", "hall"
"""The wall's scenes: the back office's lists, and what visitors see."""


@dataclass(frozen=True, slots=True)
class WallChoice:
    """The site's settings of the wall. A new ``stamp`` ends every link that was given out."""

    stamp: str = "1"
    shows_names: bool = False


USUAL_WALL = WallChoice()


def put_up(app: Flask, choice: WallChoice) -> None:
    """Add the page on the wall to ``app``."""
    app.extensions[NAME] = choice
    app.register_blueprint(wall)
    app.register_blueprint(wall_link)


@wall.get("/wall/<ticket>")
def show(ticket: str) -> AnyResponse:
    """The page, whose script asks for ``live`` again and again."""
    _refuse_old(ticket)
    page = "hall.html" if _scene() == HALL else "wall.html"
    return make_response(render_template(page, ticket=ticket, **_now()))


@wall.get("/wall/<ticket>/live")
def live(ticket: str) -> AnyResponse:
    """The part of the page that changes."""
    _refuse_old(ticket)
    page = "hall_live.html" if _scene() == HALL else "wall_live.html"
    return make_response(render_template(page, **_now()))


@wall_link.get("/wall")
def link() -> str:
    """The manager's page with the wall's address, in each language."""
    if MANAGER not in me().roles:
        abort(403)
    where, is_reachable = origin()
    path = f"/wall/{wall_ticket(parts().secret_key, _choice().stamp)}"
    tag = _language()
    query = f"?lang={tag}" + (f"&scene={HALL}" if _scene() == HALL else "")
    address = f"{where}{path}{query}"
    code = segno.make(address, error="m", micro=False).svg_inline(scale=8, border=4, light="#fff")
    return render_template(
        "wall_link.html",
        wall=_wall(),
        address=address,
        path=f"{path}{query}",
        scene=_scene(),
        scenes=(BACK, HALL),
        code=Markup(code),  # drawn by segno: no text of anybody's is in it
        is_reachable=is_reachable,
        languages=LANGUAGES,
    )


def _refuse_old(ticket: str) -> None:
    if is_good(parts().secret_key, ticket, _choice().stamp):
        return
    page = render_template(
        "problem.html",
        message=_wall().say("wall.over"),
        to="/login",
        label=_wall().say("wall.back"),
    )
    abort(make_response(page, 403))


def _now() -> dict[str, object]:
    now, shown = parts().clock(), _wall()
    site = parts().site.overview(_language())
    return {
        "wall": shown,
        "view": shown.hall(site, now) if _scene() == HALL else shown.view(site, now),
        "code_of": _code_of,
        "now": now,
        "minutes": int(ARRIVALS_FOR.total_seconds()) // 60,
    }


@lru_cache(maxsize=8)
def _code_of(address: str) -> Markup:
    """The code of the kiosk's door, drawn by segno; a page asks again every two seconds."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(border=2, light="#fff", omitsize=True))


def _wall() -> Wall:
    return Wall(parts().words, _language(), parts().site.zone, _choice().shows_names)


def _scene() -> str:
    return HALL if request.args.get("scene") == HALL else BACK


def _language() -> str:
    return spoken(request.args.get("lang"))


def _choice() -> WallChoice:
    choice = current_app.extensions[NAME]
    assert isinstance(choice, WallChoice)
    return choice
