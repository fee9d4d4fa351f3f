"""The cars that a visitor at the tablet may say is his (最近到访): masked, of the last minutes."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from broker.store.moments import utc_text
from shared.codec import decode
from shared.messages import Arrival, OfferedCar, RecentArrivals
from shared.plate import normalize
from shared.privacy import mask_plate

OFFERED_FOR = timedelta(minutes=10)
OFFERED_AT_MOST = 6
"""As many as one looks through at a glance."""
WHOLE_PLATE = 7
"""Characters; what is shorter (无牌, a torn reading) says nothing when masked."""


class OfferedCars:
    """Knows what the tablets were told last: they hear of it only when it changes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._told: tuple[OfferedCar, ...] | None = ()
        """Nothing yet; a tablet of before a restart is new to us and told anyway."""

    def tell_again(self) -> None:
        """A tablet is there that has not heard: offer anew, whether it changed or not."""
        self._told = None

    def changed(self, moment: datetime) -> RecentArrivals | None:
        """What is offered at ``moment`` where the tablets have not heard it yet, else None."""
        cars = self.cars(moment)
        if cars == self._told:
            return None
        self._told = cars
        return RecentArrivals(cars=cars, sent_at=moment)

    def cars(self, moment: datetime) -> tuple[OfferedCar, ...]:
        """Newest first. A car of which nobody has said who is in it, and that has not left.

        The plate that a visitor takes as his counts as confirmed and half of it is hidden from
        him: so only what was read for sure is offered, or what a person has corrected.
        """
        rows = self._db.conn.execute(
            "select visits.plate, arrivals.body from visits join arrivals using (arrival_id) "
            "where visits.opened_at >= ? and check_in_id is null and finished_at is null "
            "and visits.plate is not null "
            "order by visits.opened_at desc",
            [utc_text(moment - OFFERED_FOR)],
        )
        found = (_car(plate, decode(Arrival, body.encode())) for plate, body in rows)
        return tuple(car for car in found if car is not None)[:OFFERED_AT_MOST]


def _car(plate: str, arrival: Arrival) -> OfferedCar | None:
    is_corrected = plate != normalize(arrival.plate)
    is_sure = not (arrival.is_uncertain or arrival.is_incomplete)
    if len(plate) < WHOLE_PLATE or not (is_sure or is_corrected):
        return None
    return OfferedCar(
        arrival_id=arrival.arrival_id, plate=mask_plate(plate), seen_at=arrival.seen_at
    )
