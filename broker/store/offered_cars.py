"""The cars of the last minutes, masked, from which a visitor at the tablet chooses (最近到访)."""

from datetime import datetime, timedelta
from itertools import islice

from broker.store.moments import utc_text
from broker.store.readable import readable
from shared.database import Database
from shared.messages import Arrival, OfferedCar, RecentArrivals
from shared.privacy import mask_plate

OFFERED_FOR = timedelta(minutes=10)
OFFERED_AT_MOST = 6
"""As many as a visitor takes in at a glance."""
WHOLE_PLATE = 7
"""In characters; anything shorter (无牌, half a plate) says nothing when masked."""


class OfferedCars:
    """Knows what the tablets were told last, because they are told only when it changes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._told: tuple[OfferedCar, ...] | None = ()
        """At first nothing; after a restart each tablet counts as new and is told anyway."""

    def tell_again(self) -> None:
        """Offer the cars again even if nothing changed: a tablet is there that has not heard."""
        self._told = None

    @property
    def is_awaited(self) -> bool:
        """Whether a tablet is there that has not heard."""
        return self._told is None

    def changed(self, moment: datetime) -> RecentArrivals | None:
        """What is offered at ``moment``; None if the tablets were told already."""
        cars = self.cars(moment)
        if cars == self._told:
            return None
        self._told = cars
        return RecentArrivals(cars=cars, sent_at=moment)

    def cars(self, moment: datetime) -> tuple[OfferedCar, ...]:
        """The cars that have not left and from which nobody has checked in, newest first.

        The plate that a visitor chooses counts as confirmed although they see only half of it, so
        only plates that were read for sure, or that a person corrected, are offered.
        """
        rows = self._db.conn.execute(
            "select visits.plate, visits.opened_at, arrivals.body "
            "from visits join arrivals using (arrival_id) "
            "where visits.opened_at >= ? and check_in_id is null and finished_at is null "
            "and visits.plate is not null "
            "order by visits.opened_at desc",
            [utc_text(moment - OFFERED_FOR)],
        )
        found = (
            _car(plate, datetime.fromisoformat(opened_at), car)
            for plate, opened_at, body in rows
            for car in readable(Arrival, [body])
        )
        return tuple(islice((car for car in found if car is not None), OFFERED_AT_MOST))


def _car(plate: str, seen_at: datetime, arrival: Arrival) -> OfferedCar | None:
    """The car as it is offered; ``seen_at`` is by the hub's clock, because a gate's may be off."""
    is_corrected = plate != arrival.plate
    is_sure = not (arrival.is_uncertain or arrival.is_incomplete)
    if len(plate) < WHOLE_PLATE or not (is_sure or is_corrected):
        return None
    return OfferedCar(arrival_id=arrival.arrival_id, plate=mask_plate(plate), seen_at=seen_at)
