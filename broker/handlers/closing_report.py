"""Tells the managers of the day, the week and the month in numbers, once, when it has closed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from broker.alerts.calls import Call, Guest
from broker.alerts.day_calls import calls_of_day, calls_of_month, calls_of_week
from broker.handlers.alerting import raise_alert
from broker.handlers.announce import NO_VISIT
from broker.handlers.context import Hub
from broker.registers.columns import FileReading
from broker.registers.period_numbers import PeriodNumbers
from broker.rules.policy import Policy
from shared.messages import Message

A_DAY = timedelta(days=1)
REMEMBERED = 40
"""So many are known as told: a clock that was wrong for a while makes nobody hear of one twice."""
_TOLD: Mapping[str, str] = {kind: f"hub:{kind}_report" for kind in ("day", "week", "month")}
"""Among the troubles, as other things of which only the latest counts."""


def last_closed(policy: Policy, moment: datetime) -> date | None:
    """The last day that is over; None: nobody is told of it before the house opens again."""
    today = policy.local(moment).date()
    if moment >= policy.closes_at(moment):
        return today
    return None if policy.is_before_opening(moment) else today - A_DAY


def last_week(on: date) -> tuple[date, date]:
    """The last Monday to Sunday that is over when ``on`` is."""
    sunday = on - timedelta(days=(on.weekday() + 1) % 7)
    return sunday - timedelta(days=6), sunday


def last_month(on: date) -> tuple[date, date]:
    """The last month that is over when ``on`` is."""
    end = (on + A_DAY).replace(day=1) - A_DAY
    return end.replace(day=1), end


def tell_of_closing(hub: Hub) -> Iterator[Message]:
    """The reports that are due, also after a night without power; not again after a restart."""
    policy, moment = hub.decider.policy, hub.clock()
    on = last_closed(policy, moment)
    if on is None or hub.decider.state.today != policy.local(moment).date():
        return
    spans = {"day": (on, on), "week": last_week(on), "month": last_month(on)}
    for kind, (first, last) in spans.items():
        if last.isoformat() not in _told(hub, kind):
            yield from _tell(hub, kind, first, last)


def _tell(hub: Hub, kind: str, first: date, last: date) -> Iterator[Message]:
    """Tell of these days; until all are read, read one: whoever comes meanwhile does not wait."""
    began = _began(hub)
    if began is None or began > last:
        return
    numbers = hub.in_making.setdefault((kind, last), PeriodNumbers(max(first, began)))
    on, policy = numbers.following, hub.decider.policy
    numbers.add_next(FileReading(hub.inbox.db, policy, on, on, hub.clock()))
    if on < last:
        return
    del hub.in_making[kind, last]
    told = (*_told(hub, kind), last.isoformat())[-REMEMBERED:]
    hub.alert_groups.save_trouble(_TOLD[kind], " ".join(told))
    for call in _CALLS[kind](first, last, numbers):
        yield from raise_alert(hub, NO_VISIT, call, Guest())


def _told(hub: Hub, kind: str) -> tuple[str, ...]:
    """The last days of those that were told."""
    return tuple((hub.alert_groups.trouble(_TOLD[kind]) or "").split())


def _began(hub: Hub) -> date | None:
    """The day of the journal's first entry."""
    row = hub.inbox.db.conn.execute("select at from journal order by seq limit 1").fetchone()
    return hub.decider.policy.local(datetime.fromisoformat(row[0])).date() if row else None


_CALLS: Mapping[str, Callable[[date, date, PeriodNumbers], Iterator[Call]]] = {
    "day": lambda _, on, numbers: calls_of_day(on.isoformat(), numbers.counted),
    "week": lambda first, last, numbers: calls_of_week(
        f"{first} – {last:%m-%d}", numbers.counted, numbers.fairness(), numbers.odd
    ),
    "month": lambda first, _, numbers: calls_of_month(
        f"{first:%Y-%m}", numbers.counted, numbers.origins, numbers.corrected
    ),
}
