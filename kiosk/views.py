"""The visitor's pages: welcome, questions, consent, details, and who comes."""

from typing import Any
from zlib import crc32

from flask import (
    Blueprint,
    abort,
    g,
    redirect,
    render_template,
    request,
    send_from_directory,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from kiosk.answers import (
    LARGEST_PARTY,
    SALUTATIONS,
    Answers,
    AnswersError,
    Page,
    read_page,
)
from kiosk.parts import current_visit, parts, say
from kiosk.questions import QUESTIONS, Step, openers
from kiosk.visits import Visit
from shared.messages import Answer3, Evidence, RosterEntry
from shared.words import LANGUAGES, TEST_IDS

pages = Blueprint("pages", __name__)

TONES = 6
"""How many colours the tiles without a picture share; see ``kiosk.css``."""
EVIDENCE_OFFERED = (Evidence.WECHAT, Evidence.SMS, Evidence.CARD, Evidence.NAME)

Answered = str | Response | tuple[str, int]


@pages.get("/")
def welcome() -> Answered:
    """The first page. Who sees it may be the next visitor: whatever visit there was ends here."""
    _end_visit()
    return render_template("welcome.html", languages=LANGUAGES, test_ids=TEST_IDS)


@pages.post("/begin")
def begin() -> Response:
    """A new visit in the language chosen; a second tap goes on with the first one's."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    visit = current_visit()
    if visit is None or visit.checked_in_at or visit.answers != Answers(language):
        _end_visit()
        session["visit"] = parts().visits.begin(language).key
    return redirect(url_for("pages.step", name=QUESTIONS[0].step), 303)


@pages.get("/check-in/<name>")
def step(name: str) -> Answered:
    """One page of the way; who has not come so far yet is led to where he is."""
    visit, here = current_visit(), _step_named(name)
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    if visit.checked_in_at or not visit.answers.may_see(here):
        return _onward(visit)
    return _show(visit.answers, here)


@pages.post("/check-in/<name>")
def answer(name: str) -> Answered:
    """Take in what was answered on a page; after the last one the visitor is checked in."""
    visit, here = current_visit(), _step_named(name)
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    if visit.checked_in_at or not visit.answers.may_see(here):
        return _onward(visit)
    page = Page(request.form, parts().clock(), parts().board.consultants)
    try:
        visit.answers = read_page(visit.answers, here, page)
    except AnswersError as error:
        return _show(visit.answers, here, error.problems), 422
    if following := visit.answers.after(here) or visit.answers.due():
        return redirect(url_for("pages.step", name=following), 303)
    parts().desk.check_in(visit)
    return redirect(url_for("pages.done"), 303)


@pages.get("/done")
def done() -> Answered:
    """The last page: who comes, or that the front desk arranges it."""
    visit = current_visit()
    if visit is None:
        return redirect(url_for("pages.welcome"), 303)
    if not visit.checked_in_at:
        return _onward(visit)
    host = visit.assignment.host_name if visit.assignment else None
    return render_template(
        "done.html",
        showing=_showing(visit),
        assignment=visit.assignment,
        tile=_tile(host, visit.assignment.host_picture if visit.assignment else None),
    )


@pages.get("/assignment")
def assignment() -> dict[str, str]:
    """What the last page should show now; ``over`` when there is no check-in (any more)."""
    visit = current_visit()
    return {"showing": _showing(visit) if visit and visit.checked_in_at else "over"}


@pages.get("/alive")
def alive() -> tuple[str, int]:
    """The visitor is typing: do not take the visit for idle."""
    current_visit()
    return "", 204


@pages.post("/reset")
def reset() -> Response:
    """Forget the visitor."""
    _end_visit()
    return redirect(url_for("pages.welcome"), 303)


@pages.get("/pictures/<name>")
def picture(name: str) -> Response:
    """A consultant's picture from the site's own folder."""
    folder = parts().settings.pictures_dir
    if folder is None:
        abort(404)
    return send_from_directory(folder, name)


@pages.get("/health")
def health() -> dict[str, str]:
    """The web server answers."""
    return {"status": "ok"}


def _end_visit() -> None:
    parts().visits.end(session.pop("visit", None))
    g.visit = None


def _step_named(name: str) -> Step:
    try:
        return Step(name)
    except ValueError:
        abort(404)


def _onward(visit: Visit) -> Response:
    """To where this visit stands; all answered and yet not handed over: the last page again."""
    if visit.checked_in_at:
        return redirect(url_for("pages.done"), 303)
    here = visit.answers.due() or visit.answers.path()[-1]
    return redirect(url_for("pages.step", name=here), 303)


def _showing(visit: Visit) -> str:
    """What the last page shows; the page asks for this and loads again when it changes."""
    assigned, sent_at = visit.assignment, visit.checked_in_at
    if assigned and assigned.host_name:
        return f"host:{assigned.host_name}"
    waited_s = (parts().clock() - sent_at).total_seconds() if sent_at else 0.0
    is_late = assigned is not None or waited_s >= parts().settings.answer_within_s
    return "please_wait" if is_late else "calling"


def _tile(name: str | None, picture_name: str | None) -> dict[str, Any]:
    """How a consultant shows: a picture if the site has one, else the name's first character."""
    has_picture = bool(parts().settings.pictures_dir and picture_name)
    return {
        "name": name,
        "initial": (name or " ")[0],
        "tone": crc32((name or "").encode()) % TONES,
        "picture": url_for("pages.picture", name=picture_name) if has_picture else None,
    }


def _show(answers: Answers, here: Step, problems: dict[str, str] | None = None) -> str:
    """The page ``here`` with the answers given, or with what was typed and what is wrong."""
    way = answers.path()
    is_question = any(question.step == here for question in QUESTIONS)
    return render_template(
        "question.html" if is_question else f"{here}.html",
        **_choices(answers, here),
        here=here,
        answers=answers,
        back=answers.before(here),
        number=way.index(here) + 1,
        total=len(way),
        problems=problems or {},
        typed=request.form if problems else _typed(answers),
    )


def _choices(answers: Answers, here: Step) -> dict[str, Any]:
    """What a page offers beside its sentences."""
    match here:
        case Step.CONSULTANT:
            opened_by = openers(answers.given, here)
            prompt = f"consultant.{opened_by[0] if len(opened_by) == 1 else 'several'}"
            return {"prompt": prompt, "tiles": [_roster_tile(e) for e in parts().board.consultants]}
        case Step.EVIDENCE:
            return {"offered": EVIDENCE_OFFERED}
        case Step.DETAILS:
            return {"salutations_named": _salutations(), "sizes_named": _sizes()}
        case _:
            return {"offered": tuple(Answer3)}


def _salutations() -> list[tuple[str, str]]:
    return [(value, say(f"details.{value}")) for value in SALUTATIONS]


def _sizes() -> list[tuple[str, str]]:
    most = str(LARGEST_PARTY)
    exact = [(str(number), str(number)) for number in range(1, LARGEST_PARTY)]
    return [*exact, (most, say("details.most", number=most))]


def _roster_tile(entry: RosterEntry) -> dict[str, Any]:
    return {"id": entry.consultant_id, **_tile(entry.name, entry.picture)}


def _typed(answers: Answers) -> dict[str, str]:
    """What the fields held when the visitor was here before."""
    details = answers.details
    values = {
        "named_text": answers.named_text,
        "phone": details.phone,
        "surname": details.surname,
        "salutation": details.salutation,
        "party_size": str(details.party_size or ""),
        "plate": details.plate,
    }
    return {name: value or "" for name, value in values.items()}
