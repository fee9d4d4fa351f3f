"""The life of an alert (提醒), from raised to over, as a table: who rings when, who wins. Pure.

Alerts that belong together are one matter (一件事): the host who was called, the second person and
the manager are asked for the same visitor, so the first of them who claims it silences the others.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from broker.rules.policy import Policy
from shared.messages import CloseReason


class AlertState(StrEnum):
    """How far one alert is."""

    RAISED = "raised"
    SHOWN = "shown"
    """A device has it on its screen."""
    CLAIMED = "claimed"
    PASSED_ON = "passed_on"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OPEN = frozenset({AlertState.RAISED, AlertState.SHOWN})
LIFE: Mapping[AlertState, frozenset[AlertState]] = {
    AlertState.RAISED: frozenset(AlertState) - {AlertState.RAISED},
    AlertState.SHOWN: frozenset(AlertState) - OPEN,
    **dict.fromkeys(frozenset(AlertState) - OPEN, frozenset()),
}
"""What may follow on what: nothing follows on an end, so nothing that is over rings again."""

ENDS: Mapping[CloseReason, AlertState] = {
    reason: AlertState(reason.value) for reason in CloseReason
}


class Kind(StrEnum):
    """What it means to claim an alert."""

    HOST = "host"
    """Whoever claims it receives the visitor."""
    POST = "post"
    """Somebody of a post does what it says."""
    NOTICE = "notice"
    """Somebody is told; nobody else is asked instead."""


class Step(StrEnum):
    """What is due for a matter."""

    REPEAT = "repeat"
    SECOND = "second"
    MANAGER = "manager"
    EXPIRE = "expire"


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alert of a matter and whom it asks: a role or a person."""

    alert_id: str
    role: str | None = None
    staff_id: str | None = None
    state: AlertState = AlertState.RAISED

    @property
    def is_open(self) -> bool:
        """Whether it may still be claimed."""
        return self.state in OPEN


class Matter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everybody who is asked for one thing, in the order in which they were asked."""

    matter_id: str
    subject: str
    """The visit, or the gate whose camera fails."""
    about: str
    """Which sentence it rings with: a key of ``alert_words``."""
    kind: Kind
    raised_at: datetime
    ends_at: datetime
    repeat_at: datetime
    asked: tuple[Asked, ...]
    asked_for: tuple[Step, ...] = ()
    """The steps of the ladder that were taken."""
    passed_by: tuple[str, ...] = ()
    """Who said that they can't go."""

    @property
    def open_alerts(self) -> tuple[Asked, ...]:
        """What may still be claimed."""
        return tuple(one for one in self.asked if one.is_open)

    @property
    def is_open(self) -> bool:
        """Whether somebody is still asked."""
        return bool(self.open_alerts)

    @property
    def is_watched(self) -> bool:
        """Whether it matters who can answer: somebody else could still be asked."""
        return self.is_open and self.has_ladder and len(self.asked_for) < len(LADDER)

    @property
    def has_ladder(self) -> bool:
        """Whether others are asked when nobody answers."""
        return self.kind is not Kind.NOTICE


CanAnswer = Callable[[Matter, Asked], bool]
"""Whether somebody is there for an alert: a phone that lives, in the hand of one who is free."""

LADDER: tuple[tuple[Step, str], ...] = (
    (Step.SECOND, "second_after_s"),
    (Step.MANAGER, "manager_after_s"),
)
"""Who is asked when nobody answers, and the policy's word for how long that takes."""


def begin(matter: Matter, policy: Policy) -> Matter:
    """``matter`` with its first repeat set."""
    return replace(matter, repeat_at=matter.raised_at + timedelta(seconds=policy.repeat_after_s))


def due(matter: Matter, policy: Policy, now: datetime, can_answer: CanAnswer) -> Step | None:
    """What is to be done for ``matter``, one step at a time; take it, then ask again.

    After an outage every step that was missed is due once. Where nobody who was asked can answer,
    the next step is due at once.
    """
    if not matter.is_open:
        return None
    if now >= matter.ends_at:
        return Step.EXPIRE
    if not matter.has_ladder:
        return None
    is_hopeless = not any(can_answer(matter, one) for one in matter.open_alerts)
    for step, key in LADDER:
        waits = timedelta(seconds=getattr(policy, key))
        if step not in matter.asked_for and (is_hopeless or now >= matter.raised_at + waits):
            return step
        if step not in matter.asked_for:
            break  # one after the other
    return Step.REPEAT if now >= matter.repeat_at else None


def taken(matter: Matter, step: Step, now: datetime, added: Asked | None = None) -> Matter:
    """``matter`` after ``step``, which asked ``added`` too; None: nobody more could be asked."""
    if step is Step.REPEAT:
        return replace(matter, repeat_at=_next_repeat(matter, now))
    asked = (*matter.asked, added) if added else matter.asked
    return replace(matter, asked=asked, asked_for=(*matter.asked_for, step))


def _next_repeat(matter: Matter, now: datetime) -> datetime:
    """Twice as long after the raising as the last one was, and not before ``now``."""
    wait = matter.repeat_at - matter.raised_at
    while matter.raised_at + wait <= now:
        wait *= 2
    return matter.raised_at + wait


def changed(matter: Matter, alert_id: str, state: AlertState) -> Matter:
    """``matter`` with one alert in ``state``; as it was where that may not follow."""
    asked = tuple(
        replace(one, state=state) if one.alert_id == alert_id and state in LIFE[one.state] else one
        for one in matter.asked
    )
    return replace(matter, asked=asked)


def passed(matter: Matter, staff_id: str) -> Matter:
    """``matter`` once this person said that he can't go."""
    if staff_id in matter.passed_by:
        return matter
    return replace(matter, passed_by=(*matter.passed_by, staff_id))


def next_moment(matter: Matter, policy: Policy) -> datetime:
    """When something is due for ``matter`` by the clock alone."""
    if not matter.has_ladder:
        return matter.ends_at
    moments = [matter.ends_at, matter.repeat_at]
    for step, key in LADDER:
        if step not in matter.asked_for:
            moments.append(matter.raised_at + timedelta(seconds=getattr(policy, key)))
    return min(moments)
