"""A consultant's calendar (日历订阅): whom to call, and who is booked with them, as an .ics feed.

The address holds a ticket instead of a log-in, as calendars ask by themselves. A new PIN ends it,
and so does leaving. It names visitors, and never a phone or plate: calendars are copied to other
people's machines.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, abort, request
from itsdangerous import BadSignature, URLSafeSerializer

from broker.console.calendar_file import CalendarEntry, calendar_text
from broker.console.guard import stamp_of
from broker.console.parts import parts, today
from broker.console.site_view import Person
from shared.messages import BookingKind
from shared.web_guard import same_secret
from shared.words import spoken

calendar = Blueprint("calendar", __name__)

OPEN_STAGES = ("overdue", "today", "later")
BOOKED = {BookingKind.VIP: "calendar.vip", BookingKind.APPOINTMENT: "calendar.appointment"}
USUAL_LENGTH = timedelta(hours=1)


@calendar.get("/calendar/<ticket>.ics")
def feed(ticket: str) -> Response:
    """The calendar of whom the ticket names."""
    person = _person(ticket)
    if person is None:
        abort(404)
    tag = spoken(request.args.get("lang"))
    text = calendar_text(
        parts().words.say("calendar.of", tag, who=person.name, site=parts().site.site_name),
        parts().site.site,
        (*_calls(person, tag), *_bookings(person, tag)),
        parts().clock(),
    )
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def calendar_ticket(person: Person) -> str:
    """The ticket of this person's feed."""
    token = _serializer().dumps([person.staff_id, stamp_of(person)])
    return token if isinstance(token, str) else token.decode()


def _person(ticket: str) -> Person | None:
    try:
        staff_id, stamp = _serializer().loads(ticket)
    except (BadSignature, TypeError, ValueError):
        return None
    person = parts().person(str(staff_id))
    return person if person and same_secret(str(stamp), stamp_of(person)) else None


def _calls(person: Person, tag: str) -> Iterator[CalendarEntry]:
    """Whom they have to call, on its day; what is overdue stands on today."""
    for line in parts().site.follow_ups(person.staff_id, tag):
        if line.stage in OPEN_STAGES and line.due_on is not None:
            visitor = line.visitor or parts().words.say("guest.nameless", tag)
            text = parts().words.say("calendar.call", tag, visitor=visitor)
            on: date = max(line.due_on, today())
            yield CalendarEntry(f"call-{line.registration_id}", text, on)


def _bookings(person: Person, tag: str) -> Iterator[CalendarEntry]:
    for line in parts().site.bookings(person.staff_id):
        visitor = line.name or parts().words.say("guest.nameless", tag)
        text = parts().words.say(BOOKED[line.kind], tag, visitor=visitor)
        ends_at: datetime = line.ends_at or line.starts_at + USUAL_LENGTH
        name = line.booking_id or f"{line.starts_at:%Y%m%d%H%M}"
        yield CalendarEntry(f"booking-{name}", text, line.starts_at, ends_at)


def _serializer() -> "URLSafeSerializer":
    return URLSafeSerializer(parts().secret_key, salt="yingbin calendar")
