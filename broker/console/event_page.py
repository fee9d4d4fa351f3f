"""The pages of event days (活动日): guests invited from a list, who came, who did not."""

from datetime import date, datetime, timedelta
from unicodedata import normalize

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broker.console.event_list import LineError, read_guests
from broker.console.event_view import EventAsked
from broker.console.guard import me
from broker.console.parts import parts, today
from broker.console.plan_page import BETWEEN
from broker.console.settings_form import said
from broker.console.words import say
from shared.errors import OperatorError

events = Blueprint("events", __name__, url_prefix="/events")

LONGEST, LONGEST_LIST = 60, 60_000
TIMES_AT_MOST = 24
FIELDS = ("name", "on", "times", "minutes", "places")


@events.get("")
def listed() -> str:
    """The events, the latest first."""
    return render_template("events.html", events=parts().site.events.events(), today=today())


@events.get("/new")
def new() -> str:
    """The form."""
    return _form({"minutes": "60", "places": "20"})


@events.post("/new")
def invited() -> Response:
    """Invite everybody on the list, or nobody."""
    given = {name: request.form.get(name, "").strip()[:LONGEST] for name in FIELDS}
    given["guests"] = request.form.get("guests", "")[:LONGEST_LIST]
    try:
        asked = _asked(given)
        parts().site.events.invite(asked)
    except LineError as error:
        return make_response(_form(given, say("event.bad_line", line=error.line)), 409)
    except OperatorError as error:
        return make_response(_form(given, said(error.sentence)), 409)
    except TimeoutError:
        return make_response(_form(given, say("settings.busy")), 409)
    except (ValueError, OverflowError):
        return make_response(_form(given, say("event.say_when")), 409)
    return redirect(url_for("events.one", on=given["on"], name=asked.name), 303)


@events.get("/<on>")
def one(on: str) -> str:
    """One event: its report, with everybody's invitation."""
    name = request.args.get("name", "")
    found = (event for event in parts().site.events.events() if event.on.isoformat() == on)
    event = next((event for event in found if event.name == name), None)
    if event is None:
        abort(404)
    return render_template("event.html", event=event)


def _asked(given: dict[str, str]) -> EventAsked:
    """What the form asks for.

    Raises:
        LineError: a line of the list names nobody.
        ValueError: there is no name, day, time or guest.
    """
    on, zone = date.fromisoformat(given["on"]), parts().site.zone
    times = sorted({_time(text) for text in BETWEEN.split(given["times"]) if text})
    people = [person for person in parts().site.people() if "consultant" in person.roles]
    guests = read_guests(given["guests"], {person.name: person.staff_id for person in people})
    minutes, places = int(given["minutes"]), int(given["places"])
    is_fitting = 5 <= minutes <= 600 and 1 <= places <= 500 and len(times) <= TIMES_AT_MOST
    if not (given["name"] and times and guests and is_fitting and on >= today()):
        raise ValueError("no event")
    midnight = datetime.combine(on, datetime.min.time(), zone)
    return EventAsked(
        name=given["name"],
        by=me().staff_id,
        starts=tuple(midnight + minute for minute in times),
        minutes=minutes,
        places=places,
        guests=guests,
    )


def _time(text: str) -> timedelta:
    hour, minute = normalize("NFKC", text).split(":")
    if not (0 <= int(hour) < 24 and 0 <= int(minute) < 60):
        raise ValueError("no clock shows it")
    return timedelta(hours=int(hour), minutes=int(minute))


def _form(given: dict[str, str], problem: str = "") -> str:
    return render_template("event_new.html", given=given, problem=problem)
