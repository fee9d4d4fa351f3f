"""Ids for messages: UUID version 7 (RFC 9562), so that they sort by the time they were made.

And the keys of links that are good once.
"""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from shared.clock import now


def new_id(moment: datetime | None = None) -> str:
    """A fresh id made at ``moment``, or now."""
    milliseconds = int((moment or now()).timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return str(UUID(int=value | 0b10 << 62 | secrets.randbits(62)))


def link_key(secret: str) -> str:
    """What is kept of a link's secret, so that whoever reads it cannot come in."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()[:32]
