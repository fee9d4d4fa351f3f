"""What the hub told this kiosk: whom a visitor may name, which cars just came, and who comes."""

import logging
from collections import Counter
from datetime import datetime, timedelta

from msgspec.structs import replace

from kiosk.store import Store
from kiosk.visits import Visits
from shared.clock import Clock
from shared.messages import (
    Assignment,
    Brand,
    Drink,
    Message,
    OfferedCar,
    RecentArrivals,
    Roster,
    RosterEntry,
    Tablet,
)
from shared.plate import PROVINCES

log = logging.getLogger(__name__)

CAR_OFFERED_FOR = timedelta(minutes=10)


class Board:
    """Takes in the hub's messages on the main loop's thread; pages read it from theirs."""

    def __init__(self, store: Store, visits: Visits, clock: Clock) -> None:
        """``clock``: one that nobody sets."""
        self._store, self._visits, self._clock = store, visits, clock
        self._roster = store.roster()
        self._cars: tuple[OfferedCar, ...] = ()
        self._provinces: Counter[str] = Counter()

    @property
    def consultants(self) -> tuple[RosterEntry, ...]:
        """The consultants, in the hub's order; none before the hub was first heard."""
        return self._roster.consultants if self._roster else ()

    @property
    def drinks(self) -> tuple[Drink, ...]:
        """The drinks that the site chose; none: it did not say."""
        return self._roster.drinks if self._roster else ()

    @property
    def exempt(self) -> tuple[Drink, ...]:
        """Who need not enter themselves."""
        return self._roster.exempt if self._roster else ()

    @property
    def tablets(self) -> tuple[Tablet, ...]:
        """Which tablets of the site may come in by a link."""
        return self._roster.tablets if self._roster else ()

    @property
    def brand(self) -> Brand | None:
        """How the house shows itself; None: the hub was not heard yet."""
        return self._roster.brand if self._roster else None

    @property
    def known_across(self) -> bool:
        """Whether phones are compared with the group's other projects."""
        return self._roster is not None and self._roster.known_across

    @property
    def cars(self) -> tuple[OfferedCar, ...]:
        """The cars that visitors may say are theirs, newest first, as they are offered now."""
        oldest = self._clock() - CAR_OFFERED_FOR
        return tuple(car for car in self._cars if car.seen_at > oldest)

    @property
    def province(self) -> str | None:
        """Where most cars are from that were offered; None: none was yet."""
        return next((sign for sign, _ in self._provinces.most_common(1)), None)

    def since(self, car: OfferedCar) -> timedelta:
        """How long ago the gate saw this car."""
        return self._clock() - car.seen_at

    def forget_cars(self) -> None:
        """Forget each car ten minutes after the gate saw it; for the main loop's thread."""
        self._cars = self.cars

    def hear(self, message: Message) -> None:
        """Take in a message from the hub."""
        match message:
            case Assignment():
                log.info("check-in %s: host %s", message.check_in_id, message.host_name)
                self._visits.assign(message)
            case Roster():
                self._keep(message)
            case RecentArrivals():
                known = {car.arrival_id for car in self._cars}
                self._cars = _by_our_clock(message, self._clock())
                new = (car.plate[0] for car in self._cars if car.arrival_id not in known)
                self._provinces.update(sign for sign in new if sign in PROVINCES)
            case _:
                log.warning("nobody here waits for a %s", type(message).__name__)

    def _keep(self, roster: Roster) -> None:
        """Write only news: the roster is retained, so it comes again with every connection."""
        if self._roster is None or replace(self._roster, sent_at=roster.sent_at) != roster:
            self._store.keep_roster(roster)
            log.info("roster: %d consultants", len(roster.consultants))
        self._roster = roster


def _by_our_clock(offer: RecentArrivals, moment: datetime) -> tuple[OfferedCar, ...]:
    """The cars with their moments by this machine's clock, which may differ from the hub's."""
    apart = moment - offer.sent_at
    return tuple(replace(car, seen_at=car.seen_at + apart) for car in offer.cars)
