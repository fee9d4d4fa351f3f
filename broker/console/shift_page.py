"""The pages of the shifts (排班): one's own days, swaps and leave; the manager's plan."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broker.console.calendar_page import calendar_ticket
from broker.console.guard import me
from broker.console.parts import parts, today
from broker.console.settings_form import SettingsForm, own_form, said
from broker.console.shift_form import LONGEST_REASON, PARTS, granted, swaps_shown
from broker.console.shift_trial import BareDay, asked_about, newly_bare, unmanned
from broker.console.site_view import Person
from broker.console.words import say
from broker.local.questions import Edit, ShiftAnswered, ShiftAsked
from broker.rules.policy import CLOSED
from broker.rules.shifts import EVERY_DAY, Shift, ShiftRequest
from broker.rules.state import MANAGER
from shared.errors import BadValueError, OperatorError
from shared.ids import new_id

shifts = Blueprint("shifts", __name__, url_prefix="/shifts")
shift_plan = Blueprint("shift_plan", __name__, url_prefix="/settings/shifts")

PLAN_DAYS = 14


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A day of the plan."""

    on: date
    weekday: str
    is_closed: bool
    unmanned: tuple[str, ...] = ()
    """Posts of this site that nobody holds on it."""


@shifts.get("")
def own() -> str:
    """One's own days, and what was asked for."""
    return _own_page()


@shifts.post("")
def ask() -> Response:
    """Ask a colleague to swap a day, or the manager for leave."""
    moment, given = parts().clock(), request.form.get
    with_id = given("with_id") or None
    try:
        first = date.fromisoformat(given("first", ""))
        last = None if with_id else date.fromisoformat(given("last", ""))
        takes = given("takes_on") or None
        asked = ShiftAsked(
            request_id=new_id(moment),
            asked_at=moment,
            by=me().staff_id,
            first=first,
            last=last,
            with_id=with_id,
            takes_on=date.fromisoformat(takes) if takes and with_id else None,
            reason=given("reason", "").strip()[:LONGEST_REASON],
        )
    except (BadValueError, ValueError):
        return _refused(say("settings.wrong_day"))
    return _done(lambda: parts().site.settings.ask_shift(asked))


@shifts.post("/<request_id>")
def answer(request_id: str) -> Response:
    """Agree to it, or not, or take back what one asked for."""
    moment = parts().clock()
    try:
        answered = ShiftAnswered(
            answer_id=new_id(moment),
            asked_at=moment,
            request_id=request_id[:64],
            by=me().staff_id,
            is_agreed=request.form.get("answer") == "yes",
        )
    except BadValueError:
        return _refused(say("shift.gone"))
    asked = parts().site.settings.policy.shifts.request(answered.request_id)
    is_granted = answered.is_agreed and MANAGER in me().roles
    edits = granted(asked) if asked is not None and is_granted else ()
    if bare := _bare(own_form(), edits):
        return asked_about(bare, url_for("shifts.own"))
    return _done(lambda: parts().site.settings.answer_shift(answered))


@shift_plan.route("", methods=["GET", "POST"])
def plan() -> Response:
    """Everybody's days, and the forms that change them."""
    form = own_form()
    change = PARTS.get(request.form.get("part", ""))
    edits = change(form) if form.is_sent and change is not None else ()
    if bare := _bare(form, edits):
        return asked_about(bare, url_for("shift_plan.plan"))
    if form.is_sent and form.save(edits):
        return redirect(url_for("shift_plan.plan", saved=1, **_begins()), 303)
    begins = date.fromisoformat(_begins().get("begins", today().isoformat()))
    desk, people = parts().site.settings, parts().site.people()
    return form.page(
        "settings_shifts.html",
        people=people,
        days=_plan_days(people, begins),
        shift_of=desk.policy.shifts.of,
        swapped=lambda who, on: who in _named_on(on),
        weeks={week.staff_id: week.days for week in desk.policy.shifts.weeks},
        every_day=EVERY_DAY,
        weekdays=say("day.weekdays").split(),
        swaps=swaps_shown(form.rows, today()),
        leaves=[each for each in desk.policy.shifts.leaves if each.last >= today()],
        asked=[each for each in desk.policy.shifts.requests if each.with_id is None],
        names=desk.people.names(),
        earlier=begins - timedelta(days=PLAN_DAYS),
        later=begins + timedelta(days=PLAN_DAYS),
        me=me(),
    )


def _bare(form: SettingsForm, edits: tuple[Edit, ...]) -> list[BareDay]:
    """What the edits would leave without anybody; why they can't be is among the problems."""
    try:
        return [] if form.problems else newly_bare(edits)
    except OperatorError as error:
        form.refuse(error)
        return []


def _begins() -> dict[str, Any]:
    """The first day that the plan shows, if the address names another than today."""
    try:
        on = date.fromisoformat(request.args.get("begins", ""))
    except ValueError:
        return {}
    is_near = abs(on - today()) < timedelta(days=730)
    return {"begins": on.isoformat()} if is_near else {}


def _plan_days(people: Iterable[Person], begins: date) -> list[PlanDay]:
    policy, weekdays = parts().site.settings.policy, say("day.weekdays").split()
    everybody, days = tuple(people), []
    for on in (begins + timedelta(days=number) for number in range(PLAN_DAYS)):
        is_closed = policy.hours(on) == CLOSED
        lacking = unmanned(everybody, policy, on)
        days.append(PlanDay(on, weekdays[on.weekday()], is_closed, lacking))
    return days


def _named_on(on: date) -> tuple[str, ...]:
    day = parts().site.settings.policy.shifts.day(on)
    return (*day.come_ids, *day.stay_ids)


def _own_page(problem: str = "") -> str:
    desk, person = parts().site.settings, me()
    policy, everybody = desk.policy, parts().site.people()
    days = _plan_days((person,), today())
    days += _plan_days((person,), today() + timedelta(days=PLAN_DAYS))
    own_shift = {day.on: policy.shifts.of(person.staff_id, day.on) for day in days}
    open_days = [day for day in days if not day.is_closed]
    mates = [who for who in everybody if who != person and set(who.roles) & set(person.roles)]
    return render_template(
        "shifts.html",
        days=days,
        own_shift=own_shift,
        gives=[day for day in open_days if own_shift[day.on] is Shift.ON],
        takes=[day for day in open_days if own_shift[day.on] is Shift.OFF],
        mates=mates,
        asked=[each for each in policy.shifts.requests if _concerns(person, each)],
        names=desk.people.names(),
        person=person,
        problem=problem,
        is_manager=MANAGER in person.roles,
        ticket=calendar_ticket(person),
    )


def _concerns(person: Person, asked: ShiftRequest) -> bool:
    is_leave_to_grant = asked.with_id is None and MANAGER in person.roles
    return person.staff_id in (asked.by, asked.with_id) or is_leave_to_grant


def _done(act: Callable[[], None]) -> Response:
    try:
        act()
    except OperatorError as error:
        return _refused(said(error.sentence))
    except TimeoutError:
        return _refused(say("settings.busy"))
    return redirect(url_for("shifts.own", saved=1), 303)


def _refused(problem: str) -> Response:
    return make_response(_own_page(problem), 409)
