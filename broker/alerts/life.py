"""The life of an alert (提醒), from raised to over, as a table: who rings when, who wins.

Alerts that belong together are a group (一件事): the host who was called, the second person and
the manager are asked for the same visitor, so the first of them to claim it silences the others.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from broker.rules.policy import Policy
from shared.messages import CloseReason, Rung


class AlertState(StrEnum):
    """How far an alert has come."""

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
"""Which states may follow each state; none follows an end, so a closed alert never rings again."""

ENDS: Mapping[CloseReason, AlertState] = {
    reason: AlertState(reason.value) for reason in CloseReason
}


class Kind(StrEnum):
    """What it means to claim an alert."""

    HOST = "host"
    """Whoever claims it receives the visitor."""
    POST = "post"
    """Somebody at the post does what it says."""
    NOTICE = "notice"
    """Somebody is told; nobody else is asked instead."""


class AlertStep(StrEnum):
    """What is due for a group."""

    REPEAT = "repeat"
    SECOND = "second"
    MANAGER = "manager"
    EXPIRE = "expire"


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An alert of a group and whom it asks: a role or a person."""

    alert_id: str
    role: str | None = None
    staff_id: str | None = None
    state: AlertState = AlertState.RAISED

    @property
    def is_open(self) -> bool:
        """Whether it may still be claimed."""
        return self.state in OPEN


class AlertGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everybody who is asked for the same thing, in the order in which they were asked."""

    group_id: str
    subject: str
    """The visit, or the gate whose camera fails."""
    about: str
    """Which sentence it rings with: a key of the catalogue's ``alert_text``."""
    kind: Kind
    raised_at: datetime
    ends_at: datetime
    repeat_at: datetime
    asked: tuple[Asked, ...]
    asked_for: tuple[AlertStep, ...] = ()
    """The steps of the ladder that were taken."""
    passed_by: tuple[str, ...] = ()
    """Who said that they can't go."""
    before: tuple[Rung, ...] = ()
    """Who was called for the same visitor before this group, and did not go."""

    @property
    def open_alerts(self) -> tuple[Asked, ...]:
        """The alerts that may still be claimed."""
        return tuple(asked for asked in self.asked if asked.is_open)

    @property
    def is_open(self) -> bool:
        """Whether somebody is still asked."""
        return bool(self.open_alerts)

    @property
    def is_watched(self) -> bool:
        """Whether somebody else could still be asked, so that it matters who can answer."""
        return self.is_open and self.has_ladder and len(self.asked_for) < len(LADDER)

    @property
    def has_ladder(self) -> bool:
        """Whether others are asked when nobody answers."""
        return self.kind is not Kind.NOTICE


CanAnswer = Callable[[AlertGroup, Asked], bool]
"""Whether somebody can answer an alert: their phone is online and they are free."""

LADDER: tuple[tuple[AlertStep, str], ...] = (
    (AlertStep.SECOND, "second_after_s"),
    (AlertStep.MANAGER, "manager_after_s"),
)
"""Who is asked when nobody answers, and the policy's key for after how many seconds."""


def begin(group: AlertGroup, policy: Policy) -> AlertGroup:
    """``group`` with the time of its first repeat."""
    return replace(group, repeat_at=group.raised_at + timedelta(seconds=policy.repeat_after_s))


def due(
    group: AlertGroup, policy: Policy, now: datetime, can_answer: CanAnswer
) -> AlertStep | None:
    """The next step that is due for ``group``; take it, then ask again.

    After an outage every step that was missed is due once. If nobody who was asked can answer, the
    next step is due at once.
    """
    if not group.is_open:
        return None
    if now >= group.ends_at:
        return AlertStep.EXPIRE
    if not group.has_ladder:
        return None
    is_hopeless = not any(can_answer(group, asked) for asked in group.open_alerts)
    for step, key in LADDER:
        waits = timedelta(seconds=getattr(policy, key))
        if step not in group.asked_for and (is_hopeless or now >= group.raised_at + waits):
            return step
        if step not in group.asked_for:
            break  # the steps go in order
    return AlertStep.REPEAT if now >= group.repeat_at else None


def taken(
    group: AlertGroup, step: AlertStep, now: datetime, added: Asked | None = None
) -> AlertGroup:
    """``group`` after ``step``, which asked ``added`` as well; None: nobody else could be asked."""
    if step is AlertStep.REPEAT:
        return replace(group, repeat_at=_next_repeat(group, now))
    asked = (*group.asked, added) if added else group.asked
    return replace(group, asked=asked, asked_for=(*group.asked_for, step))


def _next_repeat(group: AlertGroup, now: datetime) -> datetime:
    """When to repeat next: the wait since the raising, doubled until it ends after ``now``."""
    wait = group.repeat_at - group.raised_at
    while group.raised_at + wait <= now:
        wait *= 2
    return group.raised_at + wait


def changed(group: AlertGroup, alert_id: str, state: AlertState) -> AlertGroup:
    """``group`` with this alert in ``state``; unchanged if that state may not follow."""
    asked = tuple(
        replace(alert, state=state)
        if alert.alert_id == alert_id and state in LIFE[alert.state]
        else alert
        for alert in group.asked
    )
    return replace(group, asked=asked)


def passed(group: AlertGroup, staff_id: str) -> AlertGroup:
    """``group`` once this person said that they can't go."""
    if staff_id in group.passed_by:
        return group
    return replace(group, passed_by=(*group.passed_by, staff_id))


def next_moment(group: AlertGroup, policy: Policy) -> datetime:
    """When the clock alone makes something due for ``group``."""
    if not group.has_ladder:
        return group.ends_at
    moments = [group.ends_at, group.repeat_at]
    for step, key in LADDER:
        if step not in group.asked_for:
            moments.append(group.raised_at + timedelta(seconds=getattr(policy, key)))
    return min(moments)
