"""The ticket of the page on the wall: opens nothing else, and ends when the stamp changes. Pure.

It does not expire, because nobody is there to log the screen on the wall in again.
"""

from itsdangerous import BadSignature, URLSafeSerializer


def wall_ticket(secret_key: str, stamp: str) -> str:
    """The ticket that stands in the page's address."""
    ticket = _serializer(secret_key).dumps(stamp)
    return ticket if isinstance(ticket, str) else ticket.decode()


def is_good(secret_key: str, ticket: str, stamp: str) -> bool:
    """Whether ``ticket`` was made here, with the site's current stamp."""
    try:
        return bool(_serializer(secret_key).loads(ticket) == stamp)
    except (BadSignature, TypeError, ValueError):
        return False


def _serializer(secret_key: str) -> "URLSafeSerializer":
    return URLSafeSerializer(secret_key, salt="yingbin page on the wall")
