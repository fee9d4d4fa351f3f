"""The short way for visitors who are not customers: in with name and errand, out with a number."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.answers import LONGEST_NAME, AnswersError, Page
from kiosk.errands import WHOM_REQUIRED, read_errand
from kiosk.parts import (
    begin_visit_in_the_language_chosen,
    current_language,
    current_visit,
    end_visit,
    parts,
)
from shared.messages import ServiceKind
from shared.words import LANGUAGES

service = Blueprint("service", __name__, url_prefix="/service")

BYE_S = 8
"""How long the farewell stays before the next visitor's welcome."""

Answered = str | Response | tuple[str, int]


@service.post("/begin")
def begin() -> Response:
    """Start a visit in the language chosen, or the house's."""
    begin_visit_in_the_language_chosen()
    return redirect(url_for("service.kinds"), 303)


@service.get("")
def kinds() -> Answered:
    """The page that asks why they come, or whether they leave."""
    if (stray := _stray()) is not None:
        return stray
    exempt = [each.named_in(current_language()) for each in parts().board.exempt]
    return render_template(
        "service_kinds.html", kinds=tuple(ServiceKind), languages=LANGUAGES, exempt=exempt
    )


@service.get("/<kind>")
def form(kind: str) -> Answered:
    """The page that asks for name, how many and to whom."""
    named = _kind_named(kind)
    return _stray() or _show(named, {"party_size": "1"}, {})


@service.post("/<kind>")
def come_in(kind: str) -> Answered:
    """Take in the form, and give the visitor a number."""
    named, visit = _kind_named(kind), current_visit()
    if visit is None or visit.service_number:
        return _stray() or redirect(url_for("service.number"), 303)
    try:
        errand = read_errand(named, Page(request.form, parts().clock()))
    except AnswersError as error:
        return _show(named, request.form, error.problems), 422
    parts().porter.let_in(visit, errand)
    return redirect(url_for("service.number"), 303)


@service.get("/number")
def number() -> Answered:
    """The page with the number to type when leaving."""
    visit = current_visit()
    if visit is None or visit.service_number is None:
        return redirect(url_for("pages.welcome"), 303)
    return render_template(
        "service_number.html",
        number=visit.service_number,
        has_visit=False,
    )


@service.route("/leave", methods=["GET", "POST"])
def leave() -> Answered:
    """Take in that number and sign its owner out; nobody's name is ever shown."""
    if current_visit() is None:
        return redirect(url_for("pages.welcome"), 303)
    if request.method == "GET":
        return render_template("service_leave.html", problem=None, wait_s=0)
    if parts().porter.let_out(request.form.get("number", "").strip()):
        page = render_template("service_bye.html", has_visit=False, bye_s=BYE_S)
        end_visit()
        return page
    wait_s = parts().porter.wait_s()
    problem = "leave.wait" if wait_s > 1 else "leave.wrong"
    page = render_template("service_leave.html", problem=problem, wait_s=wait_s)
    return page, 429 if wait_s > 1 else 422


def _show(kind: ServiceKind, typed: object, problems: dict[str, str]) -> str:
    return render_template(
        "service_form.html",
        kind=kind,
        typed=typed,
        problems=problems,
        longest=LONGEST_NAME,
        is_whom_required=kind in WHOM_REQUIRED,
    )


def _stray() -> Response | None:
    """Where to send a browser without a visit, or whose visitor has a number already; else None."""
    visit = current_visit()
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    return redirect(url_for("service.number"), 303) if visit.service_number else None


def _kind_named(kind: str) -> ServiceKind:
    try:
        return ServiceKind(kind)
    except ValueError:
        abort(404)
