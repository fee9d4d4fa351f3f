"""The pages of cases (事项): listed, entered, worked on, printed; and the visitor's own page."""

from datetime import datetime

import segno
from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup
from werkzeug.wrappers import Response

from broker.console.address import origin
from broker.console.attempts import Attempts, Verdict
from broker.console.brought_pictures import MOST_AT_ONCE, NoPictureError, brought, pictured
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.words import say
from broker.local.case_questions import CasePictureGone
from broker.local.questions import CaseOpened, CaseStep
from broker.rules.case_classes import CLASSES, MOST_PICTURES_OF_VISITOR
from broker.rules.state import MANAGER
from shared.errors import OperatorError
from shared.ids import new_id
from shared.words import spoken

cases = Blueprint("cases", __name__)
feedback = Blueprint("feedback", __name__, url_prefix="/feedback")

NAME = "yingbin-feedback"
PLACES = {"show_flat": "feedback", "desk": "suggestion"}
"""Where a code hangs by which visitors say what they think, and the class of the case."""
LONGEST_TEXT, LONGEST_NOTE = 1000, 500
FIELDS = ("text", "note", "name", "phone", "place")


@feedback.record_once
def _count_attempts(state: BlueprintSetupState) -> None:
    state.app.extensions[NAME] = Attempts()


@cases.get("/cases")
def listed() -> str:
    """The cases on which somebody works, and the latest others."""
    return render_template("cases.html", cases=parts().site.cases.lines(), is_manager=_is_manager())


@cases.get("/cases/new")
def asked() -> str:
    """The form of a new case."""
    kind = request.args.get("kind", "")
    return _form(kind if kind in CLASSES else "enquiry")


@cases.post("/cases/new")
def opened() -> Response | tuple[str, int]:
    """Enter the case."""
    given, kind = _given(), request.form.get("kind", "")
    if not given["text"]:
        return _form(kind, "case.say_what", given), 400
    try:
        pictures = brought(MOST_AT_ONCE)
    except NoPictureError as error:
        return _form(kind, error.key, given), 400
    case_id = _post(kind, given, me().staff_id)
    if case_id is None:
        return _form(kind, "case.not_taken", given), 400
    if not _bring(case_id, pictures, me().staff_id):
        return _page(case_id, "case.picture_later"), 400
    return redirect(url_for("cases.one", case_id=case_id), 303)


@cases.get("/cases/codes")
def codes() -> str:
    """The codes that hang in the show flat and at the desk, to be printed."""
    where, _ = origin()
    drawn = {
        place: segno.make(where + url_for("feedback.say_it", place=place), error="m", micro=False)
        for place in PLACES
    }
    return render_template(
        "case_codes.html",
        codes={
            place: Markup(code.svg_inline(scale=6, border=4, light="#fff"))  # drawn by segno
            for place, code in drawn.items()
        },
    )


@cases.get("/cases/<case_id>")
def one(case_id: str) -> str:
    """A case, what was done, and what can be done now."""
    return _page(case_id)


@cases.post("/cases/<case_id>")
def worked(case_id: str) -> Response | tuple[str, int]:
    """Do something with it."""
    form, moment = request.form, parts().clock()
    step = CaseStep(
        step_id=new_id(moment),
        case_id=case_id,
        asked_at=moment,
        staff_id=me().staff_id,
        act=form.get("act", "note")[:40],
        note=form.get("note", "").strip()[:LONGEST_TEXT] or None,
        by_when=_moment(form.get("by_when", "")),
        is_on_the_spot="on_the_spot" in form,
        is_sensitive="sensitive" in form,
    )
    try:
        parts().site.cases.step(step)
    except (OperatorError, ValueError):
        return _page(case_id, "case.not_taken"), 400
    return redirect(url_for("cases.one", case_id=case_id), 303)


@cases.post("/cases/<case_id>/pictures")
def picture_brought(case_id: str) -> Response | tuple[str, int]:
    """Bring more pictures of the defect, or take one out again."""
    if parts().site.cases.one(case_id, me()) is None:
        abort(404)
    gone = request.form.get("gone")
    try:
        pictures = () if gone else brought(MOST_AT_ONCE)
    except NoPictureError as error:
        return _page(case_id, error.key), 400
    is_done = _take_out(case_id, gone) if gone else _bring(case_id, pictures, me().staff_id)
    if not is_done:
        return _page(case_id, "case.picture_not_taken"), 400
    return redirect(url_for("cases.one", case_id=case_id), 303)


@cases.get("/cases/<case_id>/pictures/<picture_id>")
def picture(case_id: str, picture_id: str) -> Response:
    """One of its pictures."""
    content = parts().site.cases.picture(case_id, picture_id, me())
    if content is None:
        abort(404)
    answer = make_response(content)
    answer.content_type = "image/jpeg"
    return answer


@cases.get("/cases/<case_id>/slip")
def slip(case_id: str) -> str:
    """The repair slip in three parts (维修单三联)."""
    found = parts().site.cases.one(case_id, me())
    if found is None or found.line.kind != "repair":
        abort(404)
    return render_template("case_slip.html", case=found)


@feedback.get("/<place>")
def say_it(place: str) -> str:
    """The visitor's own page, by the code in the show flat or at the desk."""
    return _visitor_form(place)


@feedback.post("/<place>")
def said(place: str) -> tuple[str, int]:
    """Keep what the visitor says; an address that sends very many has to wait."""
    address = request.remote_addr or "?"
    if place not in PLACES:
        abort(404)
    attempts: Attempts = current_app.extensions[NAME]
    if attempts.judge(f"feedback {address}", address, is_right=False) is Verdict.LOCKED:
        return _visitor_form(place, "case.slow", _given()), 429
    given = _given() | {"place": say(f"case.place_{place}")}
    if not given["text"]:
        return _visitor_form(place, "case.say_what", given), 400
    try:
        pictures = brought(MOST_PICTURES_OF_VISITOR)
    except NoPictureError as error:
        return _visitor_form(place, error.key, given), 400
    case_id = _post(PLACES[place], given, None)
    if case_id is None:
        return _visitor_form(place, "case.not_taken", given), 400
    problem = "" if _bring(case_id, pictures, None) else "case.picture_not_taken"
    return _visitor_form(place, problem, is_said=True), 200


def _form(kind: str, problem: str = "", given: dict[str, str] | None = None) -> str:
    return render_template(
        "case_new.html",
        kinds=tuple(CLASSES),
        kind=kind,
        problem=problem,
        given=given or {},
        most=MOST_AT_ONCE,
    )


def _visitor_form(
    place: str, problem: str = "", given: dict[str, str] | None = None, *, is_said: bool = False
) -> str:
    """In the language that the visitor chose on this very page."""
    if place not in PLACES:
        abort(404)
    tag = spoken(request.values.get("lang"))
    return render_template(
        "feedback.html",
        place=place,
        problem=problem,
        given=given or {},
        is_said=is_said,
        most=MOST_PICTURES_OF_VISITOR,
        language=tag,
        say=lambda key, **values: parts().words.say(key, tag, **values),
    )


def _page(case_id: str, problem: str = "") -> str:
    found = parts().site.cases.one(case_id, me())
    if found is None:
        abort(404)
    return render_template(
        "case.html",
        case=found,
        problem=problem,
        now=parts().clock(),
        is_manager=_is_manager(),
        most=min(found.may_picture, MOST_AT_ONCE),
    )


def _given() -> dict[str, str]:
    longest = {"text": LONGEST_TEXT, "note": LONGEST_NOTE}
    return {name: request.form.get(name, "").strip()[: longest.get(name, 60)] for name in FIELDS}


def _post(kind: str, given: dict[str, str], staff_id: str | None) -> str | None:
    """The id of the case that was entered; None: it was refused."""
    moment = parts().clock()
    filled = {name: value for name, value in given.items() if value}
    try:
        asked = CaseOpened(
            case_id=new_id(moment),
            asked_at=moment,
            kind_of_case=kind,
            staff_id=staff_id,
            text=filled.pop("text"),
            **filled,
        )
        parts().site.cases.open(asked)
    except (OperatorError, ValueError):
        return None
    return asked.case_id


def _bring(case_id: str, pictures: tuple[bytes, ...], staff_id: str | None) -> bool:
    """Whether the case has them now."""
    try:
        for content in pictures:
            parts().site.cases.bring(pictured(case_id, content, staff_id))
    except OperatorError:
        return False
    return True


def _take_out(case_id: str, picture_id: str) -> bool:
    """Whether the case has the picture no longer."""
    moment = parts().clock()
    try:
        asked = CasePictureGone(
            request_id=new_id(moment),
            picture_id=picture_id,
            case_id=case_id,
            asked_at=moment,
            staff_id=me().staff_id,
        )
        parts().site.cases.take_out(asked)
    except (OperatorError, ValueError):
        return False
    return True


def _moment(text: str) -> datetime | None:
    """A moment of the site, as a form's field has it; None: none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=parts().site.zone) if text else None
    except ValueError:
        return None


def _is_manager() -> bool:
    return MANAGER in me().roles
