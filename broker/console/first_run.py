"""A new site: the first manager enters themselves; a phone is tried, the key is printed."""

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from broker.choices.rows import PINS, STAFF
from broker.console.address import ON_THIS_MACHINE
from broker.console.attempts import Verdict
from broker.console.guard import let_in, me
from broker.console.known_device import device_of
from broker.console.parts import parts
from broker.console.people_page import new_id, person_fields, pin_page
from broker.console.settings_form import SettingsForm, own_form, spoken
from broker.console.tickets import is_first
from broker.console.words import language, say
from broker.local.questions import Edit
from broker.log_ins.pins import digest_of, fits, new_pin
from broker.rules.state import MANAGER
from shared.errors import BadValueError, OperatorError
from shared.messages import NodeKind
from shared.words import Sentence

first_run = Blueprint("first", __name__)
first_pages = Blueprint("first_pages", __name__, url_prefix="/settings/first")
SHEET = ("why", "keep", "use", "head")
MOST_TRIES = 8
"""So many seconds the page waits for a gate's picture."""


@first_run.route("/first/<token>", methods=["GET", "POST"])
def manager(token: str) -> AnyResponse:
    """The form for the first manager. It is no page any more once there is one."""
    site = parts().site
    if not is_first(parts().secret_key, token):
        abort(404)
    if any(MANAGER in person.roles for person in site.people()):
        abort(404)
    form = SettingsForm(site.settings.rows)
    if form.is_sent:
        staff_id, pin = new_id(request.form.get("name", "")), new_pin()
        fields = {"name": request.form.get("name", "").strip(), "roles": [MANAGER]}
        edits = (
            Edit(STAFF, staff_id, None, fields),
            Edit(PINS, staff_id, None, digest_of(pin)),
        )
        if form.save(edits):
            person = parts().person(staff_id)
            assert person is not None
            let_in(person)
            return pin_page(staff_id, pin)
        form.problems = person_fields(form.problems)
    return form.page("first.html")


@first_pages.post("/alert")
def alert() -> AnyResponse:
    """Ring somebody's phone, to try it."""
    form = own_form()
    try:
        parts().site.first_steps.ring(request.form.get("staff_id", "")[:32], me().staff_id)
    except (OperatorError, BadValueError) as error:
        form.refuse(error)
    except TimeoutError:
        form.problems[""] = say("settings.busy")
    if not form.problems:
        return redirect(url_for("settings.index", saved=1), 303)
    return _refused(" ".join(form.problems.values()))


@first_pages.route("/camera", methods=["GET", "POST"])
def camera() -> AnyResponse:
    """What a gate's camera sees now. The page asks again until the picture has come."""
    steps, view = parts().site.first_steps, parts().site.overview(language())
    gates = [node for node in view.nodes if node.kind is NodeKind.GATE]
    asked_id, tries = request.args.get("asked", "")[:64], request.args.get("tries", 0, type=int)
    if request.method == "POST":
        gate_id = request.form.get("gate", "")
        if gate_id not in {node.node_id for node in gates}:
            abort(404)
        try:
            asked_id = steps.look(gate_id, me().staff_id)
        except TimeoutError:
            return _refused(say("settings.busy"))
        return redirect(url_for("first_pages.camera", asked=asked_id), 303)
    has_come = steps.picture(asked_id) is not None
    waits = bool(asked_id) and not has_come and 0 <= tries < MOST_TRIES
    page = render_template(
        "camera.html",
        gates=gates,
        asked_id=asked_id,
        has_come=has_come,
        again=url_for("first_pages.camera", asked=asked_id, tries=tries + 1) if waits else None,
    )
    return make_response(page)


@first_pages.get("/camera.jpg")
def picture() -> AnyResponse:
    """The picture that was asked for."""
    found = parts().site.first_steps.picture(request.args.get("asked", "")[:64])
    return Response(found, mimetype="image/jpeg") if found else abort(404)


@first_pages.route("/key", methods=["GET", "POST"])
def key() -> AnyResponse:
    """The key of the backups, for whoever types their PIN once more; it goes by https only."""
    site, person, problem = parts().site, me(), ""
    is_safe = request.is_secure or request.remote_addr in ON_THIS_MACHINE
    sheet = None
    if request.method == "POST" and is_safe:
        address, device = request.remote_addr or "?", device_of(person.staff_id)
        is_right = fits(request.form.get("pin", "")[:16], person.pin)
        verdict = parts().attempts.judge(person.staff_id, address, device, is_right=is_right)
        if verdict is not Verdict.RIGHT:
            problem = say("first.wrong_pin")
        elif (sheet := site.first_steps.key(person.staff_id)) is None:
            problem = say("first.no_key")
    page = render_template(
        "key_sheet.html",
        sheet=sheet,
        code=Markup(sheet.code) if sheet else "",  # drawn by segno
        is_safe=is_safe,
        problem=problem,
        words={name: spoken(Sentence(f"sheet.{name}", site=site.site_name)) for name in SHEET},
    )
    return make_response(page, 403 if problem else 200)


def _refused(problem: str) -> AnyResponse:
    words = {"message": problem, "to": url_for("settings.index"), "label": say("settings.back")}
    return make_response(render_template("problem.html", **words), 409)
