"""What is read of the journal's entries: no more than the registers need, which is fast. Pure."""

from datetime import datetime

import msgspec

from broker.rules.any_event import AnyEvent


class StepAsked(msgspec.Struct, frozen=True):
    """The command of a step: the answers of a check-in, or which visit it was about."""

    type: str = ""
    visit_id: str | None = None
    first_visit: str | None = None
    family: str | None = None
    contacted: str | None = None
    named: str | None = None
    evidence: str | None = None
    party_size: int | None = None


NOTHING_ASKED = StepAsked()


class StepTold(msgspec.Struct, frozen=True):
    """A step: what was asked, and what followed."""

    command: StepAsked
    events: tuple[AnyEvent, ...]


class Message(msgspec.Struct, frozen=True):
    """A report, a departure, a reading of a register … as it was entered; what it lacks is None."""

    entry: str = msgspec.field(default="", name="_")
    """The kind of the journal's entry: the message's type."""
    at: datetime | None = msgspec.field(default=None, name="_at")
    """When it was entered."""
    kind: str | None = None
    """Of a report: what it reports."""
    staff_id: str | None = None
    visit_id: str | None = None
    plate: str | None = None
    seen_at: datetime | None = None
    place: str | None = None
    post: str | None = None
    """Of a visitor who was sent on: to which post."""
    party_size: int | None = None
    drinks: tuple[str, ...] = ()
    reason: str | None = None
    note: str | None = None
    register: str | None = None
    purpose: str | None = None
    area: str | None = None
    budget: str | None = None
    source: str | None = None
    registration_id: str | None = None
    outcome: str | None = None
    days: int | None = None
    duty_id: str | None = None
    name: str | None = None
    number: str | None = None
    verdict: str | None = None
    """Of a known car's pass."""


PASS_CAR = "pass_car"
MESSAGES = ("Departure", PASS_CAR, "StaffReport", "Unmask", "RegisterRead", "RegisterExported")
"""The kinds of entries that are read besides the steps."""
