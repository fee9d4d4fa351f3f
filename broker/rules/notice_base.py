"""What every notice is: an event that people are told, and why a request is refused."""

from datetime import datetime

import msgspec

from broker.rules.events import Event


class Notice(Event, frozen=True, kw_only=True):
    """Something that people are told."""

    consultant_id: str | None = None
    visit_id: str | None = None


class Because(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request is refused, or what is unclear: a code and what its sentence needs."""

    code: str
    """``not_allowed_…`` or ``escalated_…``: see ``wording.decisions``."""
    consultant_id: str | None = None
    """Whose customer it is."""
    until: datetime | None = None
    """The end of the protection."""
    named: str | None = None
    """Whom the visitor asked for, as typed."""
    count: int | None = None
    """How many consultants it may mean."""
    free: tuple[datetime, ...] = ()
    """The next free times."""


class Reasoned(Notice, frozen=True, kw_only=True):
    """A notice that says why."""

    because: Because | None = None
    detail: str = ""
    """Only read: until release 0.3 a Chinese sentence stood here instead of ``because``."""
