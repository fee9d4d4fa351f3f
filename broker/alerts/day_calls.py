"""What the managers are told of the day when the house closes (每日汇总)."""

from collections.abc import Iterator, Mapping

from broker.alerts.calls import Call
from broker.rules.state import MANAGER
from shared.messages import Level

TOLD = (
    "visits",
    "new",
    "received",
    "passed_over",
    "disputes",
    "cars",
    "duty_missed",
    "case_unsolved",
)
"""The numbers that the message names; the page has them all."""


def calls_of_day(on: str, numbers: Mapping[str, int]) -> Iterator[Call]:
    """The day in one sentence; nobody is told of a day on which nobody came,
    nothing was missed and no case is open."""
    if not any(numbers[name] for name in ("visits", "cars", "duty_missed", "case_unsolved")):
        return
    fields = {name: str(numbers[name]) for name in TOLD}
    yield Call("day_report", role=MANAGER, level=Level.INFO, fields={"on": on, **fields})
