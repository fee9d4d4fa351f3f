"""Rain and sun (天气): what the posts take in hand, and what each car is met with from then on."""

from collections.abc import Iterator, Mapping

from broker.alerts.calls import Call, Value, part
from shared.messages import Level, ReportKind, StaffReport

WEATHER: Mapping[ReportKind, tuple[str, ...]] = {
    ReportKind.RAIN: ("umbrella",),
    ReportKind.SUN: ("sun_shade",),
    ReportKind.FAIR: (),
}
"""By report: what every visitor with a car needs while it is so."""
POSTS = ("parking", "door", "desk", "cart")


def calls_of_weather(who: str, report: StaffReport) -> Iterator[Call]:
    """The posts outside and at the door hear what to take in hand; it rings once."""
    fields: dict[str, Value] = {"who": who, "what": part(f"weather_{report.kind}")}
    for post in POSTS:
        yield Call("weather", post, level=Level.INFO, actions=(), fields=fields)
