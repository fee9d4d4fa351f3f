"""The manager's pages of people: who works here, their posts and PINs, who leaves (R4b)."""

import re
from collections.abc import Callable, Collection, Mapping

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker.alerts.neighbours import ROLES
from broker.choices.rows import PINS, STAFF
from broker.console.guard import me
from broker.console.parts import parts
from broker.console.settings_fields import seen
from broker.console.settings_form import SettingsForm, own_form, said
from broker.console.words import role_words, say
from broker.local.questions import Edit, Gift
from broker.log_ins.pins import digest_of, new_pin
from broker.rules.match import spellings
from broker.rules.portfolio import OwnCustomer, dealt
from broker.site_file import Staff
from shared.errors import BadValueError, OperatorError

people_pages = Blueprint("people", __name__, url_prefix="/settings/people")

TYPED = ("name", "team", "picture")
LONGEST_ID = 24
LONGEST_REASON = 200
SHOWN_CUSTOMERS = 100
"""On a page; the form of all of them would be too long."""
MOST_GIFTS = 5_000
"""In one act, as the hub takes it."""


@people_pages.get("")
def everybody() -> str:
    """Who works here, and who left."""
    desk = parts().site.settings
    here = [person for person in desk.people.staff if not desk.has_left(person.id)]
    gone = [person for person in desk.people.staff if desk.has_left(person.id)]
    return render_template("people.html", here=here, gone=gone)


@people_pages.route("/new", methods=["GET", "POST"])
def add() -> AnyResponse:
    """Somebody new; their PIN is shown once."""
    form = own_form()
    if form.is_sent:
        staff_id, pin = new_id(request.form.get("name", "")), new_pin()
        edits = (
            Edit(STAFF, staff_id, None, _typed({})),
            Edit(PINS, staff_id, None, digest_of(pin)),
        )
        if form.save(edits):
            return pin_page(staff_id, pin)
        form.problems = person_fields(form.problems)
    return form.page("person.html", person=None, value=_value, roles=ROLES, was="null")


@people_pages.route("/<staff_id>", methods=["GET", "POST"])
def one(staff_id: str) -> AnyResponse:
    """A person's name, posts, team and picture."""
    person = _person(staff_id)
    form = own_form()
    if form.is_sent:
        try:
            was = seen(request.form.get("was"))
        except BadValueError as error:
            form.problems[""] = said(error.sentence)
        else:
            now = _typed(was if isinstance(was, dict) else {})
            edits = (Edit(STAFF, staff_id, was, now),) if now != was else ()
            if form.save(edits):
                return redirect(url_for("people.everybody", saved=1), 303)
        form.problems = person_fields(form.problems)
    return form.page(
        "person.html",
        person=_person(staff_id),
        value=_value,
        roles=dict.fromkeys([*ROLES, *person.roles]),
        was=form.was((STAFF, staff_id)),
        mark_of=lambda section: form.mark((section, staff_id)),
        has_left=parts().site.settings.has_left(staff_id),
        log_ins=parts().log_ins.count_of(staff_id),
    )


@people_pages.post("/<staff_id>/pin")
def fresh_pin(staff_id: str) -> AnyResponse:
    """A new PIN, shown once; the old one and every log-in by it are over."""
    _working(staff_id)
    form, pin = own_form(), new_pin()
    edit = Edit(PINS, staff_id, form.as_marked((PINS, staff_id)), digest_of(pin))
    if form.save((edit,)):
        return pin_page(staff_id, pin)
    return _problem(form, url_for("people.one", staff_id=staff_id))


@people_pages.route("/<staff_id>/leave", methods=["GET", "POST"])
def leave(staff_id: str) -> AnyResponse:
    """Somebody leaves the company: what they leave behind, and then it is so."""
    person = _working(staff_id)
    form = own_form()
    if form.is_sent:
        if _asked(form, lambda: parts().site.settings.leave(staff_id, me().staff_id)):
            return redirect(url_for("people.customers", staff_id=staff_id), 303)
        return _problem(form, url_for("people.one", staff_id=staff_id))
    found = parts().site.settings.customers_of(staff_id)
    return form.page("person_leaves.html", person=person, count=len(found))


@people_pages.route("/<staff_id>/customers", methods=["GET", "POST"])
def customers(staff_id: str) -> AnyResponse:
    """Who gets the customers of somebody who left: evenly, or each as chosen; in one act."""
    person, desk = _person(staff_id), parts().site.settings
    if not desk.has_left(staff_id):
        abort(404)
    form = own_form()
    found = desk.customers_of(staff_id)
    if form.is_sent:
        given, reason = _given(found), request.form.get("reason", "").strip()[:LONGEST_REASON]
        if not reason:
            form.problems["reason"] = say("settings.reason_missing")
        elif not given:
            form.problems[""] = say("settings.nobody_given")
        elif _asked(form, lambda: desk.hand_over(staff_id, given, reason, me().staff_id)):
            return redirect(url_for("people.customers", staff_id=staff_id, saved=1), 303)
    receivers = {who.staff_id: who for who in parts().site.people() if "consultant" in who.roles}
    shown = found[:SHOWN_CUSTOMERS]
    ids = [each.latest.registration_id for each in shown]
    return form.page(
        "person_customers.html",
        person=person,
        found=shown,
        count=len(found),
        receivers=list(receivers.values()),
        given={name: receivers.get(request.form.get(f"to.{name}", "")) for name in ids},
    )


def _given(found: tuple[OwnCustomer, ...]) -> tuple[Gift, ...]:
    """Who gets whom, as the form says; a customer's entries stay together."""
    evenly = [who for who in request.form.getlist("even") if who]
    if evenly:
        shares = dealt(found, evenly)
    else:
        chosen = ((each, request.form.get(f"to.{each.latest.registration_id}")) for each in found)
        shares = tuple((each, who) for each, who in chosen if who)
    gifts = (
        Gift(entry.registration_id, who) for each, who in shares for entry in each.registrations
    )
    return tuple(gifts)[:MOST_GIFTS]


def _asked(form: SettingsForm, act: Callable[[], None]) -> bool:
    """Whether the hub did it; else why not is among the form's problems."""
    try:
        act()
    except OperatorError as error:
        form.refuse(error)
    except TimeoutError:
        form.problems[""] = say("settings.busy")
    return not form.problems


def _typed(before: dict[str, object]) -> dict[str, object]:
    """The person as the form says, with what it does not ask for."""
    texts = {name: request.form.get(name, "").strip() for name in TYPED}
    roles = list(dict.fromkeys(request.form.getlist("roles")))
    kept = {name: value for name, value in before.items() if name not in (*TYPED, "roles")}
    given = {name: text for name, text in texts.items() if text or name == "name"}
    return {**kept, **given, "roles": roles}


def _value(person: Staff | None, name: str) -> object:
    """What the form shows of a person: what was typed, or what holds."""
    if request.method == "POST":
        return request.form.getlist(name) if name == "roles" else request.form.get(name, "")
    return getattr(person, name, None) or ""


def new_id(name: str) -> str:
    """An id that nobody has or had, made of how the name is spelled."""
    people, taken = parts().site.settings.people, parts().site.devices.taken()
    return id_for(name, "p", {*people.names(), *(device.id for device in people.devices), *taken})


def id_for(name: str, otherwise: str, known: Collection[str]) -> str:
    """An id that is not ``known``, made of how the name is spelled."""
    spelled = sorted(spellings(name), key=lambda each: (-len(each), each))
    latin = (re.sub(r"[^a-z0-9]", "", each.lower()) for each in spelled)
    base = next(filter(None, latin), otherwise)[:LONGEST_ID]
    tries = (base, *(f"{base}-{number}" for number in range(2, len(known) + 3)))
    return next(each for each in tries if each not in known)


def _person(staff_id: str) -> Staff:
    return parts().site.settings.people.person(staff_id) or abort(404)


def _working(staff_id: str) -> Staff:
    person = _person(staff_id)
    return abort(404) if parts().site.settings.has_left(staff_id) else person


def person_fields(problems: Mapping[str, str]) -> dict[str, str]:
    """The problems by the form's fields: ``staff.li.name`` is the field ``name``."""
    return {_field_in(name): text for name, text in problems.items()}


def _field_in(name: str) -> str:
    section, _, field = name.partition(".")
    if section not in (STAFF, PINS):
        return name
    return field.rpartition(".")[2] if "." in field else ""


def pin_page(staff_id: str, pin: str) -> AnyResponse:
    """The page that shows the PIN, once."""
    person = _person(staff_id)
    page = render_template(
        "person_pin.html", person=person, pin=pin, roles=role_words(person.roles)
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _problem(form: SettingsForm, back: str) -> AnyResponse:
    words = {"message": " ".join(form.problems.values()), "to": back, "label": say("settings.back")}
    return make_response(render_template("problem.html", **words), 409)
