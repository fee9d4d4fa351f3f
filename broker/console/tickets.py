"""The log-in that a QR code carries: a signed staff id that expires and is good once. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

TICKET_LIFETIME = timedelta(minutes=10)
"""Long enough to hand over a phone; short enough that a photo of the code is soon worthless."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whom a QR code logs in."""

    name: str
    """By this name it is noted as used."""
    staff_id: str
    expires_at: datetime


def login_path(secret_key: str, staff_id: str, expires_at: datetime, mark: str = "") -> str:
    """The path that logs ``staff_id`` in until ``expires_at``: ``/enter/…``.

    ``mark`` is random: it tells two codes apart that one person is shown in the same second.
    """
    said = [staff_id, int(expires_at.timestamp()), mark]
    token = _serializer(secret_key).dumps(said)
    return f"/enter/{token if isinstance(token, str) else token.decode()}"


def ticket_of(secret_key: str, token: str, now: datetime) -> Ticket | None:
    """What ``token`` says; None if it is forged, damaged or expired."""
    try:
        staff_id, expires_at, _mark = _serializer(secret_key).loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    if now.timestamp() >= expires_at:
        return None
    return Ticket(f"ticket {token}", str(staff_id), datetime.fromtimestamp(expires_at, UTC))


def first_path(secret_key: str) -> str:
    """The path of the page where the site's first manager enters themselves: ``/first/…``."""
    token = _first(secret_key).dumps("manager")
    return f"/first/{token if isinstance(token, str) else token.decode()}"


def is_first(secret_key: str, token: str) -> bool:
    """Whether ``token`` is the one of ``first_path``."""
    try:
        return bool(_first(secret_key).loads(token) == "manager")
    except (BadSignature, TypeError, ValueError):
        return False


def _first(secret_key: str) -> "URLSafeSerializer":
    return URLSafeSerializer(secret_key, salt="yingbin first manager")


def _serializer(secret_key: str) -> "URLSafeSerializer":
    return URLSafeSerializer(secret_key, salt="yingbin log-in by QR")
