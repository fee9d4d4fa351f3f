"""Signs service visitors (施工、送货、找人、物业) in and out, and tells the hub (002)."""

import logging
import threading
from collections.abc import Callable

from kiosk.errands import Errand
from kiosk.store import Store
from kiosk.visits import Visit
from shared.clock import Clock, Steady, Stopwatch
from shared.ids import new_id
from shared.messages import Message, ServiceVisit, ServiceVisitEnd
from shared.pin_lock import PinLock

log = logging.getLogger(__name__)

LOCK_OUT_S = 60
"""After five wrong numbers: long enough against guessing, short for people who leave."""


class Porter:
    """Gives each of them a number and takes it back; may be used from several threads."""

    def __init__(
        self,
        kiosk_id: str,
        store: Store,
        post: Callable[[Message], None],
        clock: Clock,
        stopwatch: Stopwatch,
    ) -> None:
        self._kiosk_id, self._store, self._post, self._clock = kiosk_id, store, post, clock
        self._steady = Steady(clock, stopwatch)
        self._lock = threading.Lock()
        self._number_lock = PinLock(stopwatch, LOCK_OUT_S)

    def count(self) -> int:
        """How many signed in here and have not left."""
        return self._store.inside_count(self._steady())

    def let_in(self, visit: Visit, errand: Errand) -> None:
        """Give the visit its number, the hub's message on disk; a second call does nothing."""
        with self._lock:
            if visit.service_number:
                return
            moment = self._clock()
            service_visit_id = new_id(moment)
            number = self._store.number_for(service_visit_id, self._steady())
            coming = ServiceVisit(
                service_visit_id=service_visit_id,
                kiosk_id=self._kiosk_id,
                seq=self._store.next_seq(),
                kind=errand.kind,
                name=errand.name,
                party_size=errand.party_size,
                whom=errand.whom,
                number=number,
                came_at=moment,
            )
            try:
                self._post(coming)
            except BaseException:
                self._store.forget_inside(number)
                raise
            visit.service_number = number
        log.info("service visit %s: %s, %d", service_visit_id, errand.kind, errand.party_size)

    def wait_s(self) -> int:
        """Seconds until a number is looked at again, after wrong ones."""
        return self._number_lock.wait_s()

    def let_out(self, number: str) -> bool:
        """Sign out the person with this number; False: there is none. Wrong numbers cost a wait."""
        return self._number_lock.attempt(lambda: self._let_out(number))

    def _let_out(self, number: str) -> bool:
        with self._lock:
            moment = self._clock()
            service_visit_id = self._store.inside(number, self._steady())
            if service_visit_id is None:
                return False
            self._post(
                ServiceVisitEnd(
                    end_id=new_id(moment),
                    service_visit_id=service_visit_id,
                    kiosk_id=self._kiosk_id,
                    seq=self._store.next_seq(),
                    left_at=moment,
                )
            )
            self._store.forget_inside(number)
        log.info("service visit %s: left", service_visit_id)
        return True
