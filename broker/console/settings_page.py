"""The manager's pages of settings: hours and rules, days, the house's words, and every change."""

from datetime import date

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker.choices.rows import DAYS, WORD_KINDS, WORDS
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.readiness import first_steps, unconnected, unmanned
from broker.console.settings_fields import BRAND_FIELDS, RULE_GROUPS, seen
from broker.console.settings_form import SettingsForm, own_form, said
from broker.console.settings_view import PolicyTrial
from broker.console.settings_words import edit_name, edit_value
from broker.console.words import language, say
from broker.local.questions import Edit
from shared.errors import BadValueError, OperatorError

settings_pages = Blueprint("settings", __name__, url_prefix="/settings")

RULES = tuple(each for group in RULE_GROUPS.values() for each in group)
SHOWN_CHANGES = 100
NEW_WORDS = 2
"""Empty lines for further words."""
NEW_DAYS = 3


@settings_pages.get("")
def index() -> str:
    """What a new site still lacks, who is missing today, and what is planned."""
    view, people = parts().site.overview(language()), parts().site.people()
    return render_template(
        "settings.html",
        planned=_planned(),
        steps=first_steps(view, people),
        unmanned=unmanned(people),
        unconnected=unconnected(view),
    )


@settings_pages.route("/rules", methods=["GET", "POST"])
def rules() -> AnyResponse:
    """Hours, protection, turns, calls, and how long data is kept."""
    form = own_form()
    if form.is_sent:
        holds_from, edits = form.holds_from(), form.edits(RULES)
        if trial := form.tried(edits, holds_from):
            return _ask(trial, edits)
        if form.save(edits, holds_from):
            return _saved("settings.rules")
    return form.page("settings_rules.html", groups=RULE_GROUPS, people=_consultants())


@settings_pages.route("/days", methods=["GET", "POST"])
def days() -> AnyResponse:
    """Holidays and days with other hours."""
    form = own_form()
    if form.is_sent:
        edits = _day_edits(form)
        if trial := form.tried(edits, None):
            return _ask(trial, edits)
        if form.save(edits):
            return _saved("settings.days")
    return form.page("settings_days.html", days=_days(form), reason=say)


@settings_pages.route("/house", methods=["GET", "POST"])
def house() -> AnyResponse:
    """The brand, and what the house calls its drinks, seats, places and posts."""
    form = own_form()
    if form.is_sent:
        edits = (*form.edits(BRAND_FIELDS), *_word_edits(form))
        if form.save(edits):
            return _saved("settings.house")
    return form.page("settings_house.html", fields=BRAND_FIELDS, words=_words(form))


@settings_pages.get("/history")
def history() -> str:
    """Every change: who made it, when, what was and is."""
    page = max(0, min(request.args.get("page", 0, type=int), 10_000))
    changes = parts().site.settings.changes()
    first = page * SHOWN_CHANGES
    return render_template(
        "settings_history.html",
        changes=changes[first : first + SHOWN_CHANGES],
        page=page,
        has_more=len(changes) > first + SHOWN_CHANGES,
        edit_name=edit_name,
        edit_value=edit_value,
        problem=request.args.get("problem"),
    )


@settings_pages.post("/take-back/<change_id>")
def take_back(change_id: str) -> AnyResponse:
    """Take a change back."""
    if not any(each.change_id == change_id for each in parts().site.settings.changes()):
        abort(404)
    form = own_form()
    try:
        parts().site.settings.take_back(change_id, me().staff_id)
    except OperatorError as error:
        form.refuse(error)
    except TimeoutError:
        form.problems[""] = say("settings.busy")
    if not form.problems:
        return _saved("settings.history")
    words = {"message": " ".join(form.problems.values()), "label": say("settings.history")}
    page = render_template("problem.html", to=url_for("settings.history"), **words)
    return Response(page, 409)


def _ask(trial: PolicyTrial, edits: tuple[Edit, ...]) -> AnyResponse:
    """Show which decisions would have been others, and ask: nothing is saved yet."""
    typed = [(name, text) for name, texts in request.form.lists() for text in texts]
    page = render_template(
        "settings_trial.html",
        trial=trial,
        edits=edits,
        typed=[(name, text) for name, text in typed if name != "csrf"],
        edit_name=edit_name,
        edit_value=edit_value,
    )
    return Response(page)


def _saved(endpoint: str) -> AnyResponse:
    return redirect(url_for(endpoint, saved=1), 303)


def _consultants() -> list[tuple[str, str]]:
    site = parts().site
    return [(who.staff_id, who.name) for who in site.people() if "consultant" in who.roles]


def _planned() -> list[object]:
    return [each for each in parts().site.settings.changes() if each.is_planned]


def _days(form: SettingsForm) -> list[dict[str, str]]:
    """The lines of the form: as typed, or the days to come and those that were."""
    if form.is_sent:
        columns = [request.form.getlist(name) for name in ("on", "open", "close", "name")]
        return [
            {"on": on, "open": opens, "close": closes, "name": name, "was": form.was((DAYS, on))}
            for on, opens, closes, name in zip(*columns, strict=False)
        ]
    rows = [(on, value) for (of, on), value in form.rows.items() if of == DAYS]
    known = [
        {
            "on": on,
            "open": value.get("open") or "",
            "close": value.get("close") or "",
            "name": value.get("name") or "",
            "was": form.was((DAYS, on)),
        }
        for on, value in sorted(rows)
    ]
    empty = {"on": "", "open": "", "close": "", "name": "", "was": "null"}
    return known + [dict(empty) for _ in range(NEW_DAYS)]


def _day_edits(form: SettingsForm) -> tuple[Edit, ...]:
    columns = [request.form.getlist(name) for name in ("on", "open", "close", "name", "was")]
    found = {}
    gone = set(request.form.getlist("gone"))
    for on, opens, closes, name, was in zip(*columns, strict=False):
        if not on.strip():
            continue
        try:
            day, before = date.fromisoformat(on.strip()).isoformat(), seen(was)
        except BadValueError as error:
            form.problems[f"{DAYS}.{on}"] = said(error.sentence)
            continue
        except ValueError:
            form.problems[f"{DAYS}.{on}"] = say("settings.wrong_day")
            continue
        typed = {"open": opens.strip(), "close": closes.strip(), "name": name.strip()}
        now = None if on in gone else {key: text for key, text in typed.items() if text}
        if now != before:
            found[day] = Edit(DAYS, day, before, now)
    return tuple(found.values())


def _words(form: SettingsForm) -> dict[str, list[dict[str, str]]]:
    """The lines of each kind of words; a few empty ones for more."""
    offered = parts().site.settings.people
    found = {}
    for kind in WORD_KINDS:
        if form.is_sent:
            lines = _typed_words(kind)
        else:
            lines = [{"key": each.key, **dict(each.given())} for each in getattr(offered, kind)]
        found[kind] = lines + [{"key": ""} for _ in range(NEW_WORDS)]
    return found


def _typed_words(kind: str) -> list[dict[str, str]]:
    columns = [request.form.getlist(f"{kind}.{name}") for name in ("key", "zh-CN", "en", "zh-TW")]
    lines = zip(*columns, strict=False)
    texts = (dict(zip(("key", "zh-CN", "en", "zh-TW"), line, strict=True)) for line in lines)
    stripped = ({name: text.strip() for name, text in line.items()} for line in texts)
    return [
        {name: text for name, text in line.items() if text}
        for line in stripped
        if any(line.values())
    ]


def _word_edits(form: SettingsForm) -> tuple[Edit, ...]:
    found = []
    for kind in WORD_KINDS:
        try:
            was = seen(request.form.get(f"was.{WORDS}.{kind}"))
        except BadValueError as error:
            form.problems[f"{WORDS}.{kind}"] = said(error.sentence)
            continue
        people = parts().site.settings.people
        now = _typed_words(kind)
        usual = [{"key": each.key, **dict(each.given())} for each in getattr(people, kind)]
        if now != (was if was is not None else usual):
            found.append(Edit(WORDS, kind, was, now or None))
    return tuple(found)
