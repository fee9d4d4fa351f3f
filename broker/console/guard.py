"""Decides who may see which of the staff's pages."""

import hashlib
import hmac
from datetime import timedelta

from flask import Flask, abort, g, redirect, request, session, url_for
from flask import Response as Answer
from werkzeug.wrappers import Response

from broker.console.brought_pictures import FORM_BYTES, VISITORS_FORM_BYTES
from broker.console.known_device import device_of, remember
from broker.console.parts import parts
from broker.console.site_view import Person
from broker.rules.state import MANAGER
from shared.look import OPEN
from shared.web_guard import protect, same_secret

SESSION_LIFETIME = timedelta(hours=14)
"""One working day from the log-in on: each morning the phone's holder logs in again."""
OPEN_TO_ALL = frozenset(
    {
        *(
            "static",
            *OPEN,
            "health.show",
            "health.metrics",
            "pages.manifest",
            "pages.offline_worker",
            "pages.offline",
        ),
        *("specimen.show", "first.manager"),
        *("feedback.say_it", "feedback.said"),
        *("enrolment.steps", "enrolment.for_android", "enrolment.for_apple"),
        *("door.log_in", "door.log_in_by_pin", "door.enter", "door.log_out", "door.speak"),
    }
)
WITH_A_TICKET = frozenset({"own", "wall", "guest", "calendar", "joins", "guest_booking"})
"""Blueprints whose addresses hold a secret, which opens that page and nothing else."""
MANAGERS_ONLY = frozenset(
    {
        *("pages.console", "pages.live", "pages.phone", "pages.sign_out"),
        *("papers.cards", "papers.others"),
        *("disputes.patterns", "health.head", "enrolment.code"),
        *(
            "reports.day",
            "reports.week",
            "reports.month",
            "reports.replay",
            "cases.codes",
            "passes.edit",
        ),
    }
)
FOR_MANAGERS = frozenset(
    {
        "settings",
        "people",
        "channels",
        "imports",
        "find",
        "shift_plan",
        "pictures",
        "devices",
        "first_pages",
        "events",
    }
)
"""Blueprints whose every page is the manager's."""
LARGE_FORMS = {
    "imports.upload": 64 << 20,
    **dict.fromkeys(("pictures.of_brand", "pictures.of_person"), 3 << 20),
    **dict.fromkeys(("settings.duties", "shift_plan.plan", "events.invited"), 256 << 10),
    **dict.fromkeys(("cases.opened", "cases.picture_brought"), FORM_BYTES),
    "feedback.said": VISITORS_FORM_BYTES,
}
"""Where somebody brings a table or pictures, and the bytes; every other form is small."""
TECHNICIANS = "maintenance"
"""The post (维修) that sees the site's health, as the manager does."""
OF_THE_HEALTH = frozenset({"health.live", "health.readiness"})
ASKED_BY_SCRIPT = frozenset({"pages.account", "pages.live", "desk.me", "desk.why", "health.live"})
"""Without a log-in these answer 401; other pages redirect to the log-in."""


def install(app: Flask) -> None:
    """Guard every route of ``app``."""
    app.before_request(_refuse_strangers)
    app.after_request(_know_the_browser)
    protect(app, connect="'self' ws: wss:")


def let_in(person: Person) -> None:
    """Begin a session of ``person`` in this browser."""
    log_out_person()
    until = parts().clock() + SESSION_LIFETIME
    session.permanent = True
    session["log_in"] = parts().log_ins.begin(person.staff_id, stamp_of(person), until)
    session["staff_id"], session["stamp"] = person.staff_id, stamp_of(person)


def log_out_person() -> None:
    """End this browser's session for good: a copy of its cookie opens nothing any more.

    The browser keeps its language.
    """
    parts().log_ins.end(log_in_secret())
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen


def log_in_secret() -> str:
    """The secret of this browser's log-in; empty if it has none."""
    return str(session.get("log_in", ""))


def who_asks() -> Person | None:
    """The person who is logged in; None if nobody is.

    A session ends with the log-out, a new PIN, the working day, the person's leaving, and when the
    manager ends it.
    """
    log_in = parts().log_ins.find(log_in_secret())
    person = parts().person(log_in.staff_id) if log_in is not None else None
    if log_in is None or person is None:
        return None
    if not same_secret(log_in.stamp, stamp_of(person)):
        parts().log_ins.end(log_in_secret())
        return None
    return person


def leaver_who_asks() -> Person | None:
    """Whose session ended because they left the company; None: nobody's."""
    person = parts().leaver(session.get("staff_id"))
    if person is None or not same_secret(str(session.get("stamp")), stamp_of(person)):
        return None
    return person


def may_see_health(person: Person) -> bool:
    """Whether this person may see the site's health."""
    return bool({MANAGER, TECHNICIANS} & set(person.roles))


def me() -> Person:
    """The person who is logged in, on a page that needs a log-in."""
    person = g.person
    assert isinstance(person, Person)
    return person


def stamp_of(person: Person) -> str:
    """What a session keeps instead of the PIN: a new PIN changes it, which ends the session."""
    key = parts().secret_key.encode()
    text = f"session\0{person.staff_id}\0{person.pin}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


def _know_the_browser(answer: Answer) -> Answer:
    """Mark a browser in which somebody has logged in, with the first page that they see there."""
    person = g.get("person")
    if person is not None and device_of(person.staff_id) is None:
        remember(answer, person.staff_id)
    return answer


def _refuse_strangers() -> Response | None:
    g.person = who_asks()
    if request.endpoint in LARGE_FORMS:
        request.max_content_length = LARGE_FORMS[request.endpoint]
    if request.endpoint is None or request.endpoint in OPEN_TO_ALL:
        return None
    if request.blueprint in WITH_A_TICKET:
        return None
    if g.person is None:
        if request.endpoint in ASKED_BY_SCRIPT:
            abort(401)
        to = "console" if _is_for_managers() else None
        return redirect(url_for("door.log_in", to=to), 303)
    if _is_for_managers() and MANAGER not in g.person.roles:
        abort(403)
    if request.endpoint in OF_THE_HEALTH and not may_see_health(g.person):
        abort(403)
    return None


def _is_for_managers() -> bool:
    return request.endpoint in MANAGERS_ONLY or request.blueprint in FOR_MANAGERS
