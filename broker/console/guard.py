"""Decides who may see which of the staff's pages."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from flask import Flask, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from broker.console.parts import parts
from broker.console.site_view import Person
from broker.rules.state import MANAGER
from shared.web_guard import protect, same_secret

SESSION_LIFETIME = timedelta(hours=14)
"""One working day from the log-in on: each morning the phone's holder logs in again."""
OPEN_TO_ALL = frozenset(
    {
        *("static", "pages.health", "pages.manifest", "pages.offline_worker", "pages.offline"),
        *("enrolment.steps", "enrolment.for_android", "enrolment.for_apple"),
        *("door.log_in", "door.log_in_by_pin", "door.enter", "door.log_out", "door.speak"),
    }
)
WITH_A_TICKET = frozenset({"own", "wall"})
"""Blueprints whose addresses hold a secret, which opens that page and nothing else."""
MANAGERS_ONLY = frozenset(
    {
        *("pages.console", "pages.live", "pages.phone", "papers.cards", "papers.others"),
        *("disputes.patterns", "enrolment.code"),
    }
)
ASKED_BY_SCRIPT = frozenset({"pages.account", "pages.live", "desk.me", "desk.why"})
"""Without a log-in these answer 401; other pages redirect to the log-in."""


def install(app: Flask) -> None:
    """Guard every route of ``app``."""
    app.before_request(_refuse_strangers)
    protect(app, connect="'self' ws: wss:")


def let_in(person: Person) -> None:
    """Begin a session of ``person`` in this browser."""
    forget_person()
    session.permanent = True
    session["staff_id"] = person.staff_id
    session["stamp"] = _stamp(person)
    session["name"] = f"session {secrets.token_urlsafe(16)}"
    session["until"] = int((parts().clock() + SESSION_LIFETIME).timestamp())


def log_out_person() -> None:
    """End this browser's session for good: a copy of its cookie opens nothing any more."""
    if name := session.get("name"):
        parts().ended.end(name, datetime.fromtimestamp(session["until"], UTC))
    forget_person()


def forget_person() -> None:
    """Forget who uses this browser, but keep its language."""
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen


def who_asks() -> Person | None:
    """The person who is logged in; None if nobody is.

    A session ends with the log-out, a new PIN, the working day, or the person's leaving.
    """
    person = parts().person(session.get("staff_id"))
    return person if person is not None and _is_good_for(person) else None


def leaver_who_asks() -> Person | None:
    """Whose session ended because they left the company; None: nobody's."""
    person = parts().leaver(session.get("staff_id"))
    return person if person is not None and _is_good_for(person) else None


def _is_good_for(person: Person) -> bool:
    """Whether this browser's session is this person's, and goes on."""
    if not same_secret(str(session.get("stamp")), _stamp(person)):
        return False
    name, until = session.get("name", ""), session.get("until", 0)
    return parts().clock().timestamp() < until and not parts().ended.has(name)


def me() -> Person:
    """The person who is logged in, on a page that needs a log-in."""
    person = g.person
    assert isinstance(person, Person)
    return person


def _stamp(person: Person) -> str:
    """What a session keeps instead of the PIN: a new PIN changes it, which ends the session."""
    key = parts().secret_key.encode()
    text = f"session\0{person.staff_id}\0{person.pin}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


def _refuse_strangers() -> Response | None:
    g.person = who_asks()
    if request.endpoint is None or request.endpoint in OPEN_TO_ALL:
        return None
    if request.blueprint in WITH_A_TICKET:
        return None
    if g.person is None:
        if request.endpoint in ASKED_BY_SCRIPT:
            abort(401)
        to = "console" if request.endpoint in MANAGERS_ONLY else None
        return redirect(url_for("door.log_in", to=to), 303)
    if request.endpoint in MANAGERS_ONLY and MANAGER not in g.person.roles:
        abort(403)
    return None
