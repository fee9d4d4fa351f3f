"""The hub's clock is set (校时): forward the time between passes, back the day begins again."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.day import begin_day
from broker.rules.proceeding import Proceeding
from broker.rules.time_passing import let_time_pass


def on_set_clock(case: Proceeding, command: c.SetClock) -> None:
    """Go on by the right time; what the wrong clock told moves along and falls due as before."""
    local = case.policy.local
    on, was_on = local(command.at).date(), local(command.was).date()
    case.tell(
        e.ClockSet(at=command.at, was=command.was, since=command.since, days=(on - was_on).days)
    )
    case.now, case.since = command.at, min(command.was, command.at)
    let_time_pass(case, command.at)
    if case.state.today is not None and case.state.today > on:
        begin_day(case, on)
