"""A visitor's own page: see, correct, copy, erase their data. A secret address, no log-in."""

import hashlib
from functools import partial
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from msgspec import to_builtins
from werkzeug.exceptions import HTTPException, NotFound, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from broker.console.attempts import Attempts, Verdict
from broker.console.own_view import OwnPages, OwnRecord
from broker.console.parts import parts
from broker.console.words import named, role_words
from broker.local.questions import OwnCorrection, OwnErasure
from broker.site_words import site_word
from shared.errors import BadValueError
from shared.ids import new_id
from shared.words import LANGUAGES, spoken

own = Blueprint("own", __name__, url_prefix="/me")

NAME = "yingbin-own-pages"
PROBLEMS = {400: "stale", 404: "gone", 429: "slow"}
SHORTEST_PLATE, LONGEST_PLATE, LONGEST_NAME = 7, 8, 30
SAID = frozenset({"corrected", "busy", "bad_phone", "bad_plate", "too_long"})
"""The keys of what a page may say at its top (``?said=``)."""


def serve_own_pages(pages: OwnPages, attempts: Attempts) -> dict[str, object]:
    """What the app keeps for these views, under ``NAME``."""
    return {"pages": pages, "attempts": attempts}


@own.before_request
def _let_in() -> None:
    """Find the secret's page. A wrong secret always gets the same answer, and soon has to wait."""
    g.language = spoken(request.values.get("lang"))
    secret = str((request.view_args or {}).get("secret", ""))
    g.page_key = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    g.record = _pages().record(g.page_key)
    address = request.remote_addr or "?"
    attempts = cast(Attempts, current_app.extensions[NAME]["attempts"])
    verdict = attempts.judge(f"own page {address}", address, is_right=g.record is not None)
    if verdict is Verdict.LOCKED:
        raise TooManyRequests
    if g.record is None:
        raise NotFound
    if "lang" not in request.values:
        g.language = spoken(g.record.check_in.language)


@own.after_request
def _hide_from_search(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@own.errorhandler(HTTPException)
def _problem(error: HTTPException) -> AnyResponse:
    """The page for every error, in the language that was asked for."""
    key = PROBLEMS.get(error.code or 500, "busy")
    return make_response(_page("own_problem.html", key=key), error.code or 500)


@own.get("/<secret>")
def show(secret: str) -> str:
    """The page with everything that is kept."""
    said = request.args.get("said", "")
    return _page("own.html", secret=secret, said=said if said in SAID else "")


@own.get("/<secret>/correct")
def correct(secret: str) -> str:
    """The form, filled with what the visitor gave."""
    record = _record()
    given = {name: getattr(record, name) or "" for name in _FIELDS}
    return _page("own_correct.html", secret=secret, given=given, said="")


@own.post("/<secret>/correct")
def save(secret: str) -> AnyResponse:
    """Keep the visitor's correction."""
    given = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        correction = _read(given)
    except ValueError as error:
        page = _page("own_correct.html", secret=secret, given=given, said=str(error))
        return make_response(page, 400)
    return _posted(secret, correction, "corrected")


@own.get("/<secret>/copy")
def copy(secret: str) -> AnyResponse:
    """What is kept, as a file to take along."""
    record = _record()
    given = {name: getattr(record, name) for name in _FIELDS}
    answered = to_builtins(record.check_in)
    answered = {
        name: value for name, value in answered.items() if name not in _NOT_HIS | given.keys()
    }
    looked_up = [{"at": look_up.at, "roles": look_up.roles} for look_up in record.looked_up]
    file = jsonify(
        **to_builtins(given | {"check_in": answered, "looked_up": looked_up}),
        **to_builtins(
            {
                "received_by": record.host_name,
                "finished_at": record.finished_at,
                "kept_until": record.kept_until,
            }
        ),
    )
    file.headers["Content-Disposition"] = 'attachment; filename="yingbin.json"'
    return file


@own.get("/<secret>/erase")
def ask(secret: str) -> str:
    """The page that says what erasing means; a second tap erases."""
    return _page("own_erase.html", secret=secret)


@own.post("/<secret>/erase")
def erase(secret: str) -> AnyResponse:
    """Erase what came of this visit."""
    record, moment = _record(), parts().clock()
    if record.erasing is not None:
        return redirect(url_for("own.show", secret=secret, lang=g.language), 303)
    check_in_id = record.check_in.check_in_id
    asked = OwnErasure(erasure_id=new_id(moment), check_in_id=check_in_id, asked_at=moment)
    answer = _posted(secret, asked, "")
    if _pages().record(g.page_key) is None:
        return make_response(_page("own_problem.html", key="erased"))
    return answer


_FIELDS = ("surname", "salutation", "phone", "plate")
_NOT_HIS = frozenset({"page_key", "seq", "kiosk_id", "check_in_id", "arrival_id", "guest"})
"""Technical fields of a check-in, which say nothing about the visitor."""


def _read(given: dict[str, str]) -> OwnCorrection:
    """What the visitor typed, checked; an empty field removes the value.

    Raises:
        ValueError: a field is too long, or no phone number or plate; the message is the key of a
            sentence.
    """
    if any(len(value) > LONGEST_NAME for value in given.values()):
        raise ValueError("too_long")
    moment = parts().clock()
    try:
        correction = OwnCorrection(
            correction_id=new_id(moment),
            check_in_id=_record().check_in.check_in_id,
            corrected_at=moment,
            **{name: value or None for name, value in given.items()},
        )
    except BadValueError as error:
        raise ValueError(f"bad_{error.sentence.values['field']}") from None
    if correction.plate and not SHORTEST_PLATE <= len(correction.plate) <= LONGEST_PLATE:
        raise ValueError("bad_plate")
    return correction


def _posted(secret: str, message: OwnCorrection | OwnErasure, said: str) -> AnyResponse:
    """Let the hub act on ``message``, then show the page again."""
    try:
        _pages().post(message)
    except TimeoutError:
        said = "busy"
    return redirect(url_for("own.show", secret=secret, lang=g.language, said=said or None), 303)


def _page(template: str, **values: Any) -> str:
    language = g.get("language") or spoken(request.values.get("lang"))
    return render_template(
        template,
        say=lambda key: parts().words.say(key, language),
        posts=partial(role_words, tag=language),
        need=lambda need: named("need", need, language),
        drink=lambda drink: site_word(parts().site.words, drink, language),
        language=language,
        languages=LANGUAGES,
        record=g.get("record"),
        **values,
    )


def _pages() -> OwnPages:
    return cast(OwnPages, current_app.extensions[NAME]["pages"])


def _record() -> OwnRecord:
    return cast(OwnRecord, g.record)
