"""What an invitation holds: the booking that it names, signed. Pure.

It does not expire by itself: the booking that it names is good on its own day only.
"""

from itsdangerous import BadSignature, URLSafeSerializer


def guest_ticket(secret_key: str, booking_id: str) -> str:
    """The ticket that stands in the invitation's address."""
    ticket = _serializer(secret_key).dumps(booking_id)
    return ticket if isinstance(ticket, str) else ticket.decode()


def booking_of(secret_key: str, ticket: str) -> str | None:
    """The booking that ``ticket`` names; None if it was not made here."""
    try:
        return str(_serializer(secret_key).loads(ticket))
    except (BadSignature, TypeError, ValueError):
        return None


def _serializer(secret_key: str) -> "URLSafeSerializer":
    return URLSafeSerializer(secret_key, salt="yingbin invitation")
