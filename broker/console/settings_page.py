"""The manager's pages of settings: hours and rules, days, the house's words, and every change."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker.alerts.neighbours import ROLES
from broker.console.days_form import day_edits, day_lines
from broker.console.duties_form import LATES, duty_edits, duty_lines
from broker.console.duties_form import ROW as DUTY_ROW
from broker.console.guard import me
from broker.console.house_form import POSTS, usual_name, word_edits, word_lines
from broker.console.parts import parts, today
from broker.console.readiness import coverage, first_steps
from broker.console.settings_fields import BRAND_FIELDS, RULE_GROUPS
from broker.console.settings_form import own_form
from broker.console.settings_view import PolicyTrial
from broker.console.settings_words import edit_name, edit_value
from broker.console.words import language, say
from broker.local.questions import Edit
from broker.rules.duty_table import HOST
from broker.site_file import SiteBrand
from shared.errors import OperatorError

settings_pages = Blueprint("settings", __name__, url_prefix="/settings")

RULES = tuple(each for group in RULE_GROUPS.values() for each in group)
SHOWN_CHANGES = 100


@settings_pages.get("")
def index() -> str:
    """What a new site still lacks, who is missing today, and what is planned."""
    view, people = parts().site.overview(language()), parts().site.people()
    begun, brand = parts().site.first_steps.begun(), parts().site.settings.people.brand
    return render_template(
        "settings.html",
        planned=_planned(),
        steps=first_steps(view, people, begun, is_branded=brand != SiteBrand()),
        begun=begun,
        people=people,
        documents=parts().site.settings.documents(),
        edit_name=edit_name,
        edit_value=edit_value,
        cover=coverage(view, people, parts().site.settings.policy, today()),
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
    return form.page(
        "settings_rules.html",
        groups=RULE_GROUPS,
        people=_consultants(),
        planned=_planned(),
        edit_name=edit_name,
        edit_value=edit_value,
    )


@settings_pages.route("/days", methods=["GET", "POST"])
def days() -> AnyResponse:
    """Holidays and days with other hours."""
    form = own_form()
    if form.is_sent:
        edits = day_edits(form)
        if trial := form.tried(edits, None):
            return _ask(trial, edits)
        if form.save(edits):
            return _saved("settings.days")
    return form.page("settings_days.html", days=day_lines(form))


@settings_pages.route("/duties", methods=["GET", "POST"])
def duties() -> AnyResponse:
    """What is due at the posts each day."""
    form = own_form()
    if form.is_sent and form.save(duty_edits(form)):
        return _saved("settings.duties")
    offers_usual = not form.rows.get(DUTY_ROW) and "usual" not in request.args
    return form.page(
        "settings_duties.html",
        lines=duty_lines(form),
        row=DUTY_ROW,
        name=".".join(DUTY_ROW),
        posts=(*ROLES, HOST),
        lates=LATES,
        offers_usual=offers_usual,
    )


@settings_pages.route("/house", methods=["GET", "POST"])
def house() -> AnyResponse:
    """The brand, and what the house calls its drinks, seats, places and posts."""
    form = own_form()
    if form.is_sent:
        edits = (*form.edits(BRAND_FIELDS), *word_edits(form))
        if form.save(edits):
            return _saved("settings.house")
    return form.page(
        "settings_house.html",
        fields=BRAND_FIELDS,
        words=word_lines(form),
        usual_name=usual_name,
        posts=POSTS,
    )


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
    return [
        each for each in parts().site.settings.changes() if each.is_planned and not each.document
    ]
