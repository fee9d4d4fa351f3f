"""What every command is: a struct with its moment; and the consultants whom commands name."""

from datetime import datetime

import msgspec


class Consultant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A consultant (置业顾问) as the rules know them."""

    id: str
    name: str
    team: str | None = None
    has_left: bool = False
    """Left the company: they own no customers and receive nobody."""


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Base of all commands; ``at`` is aware."""

    at: datetime
