"""The pages of head office: its sites on one list, a site's days, its journal for an auditor."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

import msgspec
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from psycopg.errors import InsufficientPrivilege
from werkzeug.wrappers import Response as AnyResponse

from broker.head_office.conduct import ANSWER_WITHIN_S, WAIT_AT_MOST_S
from broker.head_office.conduct_file import as_csv
from broker.head_office.connections import Store, Stores
from broker.head_office.day_counts import CHINA, COUNTED
from broker.head_office.group_view import GroupView
from broker.head_office.readers import OfficeReader
from broker.head_office.site_day import day_lines
from broker.head_office.site_store import RefusedError
from shared.clock import Clock
from shared.codec import YEARS
from shared.words import LANGUAGES, Words, spoken

NAME = "yingbin-head-office"
SILENT_AFTER = timedelta(minutes=5)
BACKUP_EACH = timedelta(hours=26)
"""A site makes one each night."""
DAYS_SHOWN = 31
SPANS = (7, 30, 90)
"""How many days may be compared."""
pages = Blueprint("pages", __name__)
Answered = str | Response | AnyResponse | tuple[str, int]


@dataclass(frozen=True, slots=True)
class OfficeParts:
    """What the pages work with, found through the running app."""

    stores: Stores
    clock: Clock
    words: Words

    def put_into(self, app: Flask) -> None:
        """Let the views of ``app`` find these parts."""
        app.extensions[NAME] = self


def current_language() -> str:
    """The language that this browser chose, or the house's."""
    return spoken(session.get("language"))


def say(key: str, **values: object) -> str:
    """The sentence ``key`` in the language of this browser."""
    return _parts().words.say(key, current_language(), **values)


def reader() -> OfficeReader | None:
    """Who asks; looked up for each request, so who is dismissed is out at once."""
    if "reader" not in g:
        token = str(session.get("token", ""))
        g.reader = _store().readers.reader(token, _parts().clock()) if token else None
    return cast(OfficeReader | None, g.reader)


@pages.get("/health")
def health() -> Answered:
    """Answers while the database does."""
    _store().connection.execute("select 1")
    return "ok"


@pages.route("/login", methods=["GET", "POST"])
def log_in() -> Answered:
    """Take a one-time code, and let this browser in for a working day."""
    if request.method == "GET":
        return render_template("log_in.html", problem=False)
    try:
        token = _store().readers.log_in(request.form.get("code", "").strip(), _parts().clock())
    except RefusedError:
        return render_template("log_in.html", problem=True), 403
    session["token"] = token
    return redirect("/", 303)


@pages.post("/logout")
def log_out() -> Answered:
    """Log this browser out."""
    _store().readers.log_out(str(session.pop("token", "")))
    return redirect(url_for("pages.log_in"), 303)


@pages.post("/language")
def choose_language() -> Answered:
    """Show the pages in that language from now on."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    session["language"] = language
    return redirect("/", 303)


@pages.get("/")
def listed() -> Answered:
    """The reader's sites."""
    sites = _view().sites(_today())
    silent_before = _parts().clock() - SILENT_AFTER
    return render_template(
        "sites.html",
        sites=sites,
        silent_before=silent_before,
        backed_up_since=_parts().clock() - BACKUP_EACH,
        moment=_moment,
        reader=_reader(),
    )


@pages.get("/compare")
def compare() -> Answered:
    """How the days of the reader's sites went, side by side."""
    first, last = _compared()
    return render_template(
        "compare.html",
        conduct=_view().conduct(first, last),
        spans=SPANS,
        first=first,
        last=last,
        days=(last - first).days + 1,
        limits=(WAIT_AT_MOST_S, ANSWER_WITHIN_S),
    )


@pages.get("/compare.csv")
def compare_file() -> Answered:
    """The same, for a spreadsheet."""
    first, last = _compared()
    text = as_csv(_view().conduct(first, last), say)
    named = f"attachment; filename=sites_{first}_{last}.csv"
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": named})


def _compared() -> tuple[date, date]:
    """The days that are compared: those that are over."""
    asked = request.args.get("days", "")
    count = int(asked) if asked in map(str, SPANS) else SPANS[0]
    return _today() - timedelta(days=count), _today() - timedelta(days=1)


@pages.get("/sites/<site>")
def one(site: str) -> Answered:
    """What a site's days came to."""
    view = _view()
    if not view.knows(site):
        abort(404)
    days = view.days(site, _today() - timedelta(days=DAYS_SHOWN))
    return render_template(
        "site.html",
        site=site,
        days=days,
        counted=list(dict.fromkeys(COUNTED.values())),
        alarms=view.alarms(site),
        refusals=view.refusals(site),
        channels=view.channels(site),
        moment=_moment,
        is_auditor=_reader().role == "auditor",
    )


@pages.get("/sites/<site>/days/<day>")
def one_day(site: str, day: str) -> Answered:
    """A day at a site: its numbers; for an auditor also what happened when."""
    view = _view()
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    if on.year not in YEARS or not view.knows(site):
        abort(404)
    is_auditor = _reader().role == "auditor"
    return render_template(
        "day.html",
        site=site,
        day=on,
        counts=view.days(site, on).get(on, {}),
        counted=list(dict.fromkeys(COUNTED.values())),
        conduct=[one for one in view.conduct(on, on) if one.site == site],
        limits=(WAIT_AT_MOST_S, ANSWER_WITHIN_S),
        lines=list(day_lines(view.steps(site, on))) if is_auditor else None,
    )


@pages.get("/sites/<site>/journal")
def journal(site: str) -> Answered:
    """The journal as it stands, a line of JSON an entry, as ``yingbin verify --chain`` takes it."""
    view = _view()
    if not view.knows(site):
        abort(404)
    try:
        view.journal(site, 0)
    except InsufficientPrivilege:
        abort(403)
    name = f"attachment; filename={site}.jsonl"
    return Response(
        _lines(view, site), mimetype="application/jsonl", headers={"Content-Disposition": name}
    )


def _lines(view: GroupView, site: str) -> Iterator[bytes]:
    after = 0
    while found := view.journal(site, after):
        for entry in found:
            yield msgspec.json.encode(entry) + b"\n"
        after = found[-1].seq


def _parts() -> OfficeParts:
    return cast(OfficeParts, current_app.extensions[NAME])


def _store() -> Store:
    return _parts().stores.store()


def _reader() -> OfficeReader:
    found = reader()
    assert found is not None
    return found


def _view() -> GroupView:
    return GroupView(_store().connection, _reader())


def _today() -> date:
    return _parts().clock().astimezone(CHINA).date()


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else "-"
