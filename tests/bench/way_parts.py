"""The parts of an alert's way: from what the programs' logs say to milliseconds between places."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from shared.way import Place
from tests.bench.handhelds import percentile
from tests.bench.table import table

Way = dict[Place, float]
"""Where a message was first, in seconds of the machine's stopwatch."""
NAMES = {
    Place.TAKEN_UP: "frame taken → the gate takes it up",
    Place.READ: "plates read",
    Place.DECIDED: "vote",
    Place.ON_DISK: "on the gate's disk",
    Place.SENT: "handed to MQTT",
    Place.HEARD: "MQTT → hub",
    Place.BEGUN: "waits for its turn",
    Place.JUDGED: "hub decides",
    Place.COMMITTED: "on the hub's disk",
    Place.ALERT_SENT: "handed to MQTT",
    Place.AT_CLIENT: "MQTT → client",
    Place.SHOWN: "MQTT → shown on a page",
}
"""Each part by the place at which it ends."""


def ways(said: Iterable[tuple[str, Place, float]]) -> dict[str, Way]:
    """Each message's way: what comes twice counts the first time."""
    found: dict[str, Way] = defaultdict(dict)
    for trace_id, place, at_s in said:
        found[trace_id][place] = min(at_s, found[trace_id].get(place, at_s))
    return found


def whole(found: Iterable[Way], last: Place) -> list[Way]:
    """Those that are known from the frame to ``last``."""
    return [way for way in found if Place.FRAME in way and last in way]


def took_ms(way: Way, last: Place) -> float:
    """Milliseconds from the frame."""
    return 1000 * (way[last] - way[Place.FRAME])


def parts(found: Sequence[Way]) -> dict[Place, list[float]]:
    """The milliseconds of each part, for the ways that have both of its ends."""
    took: dict[Place, list[float]] = defaultdict(list)
    for way in found:
        known = [place for place in Place if place in way]
        for before, place in pairwise(known):
            begins = Place.ALERT_SENT if place is Place.SHOWN else before
            took[place].append(1000 * (way[place] - way[begins]))
    return took


def told(found: Sequence[Way]) -> str:
    """A table of the parts."""
    took = parts(found)
    rows = [
        (name, *(f"{figure:.1f}" for figure in (*_at(took[place]), max(took[place]))))
        for place, name in NAMES.items()
        if took[place]
    ]
    return table(["part, ms", "p50", "p95", "worst"], rows)


def _at(took: list[float]) -> tuple[float, float]:
    return percentile(took, 0.5), percentile(took, 0.95)
