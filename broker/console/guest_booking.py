"""A customer books a time with their consultant by themselves (自助预约), by a link.

The link names the consultant and ends when they leave. It works where this server is reached: in
the hall's network, and wherever the site gives it an address. It tells nobody whose customer
somebody is.
"""

from datetime import datetime, timedelta

import segno
from flask import Blueprint, current_app, make_response, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, NotFound, TooManyRequests
from werkzeug.wrappers import Response

from broker.console.address import origin
from broker.console.attempts import Attempts, Verdict
from broker.console.guest import NAME, guest_language, guest_page, guest_problem, hide_from_search
from broker.console.guest_ticket import guest_ticket
from broker.console.parts import parts
from broker.console.people_view import Person
from shared.errors import BadValueError, OperatorError
from shared.ids import new_id
from shared.messages import Booking, BookingKind

guest_booking = Blueprint("guest_booking", __name__)

LENGTH = timedelta(hours=1)
LONGEST = 30


@guest_booking.get("/book/<ticket>")
def ask(ticket: str) -> str:
    """The free times, and who asks."""
    return _form(ticket, _host(ticket))


@guest_booking.post("/book/<ticket>")
def booked(ticket: str) -> Response:
    """Book one of the times; then the invitation is shown."""
    host, address = _host(ticket), request.remote_addr or "?"
    if _attempts().judge(f"books {address}", address, is_right=False) is Verdict.LOCKED:
        raise TooManyRequests
    if "agreed" not in request.form:
        return make_response(_form(ticket, host, "book.agree_first"), 400)
    try:
        booking = _booking(host)
    except (BadValueError, ValueError, OverflowError):
        return make_response(_form(ticket, host, "book.say_phone"), 400)
    try:
        parts().site.plans.book_free(booking)
    except (OperatorError, TimeoutError):
        return make_response(_form(ticket, host, "book.not_free"), 409)
    to = guest_ticket(parts().secret_key, booking.booking_id)
    return redirect(url_for("guest.show", ticket=to, lang=guest_language()), 303)


@guest_booking.errorhandler(HTTPException)
def _problem(error: HTTPException) -> tuple[str, int]:
    return guest_problem(error)


@guest_booking.after_request
def _hide_from_search(response: Response) -> Response:
    return hide_from_search(response)


def booking_ticket(secret_key: str, staff_id: str) -> str:
    """What stands in a consultant's link."""
    ticket = _serializer(secret_key).dumps(staff_id)
    return ticket if isinstance(ticket, str) else ticket.decode()


def _host(ticket: str) -> Person:
    """Whom the ticket names; a guess always gets the same answer, and soon has to wait."""
    try:
        person = parts().person(str(_serializer(parts().secret_key).loads(ticket)))
    except (BadSignature, TypeError, ValueError):
        person = None
    address, is_right = request.remote_addr or "?", person is not None
    if _attempts().judge(f"link {address}", address, is_right=is_right) is Verdict.LOCKED:
        raise TooManyRequests
    if person is None or "consultant" not in person.roles:
        raise NotFound
    return person


def _booking(host: Person) -> Booking:
    """What the form asks for.

    Raises:
        ValueError: there is no time, or no phone.
    """
    moment = parts().clock()
    starts_at = datetime.fromisoformat(request.form.get("at", ""))
    phone = request.form.get("phone", "").strip()[:LONGEST]
    if not phone or starts_at.tzinfo is None:
        raise ValueError("no phone, or no time")
    plate = request.form.get("plate", "").strip()[:LONGEST]
    return Booking(
        booking_id=new_id(moment),
        staff_id=host.staff_id,
        kind=BookingKind.APPOINTMENT,
        booked_at=moment,
        starts_at=starts_at,
        ends_at=starts_at + LENGTH,
        host_id=host.staff_id,
        phone=phone,
        plates=(plate,) if plate else (),
    )


def _form(ticket: str, host: Person, problem: str = "") -> str:
    where, _ = origin()
    code = segno.make(f"{where}/book/{ticket}", error="m", micro=False)
    return guest_page(
        "book.html",
        host=host.name,
        times=parts().site.plans.free_with(host.staff_id),
        problem=problem,
        ticket=ticket,
        code=Markup(code.svg_inline(border=2, light="#fff", omitsize=True)),  # drawn by segno
    )


def _attempts() -> Attempts:
    attempts = current_app.extensions[NAME]
    assert isinstance(attempts, Attempts)
    return attempts


def _serializer(secret_key: str) -> "URLSafeSerializer":
    return URLSafeSerializer(secret_key, salt="yingbin booking link")
