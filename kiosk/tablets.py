"""The tablets that a manager named (设备): which come in by a link, and when each was seen."""

from collections.abc import Callable

from shared.clock import Stopwatch
from shared.messages import Tablet


class Tablets:
    """This kiosk's tablets, as the hub told them last. May be used from any thread."""

    def __init__(
        self, kiosk_id: str, told: Callable[[], tuple[Tablet, ...]], stopwatch: Stopwatch
    ) -> None:
        """``told``: what the hub said of all the site's tablets."""
        self._kiosk_id, self._told, self._stopwatch = kiosk_id, told, stopwatch
        self._seen: dict[str, float] = {}

    def of_key(self, key: str | None) -> Tablet | None:
        """The tablet whose link has this key; None: there is none, or not any more."""
        return next((each for each in self._own() if each.key == key), None)

    def saw(self, tablet: Tablet) -> None:
        """Note that the tablet asked for something."""
        self._seen[tablet.key] = self._stopwatch()

    def seen_s(self) -> dict[str, int]:
        """The seconds since each asked for anything, by its id, of those that came."""
        now_s, seen = self._stopwatch(), self._seen
        came = ((each.tablet_id, seen.get(each.key)) for each in self._own())
        return {name: round(now_s - seen_s) for name, seen_s in came if seen_s is not None}

    def _own(self) -> list[Tablet]:
        return [each for each in self._told() if each.kiosk_id == self._kiosk_id]
