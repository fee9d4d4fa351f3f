"""The log-in that a QR code carries: a signed staff id that expires. Pure."""

from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

TICKET_LIFETIME = timedelta(minutes=10)
"""Long enough to hand over a phone; short enough that a photo of the code is soon worthless."""


def login_path(secret_key: str, staff_id: str, expires_at: datetime) -> str:
    """The path that logs ``staff_id`` in until ``expires_at``: ``/enter/…``."""
    token = _serializer(secret_key).dumps([staff_id, int(expires_at.timestamp())])
    return f"/enter/{token if isinstance(token, str) else token.decode()}"


def staff_id_of(secret_key: str, token: str, now: datetime) -> str | None:
    """Whom ``token`` logs in; None if it is forged, damaged or expired."""
    try:
        staff_id, expires_at = _serializer(secret_key).loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    return str(staff_id) if now.timestamp() < expires_at else None


def _serializer(secret_key: str) -> "URLSafeSerializer":
    return URLSafeSerializer(secret_key, salt="yingbin log-in by QR")
