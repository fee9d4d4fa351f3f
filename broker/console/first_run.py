"""A new site: whoever set it up enters the first manager, who enters everybody else."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from broker.choices.rows import PINS, STAFF
from broker.console.guard import let_in
from broker.console.parts import parts
from broker.console.people_page import new_id, person_fields, pin_page
from broker.console.settings_form import SettingsForm
from broker.console.tickets import is_first
from broker.local.questions import Edit
from broker.log_ins.pins import digest_of, new_pin
from broker.rules.state import MANAGER

first_run = Blueprint("first", __name__)


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
