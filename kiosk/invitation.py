"""What the code of an invitation (邀请函) holds. The hub made it and reads it. Pure."""

import re

_ADDRESS = re.compile(r"/guest/([0-9A-Za-z._-]{16,200})/?(?:[?#].*)?$")


def guest_in(code: str) -> str | None:
    """What stands behind ``/guest/`` in a code that was scanned; None: it is no invitation."""
    found = _ADDRESS.search(code.strip())
    return found[1] if found else None


def as_guest(held: str) -> str | None:
    """``held`` if an invitation may hold it."""
    return guest_in(f"/guest/{held}")
