"""Turns what was never read into one refusal for each thing, not one for each frame. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gate.passing.refusal import Corners, Refusal, place_of
from gate.reader.reading import PlateReading

NEAR_WIDTHS = 1.5
"""How far a thing may move between two frames, in widths of the plate."""
GONE_AFTER = timedelta(seconds=3)
"""What was not seen for this long has gone."""
STAYS_AFTER = timedelta(seconds=10)
"""What stays for this long is reported while it is there: a poster never leaves."""
QUIET = timedelta(seconds=60)
"""What comes and goes, and was reported while it stood there, is quiet for this long."""
MOST_STAYS = 8
"""Each may hold a whole frame: 6 MB of a Pi's memory at 1920 × 1080."""
LEAST_SIGHTINGS = 2
"""Bark and gravel look like a plate in a single frame only."""


@dataclass(slots=True)
class _Stay:
    """One thing at one place of the picture, and the largest refused sighting of it."""

    since: datetime
    last_at: datetime
    corners_px: Corners
    best: Refusal | None = None
    """None once it was read or reported, which frees its frame."""
    sightings: int = 0
    is_read: bool = False
    is_told: bool = False

    def is_near(self, corners_px: Corners) -> bool:
        """Whether a sighting there may be the same thing one frame later."""
        (x0, y0, width0), (x1, y1, width1) = place_of(self.corners_px), place_of(corners_px)
        reach = NEAR_WIDTHS * max(width0, width1, 1.0)
        return bool((x1 - x0) ** 2 + (y1 - y0) ** 2 <= reach**2)

    def take(self, refusal: Refusal) -> None:
        """Keep ``refusal`` if it shows this thing larger than those before."""
        is_settled = self.is_read or self.is_told
        if not is_settled and (self.best is None or refusal.width_px > self.best.width_px):
            self.best = refusal

    def settle(self, *, is_read: bool = False) -> None:
        """Note that it was read, or else that it is reported now."""
        self.is_read, self.is_told, self.best = self.is_read or is_read, not is_read, None

    def is_over(self, moment: datetime) -> bool:
        """Whether no sighting can continue it any more."""
        # abs: if the clock was set back, nothing may be kept for ever.
        return abs(moment - self.last_at) >= (QUIET if self.is_told else GONE_AFTER)


@dataclass(slots=True)
class Unread:
    """Follows what is not read, so that a car that is read a moment later is not reported here."""

    _stays: list[_Stay] = field(default_factory=list)

    def see(
        self, moment: datetime, refused: Iterable[Refusal], read: Iterable[PlateReading]
    ) -> list[Refusal]:
        """Take in one frame; the refusals that are certain by now.

        Those in ``refused`` without a place in the picture are ignored.
        """
        over = [stay for stay in self._stays if stay.is_over(moment)]
        self._stays = [stay for stay in self._stays if not stay.is_over(moment)]
        for reading in read:
            self._stay_at(reading.corners_px, moment).settle(is_read=True)
        for refusal in refused:
            if refusal.corners_px is not None:
                self._stay_at(refusal.corners_px, moment).take(refusal)
        self._stays = self._stays[-MOST_STAYS:]
        lasting = [stay for stay in self._stays if stay.last_at - stay.since >= STAYS_AFTER]
        return list(_told([*over, *lasting]))

    def _stay_at(self, corners_px: Corners, moment: datetime) -> _Stay:
        """The stay that a sighting there continues, or a new one."""
        near = [stay for stay in self._stays if stay.is_near(corners_px)]
        if not near:
            near = [_Stay(moment, moment, corners_px)]
            self._stays += near
        stay = near[0]
        stay.last_at, stay.corners_px = moment, corners_px
        stay.sightings += 1
        return stay


def _told(stays: Iterable[_Stay]) -> Iterator[Refusal]:
    for stay in stays:
        if stay.best is not None and stay.sightings >= LEAST_SIGHTINGS:
            yield stay.best
            stay.settle()
