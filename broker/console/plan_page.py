"""The pages of plans (接待计划、预约、接待申请): asked for, approved, moved, cancelled, copied."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broker.console.guard import me
from broker.console.guest_booking import booking_ticket
from broker.console.parts import parts, today
from broker.console.plan_series import EVERY_WEEKS, series
from broker.console.plan_view import PlanLine
from broker.console.settings_form import said
from broker.console.words import say
from broker.local.questions import PlanStep
from broker.rules.authority import What, may_at_post
from shared.errors import OperatorError
from shared.ids import new_id
from shared.messages import Booking, BookingKind

plans = Blueprint("plans", __name__, url_prefix="/plans")

LEVELS = ("vip", "A", "B")
LONGEST = 100
BETWEEN, BETWEEN_ROOMS = (
    re.compile(r"[\s,;\uff0c\u3001\uff1b]+"),
    re.compile(r"[,;\uff0c\u3001\uff1b]+"),
)
"""Between things that are listed, with the Chinese marks."""
FIELDS = ("name", "phone", "plates", "starts_at", "ends_at", "rooms", "note", "every", "times")
LATE_BY = (15, 30, 60)
"""In minutes: offered for whoever is expected today and says that they come later."""


@plans.get("")
def listed() -> str:
    """Who is expected, and what is asked for."""
    return _page()


@plans.get("/new")
def asked() -> str:
    """The form of a new plan; ``copy``: as another one, for another time."""
    _require_booker()
    known = _known(request.args.get("copy", ""))
    return _form({} if known is None else _copied(known))


@plans.post("/new")
def booked() -> Response:
    """Expect somebody, or ask the manager for it."""
    _require_booker()
    given = {name: request.form.get(name, "").strip()[:LONGEST] for name in FIELDS}
    given |= {
        name: request.form.get(name, "") for name in ("kind", "level", "host_id", "party_size")
    }
    given["is_exclusive"] = "yes" if "is_exclusive" in request.form else ""
    if problem := _problem(lambda: _book(given)):
        return make_response(_form(given, problem), 409)
    return redirect(url_for("plans.listed"), 303)


@plans.get("/link")
def link() -> Response:
    """The way of a consultant to their own booking link, which they send on or show."""
    if "consultant" not in me().roles:
        abort(403)
    ticket = booking_ticket(parts().secret_key, me().staff_id)
    return redirect(url_for("guest_booking.ask", ticket=ticket), 303)


@plans.get("/<booking_id>/card")
def card(booking_id: str) -> str:
    """What the host looks through before the customer comes (预约核对)."""
    lines, plan = parts().site.plans.card(booking_id[:64], me()), _known(booking_id)
    if lines is None or plan is None:
        abort(404)
    return render_template("plan_card.html", plan=plan, lines=lines)


@plans.post("/<booking_id>")
def stepped(booking_id: str) -> Response:
    """Approve, move or cancel a plan."""
    if problem := _problem(lambda: parts().site.plans.step(_step(booking_id[:64]))):
        return make_response(_page(problem), 409)
    return redirect(url_for("plans.listed"), 303)


def _problem(act: Callable[[], None]) -> str:
    """Why ``act`` was not done; empty: it was."""
    try:
        act()
    except OperatorError as error:
        return said(error.sentence)
    except TimeoutError:
        return say("settings.busy")
    except (ValueError, OverflowError):
        return say("plan.say_whom_and_when")
    return ""


def _book(given: dict[str, str]) -> None:
    """Enter the plan, or the plans, that the form asks for."""
    booking = _booking(given)
    if not given["every"]:
        parts().site.plans.book(booking)
        return
    if not may_at_post(What.PLAN_VIP, me().roles):
        abort(403)
    parts().site.plans.book_all(series(booking, int(given["every"]), int(given["times"]), new_id))


def _step(booking_id: str) -> PlanStep:
    """What the buttons of a plan ask for; one moves it by some minutes.

    Raises:
        ValueError: no clock shows the time.
    """
    moment = parts().clock()
    times = [_moment(request.form.get(name, "")) for name in ("starts_at", "ends_at")]
    late = request.form.get("late", "")
    if late:
        times = [each and each + _late(late) for each in times]
    return PlanStep(
        step_id=new_id(moment),
        booking_id=booking_id,
        asked_at=moment,
        staff_id=me().staff_id,
        act="move" if late else request.form.get("act", "")[:20],
        starts_at=times[0],
        ends_at=times[1],
        reason=request.form.get("reason", "").strip()[:LONGEST] or None,
        seen=request.form.get("seen", "")[:64],
    )


def _late(text: str) -> timedelta:
    if int(text) not in LATE_BY:
        raise ValueError("nobody offers that")
    return timedelta(minutes=int(text))


def _booking(given: dict[str, str]) -> Booking:
    """What the form asks for.

    Raises:
        ValueError: nobody could be recognized, or there is no time.
    """
    moment, kind = parts().clock(), BookingKind(given["kind"])
    starts_at, ends_at = _moment(given["starts_at"]), _moment(given["ends_at"])
    plates = tuple(filter(None, BETWEEN.split(given["plates"])))
    if starts_at is None or not (given["phone"] or plates):
        raise ValueError("no time, or nobody")
    if ends_at is not None and ends_at <= starts_at:
        raise ValueError("it ends before it starts")
    return Booking(
        booking_id=new_id(moment),
        staff_id=me().staff_id,
        kind=kind,
        booked_at=moment,
        starts_at=starts_at,
        ends_at=ends_at,
        host_id=given["host_id"] or None,
        phone=given["phone"] or None,
        plates=plates,
        name=given["name"] or None,
        vip_level=None if kind is BookingKind.APPOINTMENT else given["level"],
        is_exclusive=bool(given["is_exclusive"]),
        party_size=int(given["party_size"]) if given["party_size"] else None,
        rooms=tuple(filter(None, BETWEEN_ROOMS.split(given["rooms"]))),
        note=given["note"] or None,
    )


def _copied(known: PlanLine) -> dict[str, str]:
    return {
        "kind": known.flag,
        "name": known.name or "",
        "phone": _whole(known.phone or ""),
        "plates": " ".join(filter(_whole, known.plates)),
        "level": known.level or "",
        "host_id": known.host_id or "",
        "rooms": ", ".join(known.rooms),
        "note": known.note or "",
        "party_size": str(known.party_size or ""),
        "is_exclusive": "yes" if known.is_exclusive else "",
    }


def _whole(key: str) -> str:
    """Nothing of a key that this reader sees masked."""
    return "" if "*" in key else key


def _known(booking_id: str) -> PlanLine | None:
    found = parts().site.plans.lines(me())
    return next((plan for plan in found if booking_id and plan.booking_id == booking_id), None)


def _kinds() -> tuple[str, ...]:
    """A manager plans, everybody else asks for it."""
    is_manager = may_at_post(What.PLAN_VIP, me().roles)
    return (BookingKind.VIP if is_manager else BookingKind.REQUEST, BookingKind.APPOINTMENT)


def _require_booker() -> None:
    if not may_at_post(What.BOOK, me().roles):
        abort(403)


def _form(given: dict[str, str], problem: str = "") -> str:
    hosts = [person for person in parts().site.people() if "consultant" in person.roles]
    return render_template(
        "plan_new.html",
        given=given,
        problem=problem,
        kinds=_kinds(),
        levels=LEVELS,
        hosts=hosts,
        every=EVERY_WEEKS if may_at_post(What.PLAN_VIP, me().roles) else (),
    )


def _page(problem: str = "") -> str:
    return render_template(
        "plans.html",
        plans=parts().site.plans.lines(me()),
        problem=problem,
        today=today(),
        reader_id=me().staff_id,
        roles=me().roles,
        late_by=LATE_BY,
        may_book=may_at_post(What.BOOK, me().roles),
        is_manager=may_at_post(What.PLAN_VIP, me().roles),
    )


def _moment(text: str) -> datetime | None:
    """A moment of the site, as a form's field has it; None: none was given.

    Raises:
        ValueError: no clock shows it.
    """
    return datetime.fromisoformat(text).replace(tzinfo=parts().site.zone) if text else None
