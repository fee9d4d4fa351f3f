"""What each tablet was told last, so that it is told only news. Who connects hears all."""

from datetime import datetime, timedelta

from broker.journal.hub_file import Remembered
from shared.database import Database
from shared.messages import Assignment

STANDS_FOR = timedelta(minutes=10)
"""So long after the check-in a visitor may still look at the tablet."""
LOOKED_AT_EVERY = timedelta(seconds=1)
AT_MOST = 40
"""More visitors than stand before the tablets of a house at once."""


class ToldTablets:
    """The last word to the latest visitors, by check-in; a word that was rolled back was none."""

    def __init__(self, db: Database) -> None:
        self._told: Remembered[Assignment | None] = Remembered(db)
        self._visits: dict[str, datetime] = {}
        """The visits whose visitors may stand at a tablet, since when."""
        self._looked_at: datetime | None = None

    def keep(self, told: Assignment, moment: datetime) -> None:
        """Note what this tablet is told now."""
        self._told.keep(told.check_in_id, told)
        self._visits.setdefault(told.visit_id, moment)
        while len(self._visits) > AT_MOST:
            del self._visits[next(iter(self._visits))]

    def told(self, check_in_id: str) -> Assignment | None:
        """The last word on this check-in."""
        return self._told.get(check_in_id, lambda _: None)

    def to_look_at(self, moment: datetime) -> tuple[str, ...]:
        """The visits of which there may be news by now, at most once a second."""
        last = self._looked_at
        if last is not None and last <= moment < last + LOOKED_AT_EVERY:
            return ()
        self._looked_at = moment
        self._visits = {
            key: since for key, since in self._visits.items() if moment - since < STANDS_FOR
        }
        return tuple(self._visits)
