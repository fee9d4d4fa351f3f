"""What managers are told of a day, a week and a month when the house closes (日报、周报、月报)."""

from collections.abc import Iterable, Iterator, Mapping

from broker.alerts.calls import Call, Saying, Value, part
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
"""The numbers that the message of a day names; the page has them all."""
OF_WEEK = (
    "visits",
    "new",
    "received",
    "passed_over",
    "make_up_granted",
    "make_up_used",
    "disputes",
)
OF_MONTH = ("visits", "new", "received", "cars")
_NEWS = ("visits", "cars", "duty_missed", "case_unsolved")


def calls_of_day(on: str, numbers: Mapping[str, int]) -> Iterator[Call]:
    """The day in one sentence; nobody is told of a day on which nobody came,
    nothing was missed and no case is open."""
    if _is_news(numbers):
        yield _call("day_report", on, _texts(numbers, TOLD))


def calls_of_week(
    days: str, numbers: Mapping[str, int], fairness: Mapping[str, int], odd: int
) -> Iterator[Call]:
    """The week in one sentence: how even it was, and how much there is to look at."""
    if _is_news(numbers):
        even = _texts(fairness, fairness)
        yield _call("week_report", days, {**_texts(numbers, OF_WEEK), **even, "odd": str(odd)})


def calls_of_month(
    days: str, numbers: Mapping[str, int], origins: Mapping[str, int], corrected: int
) -> Iterator[Call]:
    """The month in one sentence: how customers came, and how the plates were read."""
    if not _is_news(numbers):
        return
    each = tuple(
        part("channel_count", channel=Saying(f"register.origin_{name}"), count=str(count))
        for name, count in sorted(origins.items(), key=lambda pair: -pair[1])
    )
    percent = round(100 * corrected / numbers["cars"], 1) if numbers["cars"] else 0
    more: dict[str, Value] = {
        "channels": part("by_channel", channels=each) if each else "",
        "corrected": str(corrected),
        "percent": f"{percent:g}",
    }
    yield _call("month_report", days, {**_texts(numbers, OF_MONTH), **more})


def _is_news(numbers: Mapping[str, int]) -> bool:
    return any(numbers[name] for name in _NEWS)


def _texts(numbers: Mapping[str, int], names: Iterable[str]) -> dict[str, Value]:
    return {name: str(numbers[name]) for name in names}


def _call(words: str, on: str, fields: Mapping[str, Value]) -> Call:
    return Call(words, role=MANAGER, level=Level.INFO, fields={"on": on, **fields})
