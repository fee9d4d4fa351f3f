"""The hub's own clock (时钟): watched at every turn, and set when somebody vouches, aloud."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import msgspec

from broker.alerts.calls import Guest, call_of_clock_refused, call_of_clock_set
from broker.handlers.alerting import raise_alert, silence
from broker.handlers.announce import NO_VISIT, announce
from broker.handlers.context import Hub
from broker.local.questions import ClockConfirmed
from broker.rules.commands import SetClock
from broker.site_clock.reckoning import SEASON_S, SMALL_S, ClockStep, Vouch
from shared.errors import MessageError
from shared.messages import CloseReason, Message

log = logging.getLogger(__name__)

CLOCK = "clock"
"""The kind of a journal entry that says what became of the hub's clock; and its trouble's name."""
REFUSED = "clock_refused"
"""The hub's problem while the machine's clock is refused."""
TELL_AFTER_S = 3.0
"""A time server is asked meanwhile; most clocks are right by then."""
MENDED_FROM = timedelta(seconds=SEASON_S)
"""Rules that are so far ahead of our time were told a wrong one, whatever the machine shows."""
SAME_WITHIN = timedelta(minutes=10)
"""A person confirms what they were shown: if it jumped again since, they must look again."""


def watch_clock(hub: Hub) -> Iterator[Message]:
    """Set the hub's clock if it must be, and tell of a machine's clock that is refused."""
    if hub.keeper is None:
        return
    is_torn_at = partial(hub.journal.is_torn_at, hole=MENDED_FROM)
    if (step := hub.keeper.look(is_torn_at)) is not None:
        yield from _set(hub, step)
    elif (step := _recovery(hub)) is not None:
        yield from _take(hub, step)
    yield from _tell(hub)


def vouch_for_clock(hub: Hub, shown: datetime) -> None:
    """A person says that the machine's clock, which showed ``shown``, is right.

    Raises:
        MessageError: it is not refused, or shows something else by now.
    """
    held = hub.keeper.clock.held() if hub.keeper is not None else None
    if hub.keeper is None or held is None or held.refused_s is None:
        raise MessageError("error.clock_is_right")
    wall = hub.keeper.clock.wall()
    if abs(wall - shown) > SAME_WITHIN:
        raise MessageError("error.clock_jumped", shown=shown.isoformat(), now=wall.isoformat())
    hub.keeper.vouch()


def on_clock_confirmed(hub: Hub, asked: ClockConfirmed) -> Iterator[Message]:
    """An operator says so at the machine itself."""
    vouch_for_clock(hub, asked.shown)
    yield from watch_clock(hub)


def problem_of(hub: Hub) -> str | None:
    """What is wrong with the hub, as its presence says."""
    is_refused = hub.keeper is not None and hub.keeper.refused_for_s() > TELL_AFTER_S
    return REFUSED if is_refused else hub.found_at_start


def _set(hub: Hub, step: ClockStep) -> Iterator[Message]:
    """Go by the machine's clock; if that can't be kept, go on as before."""
    assert hub.keeper is not None
    before = hub.keeper.clock.held()
    hub.keeper.set(step)
    try:
        yield from _take(hub, step)
    except BaseException:
        hub.keeper.clock.hold(before)
        raise


def _take(hub: Hub, step: ClockStep) -> Iterator[Message]:
    log.warning("our clock is set from %s to %s (%s)", step.was, step.at, step.by.name)
    _note(hub, "set", step.at, was=step.was, by=step.by.name.lower())
    hub.alert_groups.move(step.since, step.at - step.was)
    hub.raised_alerts.move(step.since, step.at - step.was)
    command = SetClock(at=step.at, was=step.was, since=step.since)
    yield from announce(hub, hub.decider.take(command))
    yield from raise_alert(
        hub, NO_VISIT, call_of_clock_set(_said(hub, step.was), _said(hub, step.at)), Guest()
    )


def _recovery(hub: Hub) -> ClockStep | None:
    """How to set the rules' time that ran ahead of ours, as an earlier release let it."""
    assert hub.keeper is not None
    held, known = hub.keeper.clock.held(), hub.decider.state.now
    now, least = held.at, timedelta(seconds=SMALL_S) if held.refused_s is None else MENDED_FROM
    if known is None or known - now <= least:
        return None
    return ClockStep(was=known, at=now, since=now, by=Vouch.NOBODY)


def _tell(hub: Hub) -> Iterator[Message]:
    assert hub.keeper is not None
    held, told = hub.keeper.clock.held(), hub.alert_groups.trouble(CLOCK)
    if held.refused_s is None and told is not None:
        hub.alert_groups.save_trouble(CLOCK, None)
        _note(hub, "right", held.at)
        yield from silence(
            hub, NO_VISIT, CloseReason.CANCELLED, is_meant=lambda group: group.about == REFUSED
        )
    elif held.refused_s is not None and told is None and hub.keeper.refused_for_s() > TELL_AFTER_S:
        hub.alert_groups.save_trouble(CLOCK, REFUSED)
        shown = held.at + timedelta(seconds=held.refused_s)
        log.warning("the machine's clock shows %s: refused, we go on by %s", shown, held.at)
        _note(hub, "refused", held.at, shown=shown)
        call = call_of_clock_refused(_said(hub, shown), _said(hub, held.at))
        yield from raise_alert(hub, NO_VISIT, call, Guest())


def _note(hub: Hub, what: str, at: datetime, **more: object) -> None:
    hub.journal.append(CLOCK, "", msgspec.json.encode({"what": what, **more}), at)


def _said(hub: Hub, moment: datetime) -> str:
    return f"{hub.decider.policy.local(moment):%Y-%m-%d %H:%M}"
