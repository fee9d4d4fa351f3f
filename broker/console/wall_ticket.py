"""The ticket of a page on the wall: opens it and nothing else, until its stamp changes. Pure.

It has no end in time: a screen on a wall has nobody who would log it in again.
"""

from itsdangerous import BadSignature, URLSafeSerializer


def wall_ticket(secret_key: str, stamp: str) -> str:
    """What stands in the address of the page."""
    ticket = _serializer(secret_key).dumps(stamp)
    return ticket if isinstance(ticket, str) else ticket.decode()


def is_good(secret_key: str, ticket: str, stamp: str) -> bool:
    """Whether ``ticket`` was made here and its stamp is still the site's."""
    try:
        return bool(_serializer(secret_key).loads(ticket) == stamp)
    except (BadSignature, TypeError, ValueError):
        return False


def _serializer(secret_key: str) -> "URLSafeSerializer":
    return URLSafeSerializer(secret_key, salt="yingbin page on the wall")
