"""Tells the managers of the day in numbers, once, when the house has closed."""

from collections.abc import Iterator

from broker.alerts.calls import Guest
from broker.alerts.day_calls import calls_of_day
from broker.handlers.alerting import raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.registers.columns import FileReading
from broker.registers.summaries import day_so_far
from shared.messages import Message

_TOLD = "hub:day_report"
"""Among the troubles, as other things of which only the latest counts."""


def tell_of_day(hub: Hub) -> Iterator[Message]:
    """The report of today, from closing time on; not again after a restart."""
    policy, moment = hub.decider.policy, hub.clock()
    on = policy.local(moment).date()
    if moment < policy.closes_at(moment) or hub.decider.state.today != on:
        return
    if hub.alert_groups.trouble(_TOLD) == on.isoformat():
        return
    hub.alert_groups.save_trouble(_TOLD, on.isoformat())
    numbers = day_so_far(FileReading(hub.inbox.db, policy, on, on, moment))
    for call in calls_of_day(on.isoformat(), numbers):
        yield from raise_alert(hub, NO_VISIT, call, Guest())
