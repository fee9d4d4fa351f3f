"""The staff's pages as one Flask app."""

from datetime import datetime, timedelta

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from broker.console.attempts import Attempts
from broker.console.door import door
from broker.console.guard import install
from broker.console.masking import masked_plate, masked_text
from broker.console.pages import pages
from broker.console.parts import Parts, parts
from broker.console.site_view import Site
from broker.console.wall import USUAL_WALL, WallChoice, put_up
from broker.console.words import (
    KIND_WORDS,
    LEVEL_WORDS,
    STATE_WORDS,
    problem_words,
    role_words,
)
from shared.clock import Clock
from shared.web_guard import csrf_token

SESSION_LIFETIME = timedelta(hours=14)
"""One working day: who holds this phone is asked anew each morning."""
MAX_FORM_BYTES = 16 * 1024

PROBLEMS = {
    400: "页面已过期，请返回后重试。",
    401: "请先登录。",
    403: "只有案场管理岗可以打开此页。",
    404: "没有这个页面。",
    405: "没有这个页面。",
    413: "提交的内容过长。",
}


def create_app(site: Site, secret_key: str, clock: Clock, wall: WallChoice = USUAL_WALL) -> Flask:
    """The app that serves ``site``'s staff; ``secret_key`` signs sessions and QR log-ins."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret_key,
        # Cookies know no ports: the kiosk on the same machine has one of its own.
        SESSION_COOKIE_NAME="yingbin_staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
    )
    Parts(site, secret_key, clock, Attempts(clock)).put_into(app)
    install(app)
    app.register_blueprint(door)
    app.register_blueprint(pages)
    put_up(app, wall)
    app.register_error_handler(HTTPException, _problem)
    _teach_templates(app)
    return app


def _problem(error: HTTPException) -> Response:
    """A page that says what is wrong; the reasons of a script's request are its status."""
    message = PROBLEMS.get(error.code or 500, "页面出错了，请稍后重试。")
    page = render_template("problem.html", message=message, to="/handheld", label="回到值守页")
    return make_response(page, error.code or 500)


def _teach_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        clock=_clock_time,
        clock_s=lambda moment: _local(moment).strftime("%H:%M:%S"),
        day=_day,
        ago=_ago,
        plate=masked_plate,
        masked=masked_text,
        roles=role_words,
        state=STATE_WORDS.__getitem__,
        kind=KIND_WORDS.__getitem__,
        level=LEVEL_WORDS.__getitem__,
        problem=problem_words,
    )
    app.context_processor(
        lambda: {"site": parts().site, "csrf_token": csrf_token, "path": request.path}
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(parts().site.zone)


def _clock_time(moment: datetime) -> str:
    return _local(moment).strftime("%H:%M")


def _day(moment: datetime) -> str:
    local = _local(moment)
    return f"{local.month} 月 {local.day} 日 星期{'一二三四五六日'[local.weekday()]}"


def _ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, as one says it: ``8 秒前``, ``3 分钟前``, ``09:12``."""
    if moment is None:
        return "从未上线"
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 60:
        return f"{seconds} 秒前"
    return f"{seconds // 60} 分钟前" if seconds < 3600 else _clock_time(moment)
