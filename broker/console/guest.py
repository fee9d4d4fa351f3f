"""An invitation (邀请函): a secret address, shown at the tablet or opened in the hall."""

from datetime import timedelta
from typing import cast

import segno
from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, NotFound, TooManyRequests
from werkzeug.wrappers import Response

from broker.console.address import origin
from broker.console.attempts import Attempts, Verdict
from broker.console.calendar_file import CalendarEntry, calendar_text
from broker.console.guard import me
from broker.console.guest_ticket import booking_of, guest_ticket
from broker.console.parts import parts
from broker.console.site_view import ExpectedLine
from broker.console.who_sees import may_invite
from shared.messages import BookingKind
from shared.words import LANGUAGES, spoken

guest = Blueprint("guest", __name__)
invitations = Blueprint("invitations", __name__)

NAME = "yingbin-invitations"
PROBLEMS = {
    400: ("book.stale", "book.stale_lead"),
    404: ("invite.gone", "invite.gone_lead"),
    429: ("invite.slow", "invite.slow_lead"),
}
"""The page of an error: what it says, and what to do."""
USUAL_LENGTH, REMINDED = timedelta(hours=1), timedelta(hours=1)


def invite(app: Flask, attempts: Attempts) -> None:
    """Add the invitations to ``app``."""
    app.extensions[NAME] = attempts
    app.register_blueprint(guest)
    app.register_blueprint(invitations)


@invitations.get("/invitations/<booking_id>")
def link(booking_id: str) -> Response:
    """The way of who invites to the invitation, which they send on."""
    line = parts().site.expected(booking_id)
    if line is None or not may_invite(me(), line):
        abort(404)
    return redirect(url_for("guest.show", ticket=guest_ticket(parts().secret_key, booking_id)), 303)


@guest.get("/guest/<ticket>")
def show(ticket: str) -> str:
    """When, with whom, and the code; in the hall also the way in on this very phone."""
    line = line_of(ticket)
    if line is None:
        raise NotFound
    where, _ = origin()
    code = segno.make(f"{where}/guest/{ticket}", error="m", micro=False)
    return guest_page(
        "guest.html",
        line=line,
        code=Markup(code.svg_inline(border=2, light="#fff", omitsize=True)),  # drawn by segno
        way_in=_way_in(ticket, line),
        ticket=ticket,
        is_theirs=line.kind is BookingKind.APPOINTMENT and not line.has_come,
    )


@guest.get("/guest/<ticket>/visit.ics")
def calendar(ticket: str) -> Response:
    """The visit for the guest's own calendar, which reminds them an hour before."""
    line = line_of(ticket)
    if line is None:
        raise NotFound
    site, tag = parts().site, guest_language()
    house = site.worn[0].named_in(tag) or site.site_name
    text = parts().words.say("invite.calendar", tag, site=house)
    ends_at = line.ends_at or line.starts_at + USUAL_LENGTH
    visit = CalendarEntry(f"visit-{line.booking_id}", text, line.starts_at, ends_at, REMINDED)
    answer = Response(
        calendar_text(text, site.site, (visit,), parts().clock()),
        content_type="text/calendar; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@guest.errorhandler(HTTPException)
def guest_problem(error: HTTPException) -> tuple[str, int]:
    """The page of an error, for somebody without a log-in."""
    title, lead = PROBLEMS.get(error.code or 500, PROBLEMS[404])
    return guest_page("guest_problem.html", title=title, lead=lead), error.code or 500


@guest.after_request
def hide_from_search(response: Response) -> Response:
    """Let no search engine keep the page."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def line_of(ticket: str) -> ExpectedLine | None:
    """What the ticket names; a guess always gets the same answer, and soon has to wait."""
    booking_id = booking_of(parts().secret_key, ticket)
    address = request.remote_addr or "?"
    attempts = cast(Attempts, current_app.extensions[NAME])
    verdict = attempts.judge(f"guest {address}", address, is_right=booking_id is not None)
    if verdict is Verdict.LOCKED:
        raise TooManyRequests
    return parts().site.expected(booking_id) if booking_id else None


def _way_in(ticket: str, line: ExpectedLine) -> str | None:
    """Where this phone checks in, on the day; None: another day, or no tablet has a door."""
    site, now = parts().site, parts().clock()
    if line.starts_at.astimezone(site.zone).date() != now.astimezone(site.zone).date():
        return None
    nodes = site.overview(guest_language()).nodes
    doors = (node.door for node in nodes if node.is_online and node.door)
    return next((f"{door}?guest={ticket}" for door in doors), None)


def guest_language() -> str:
    """The language of who has a link, by their choice or their browser's."""
    if "language" not in g:
        asked = request.args.get("lang") or request.accept_languages.best_match(LANGUAGES)
        g.language = spoken(asked)
    return str(g.language)


def guest_page(template: str, **values: object) -> str:
    """A page for somebody without a log-in."""
    language = guest_language()
    zone = parts().site.zone
    return render_template(
        template,
        say=lambda key, **said: parts().words.say(key, language, **said),
        local=lambda moment: moment.astimezone(zone),
        language=language,
        languages=LANGUAGES,
        **values,
    )
