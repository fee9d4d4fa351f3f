"""Logging in and out: by name and PIN, or by the QR code that the manager shows."""

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from broker.console.attempts import Verdict
from broker.console.guard import MANAGER, let_in, who_asks
from broker.console.parts import parts
from broker.console.site_view import Person
from broker.console.tickets import staff_id_of
from shared.web_guard import same_secret

door = Blueprint("door", __name__)

REASONS = {
    "refused": "消息服务器拒绝了此账号，请重新登录。再次出现时，请找案场管理岗。",
    "ended": "登录已失效，请重新登录。",
    "out": "已退出登录，此手机不再接收提醒。",
}
"""Why a page sent its person here (``?why=``)."""
OVER = "此登录二维码已失效，请案场管理岗重新出示。"


@door.get("/login")
def log_in() -> AnyResponse:
    """Choose the name, type the PIN."""
    return _form(REASONS.get(request.args.get("why", ""), ""))


@door.post("/login")
def log_in_by_pin() -> AnyResponse:
    """Let the right PIN in; a wrong one makes the next wait."""
    staff_id, pin = request.form.get("staff_id", "")[:32], request.form.get("pin", "")[:16]
    if not staff_id:
        return _form("请先选择您的姓名。", 400)
    address = request.remote_addr or "?"
    person = parts().person(staff_id)
    is_right = person is not None and same_secret(pin, person.pin)
    verdict = parts().attempts.judge(staff_id, address, is_right=is_right)
    if verdict is Verdict.RIGHT and person is not None:
        let_in(person)
        return redirect(_first_page(person), 303)
    wait_s = parts().attempts.wait_s(staff_id, address)
    if not wait_s:
        return _form("口令不对，请重新输入。", 401)
    why = "输错次数过多" if verdict is Verdict.LOCKED else "口令不对"
    hint = "，或请案场管理岗出示登录二维码" if wait_s > 60 else ""
    answer = _form(f"{why}，请 {_span(wait_s)}后再试{hint}。", 429)
    answer.headers["Retry-After"] = str(wait_s)
    return answer


@door.get("/enter/<token>")
def enter(token: str) -> Response:
    """Log in whom the QR code names, and go on to the handheld page.

    Not by a redirect: the scanner's app counts as another site, and a redirect from there would
    not carry the new SameSite=Strict cookie.
    """
    staff_id = staff_id_of(parts().secret_key, token, parts().clock())
    person = parts().person(staff_id)
    if person is None:
        page = render_template("problem.html", message=OVER, to="/login", label="用口令登录")
        return make_response(page, 403)
    let_in(person)
    return make_response(render_template("enter.html", person=person))


@door.post("/logout")
def log_out() -> AnyResponse:
    """This browser is nobody's again."""
    session.clear()
    return redirect(url_for("door.log_in", why="out"), 303)


def _form(message: str, status: int = 200) -> Response:
    page = render_template(
        "login.html",
        people=parts().site.people(),
        chosen=parts().person(request.form.get("staff_id")),
        current=who_asks(),
        message=message,
        to=request.args.get("to", ""),
    )
    return make_response(page, status)


def _first_page(person: Person) -> str:
    wants_console = request.args.get("to") == "console" and MANAGER in person.roles
    return url_for("pages.console" if wants_console else "pages.handheld")


def _span(seconds: int) -> str:
    return f"{seconds} 秒" if seconds <= 90 else f"{-(-seconds // 60)} 分钟"
