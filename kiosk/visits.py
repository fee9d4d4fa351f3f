"""The visits under way, in memory only: nothing of a visitor outlives their page."""

import logging
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime

from kiosk.answers import Answers
from shared.clock import Clock, Stopwatch
from shared.ids import new_id
from shared.messages import Assignment

log = logging.getLogger(__name__)

GRACE_S = 10
"""The page itself ends an idle visit; this much later we do, for a tablet that went dark."""
PHONE_PATIENCE = 4
"""How many times as long an own phone may rest: its owner is called, and nobody waits for it."""
PHONE_WAITS_S = 900
"""How long it is told who comes, though it was put away; or until they have met."""


@dataclass(slots=True)
class Visit:
    """One visitor at one tablet, from the first tap until the page returns to the welcome."""

    key: str
    """Random; only this visitor's cookie holds it."""
    check_in_id: str
    """Made once, so that a double tap or a reload is the same check-in."""
    answers: Answers
    touched_s: float
    """By the stopwatch, because a clock that is set must not end a visit."""
    page_secret: str
    """Random; opens the page where visitors see what is kept of them. Nobody else is told."""
    checked_in_at: datetime | None = None
    checked_in_s: float | None = None
    """The same by the stopwatch."""
    number: str | None = None
    """Given with the check-in."""
    assignment: Assignment | None = None
    """The hub's latest word on who comes."""
    former_host: str | None = None
    """Whom the page named before; somebody else comes now."""
    service_number: str | None = None
    """What service visitors type when they leave; see ``porter.py``."""
    is_on_phone: bool = False
    """The visitor's own; see ``own_phone.py``."""

    @property
    def patience(self) -> int:
        """How many times the usual seconds pass before the visitor counts as gone."""
        return self.answers.patience * (PHONE_PATIENCE if self.is_on_phone else 1)


class Visits:
    """Owns the visits under way; may be used from any thread."""

    def __init__(self, *, idle_s: int, clock: Clock, stopwatch: Stopwatch) -> None:
        self._idle_s = idle_s + GRACE_S
        self._clock, self._stopwatch = clock, stopwatch
        self._lock = threading.Lock()
        self._visits: dict[str, Visit] = {}

    @property
    def under_way(self) -> tuple[Visit, ...]:
        """The visits in progress now."""
        with self._lock:
            return tuple(self._visits.values())

    def begin(self, answers: Answers, *, is_on_phone: bool = False) -> Visit:
        """A new visit."""
        key, page_secret = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        visit = Visit(key, new_id(self._clock()), answers, self._stopwatch(), page_secret)
        visit.is_on_phone = is_on_phone
        with self._lock:
            self._visits[visit.key] = visit
        return visit

    def find(self, key: str | None) -> Visit | None:
        """The visit of this cookie, counted as touched now; None: there is none (any more)."""
        self.forget_idle()
        with self._lock:
            visit = self._visits.get(key) if key else None
            if visit:
                visit.touched_s = self._stopwatch()
        return visit

    def waited_s(self, visit: Visit) -> float:
        """How long ago this visitor checked in; 0: not yet."""
        return 0.0 if visit.checked_in_s is None else self._stopwatch() - visit.checked_in_s

    def end(self, key: str | None) -> None:
        """Forget this visit and all that was answered."""
        with self._lock:
            self._visits.pop(key or "", None)

    def forget_idle(self) -> None:
        """Forget the visits that nobody has touched for too long."""
        now_s = self._stopwatch()
        with self._lock:
            idle = [
                visit
                for visit in self._visits.values()
                if now_s - visit.touched_s > self._stays_s(visit)
            ]
            for visit in idle:
                del self._visits[visit.key]
        for visit in idle:
            log.info("visit left idle: check-in %s forgotten", visit.check_in_id)

    def _stays_s(self, visit: Visit) -> int:
        """How long it is kept untouched; a phone that waits for its host lies dark in a pocket."""
        if visit.is_on_phone and visit.checked_in_at:
            return PHONE_WAITS_S
        return self._idle_s * visit.patience

    def assign(self, assignment: Assignment) -> None:
        """Keep who comes for the visitor that it names; ignored when that visit is over."""
        for visit in self.under_way:
            if visit.check_in_id == assignment.check_in_id and visit.checked_in_at:
                before = visit.assignment.host_name if visit.assignment else None
                if before and assignment.host_name and before != assignment.host_name:
                    visit.former_host = before
                visit.assignment = assignment
