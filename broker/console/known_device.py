"""Knows a browser in which a person has logged in before, by a signed cookie of its own.

Guesses at a person's PIN from elsewhere make no wait there: nobody can lock somebody else out.
"""

import secrets
from datetime import timedelta

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from broker.console.parts import parts

NAME = "yingbin_device"
KEPT_FOR = timedelta(days=400)
"""As long as browsers keep any cookie."""
MOST_PEOPLE = 8
"""A phone that is handed on knows the last of those who used it."""


def device_of(staff_id: str) -> str | None:
    """This browser's mark, if ``staff_id`` has logged in here before; None: it is new to them."""
    mark, people = _read()
    return mark if staff_id in people else None


def remember(answer: Response, staff_id: str) -> None:
    """Let this browser know from now on, with ``answer``, that the person logs in here."""
    mark, people = _read()
    people = [*(each for each in people if each != staff_id), staff_id][-MOST_PEOPLE:]
    signed = _serializer().dumps([mark or secrets.token_urlsafe(12), people])
    answer.set_cookie(
        NAME,
        signed if isinstance(signed, str) else signed.decode(),
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )


def _read() -> tuple[str | None, list[str]]:
    try:
        mark, people = _serializer().loads(request.cookies.get(NAME, ""))
        return str(mark), [str(each) for each in people]
    except (BadSignature, TypeError, ValueError):
        return None, []


def _serializer() -> "URLSafeSerializer":
    return URLSafeSerializer(parts().secret_key, salt="yingbin known device")
