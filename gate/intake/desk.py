"""Other people's cameras at work: reads what the spool keeps, and tells the hub who came."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from uuid import UUID

from gate.intake.lateness import KEPT_S, LATE_S, LONGEST_S, Lateness
from gate.intake.same_car import SAME_CAR_S, Cars, Corrected, Outcome, Seen, Verdict, outcome_id
from gate.intake.spool import Done, Kept, Spool
from gate.intake.telling import Teller
from gate.loop import TIDY_EVERY_S, TURN_S, Carrying
from gate.passing.track import SAME_PLATE, plate_distance
from gate.vendors.adapters import Adapter
from gate.vendors.body import BadBodyError
from gate.vendors.read import VendorRead
from shared.messages import Arrival, Correction, Departure
from shared.outbox import message_id
from shared.privacy import mask_plate

log = logging.getLogger(__name__)

AT_ONCE = 100
"""How many bodies are read before the hub is told."""
REMEMBERED = timedelta(days=1)
"""From how far back the state is made anew after a restart."""
SILENT_S = 180.0
"""Cameras that give signs of life, and then none for this long, are away."""


@dataclass(slots=True)
class Signs:
    """When cameras were last heard; web threads write, the desk reads."""

    heard_at_s: float | None = None
    is_regular: bool = False
    """Whether there were heartbeats."""

    def hear(self, *, is_heartbeat: bool) -> None:
        """Note that a camera was heard now."""
        self.heard_at_s = time.monotonic()
        self.is_regular |= is_heartbeat

    @property
    def problem(self) -> str | None:
        """What is wrong with the cameras, as the node's status says it."""
        if not self.is_regular or self.heard_at_s is None:
            return None
        return "camera_offline" if time.monotonic() - self.heard_at_s > SILENT_S else None


@dataclass(slots=True)
class Desk:
    """Takes each body once, in their order.

    A message is in the outbox before its body counts as read. A kill in between makes the same
    message once more, with the same id, which the hub has.
    """

    spool: Spool
    adapter: Adapter
    cars: Cars
    teller: Teller
    carrying: Carrying
    notify: Callable[[str], None]
    kept_days: int
    signs: Signs = field(default_factory=Signs)
    note_told: Callable[[Arrival | Departure | Correction], None] = lambda _message: None
    """Hears what was told, to compare it."""
    forget: Callable[[set[str], Collection[str]], set[str]] = lambda plates, _ids: plates
    """Forgets plates and messages wherever else they are kept, and says of all plates it knew."""
    erased: SimpleQueue[Collection[str]] = field(default_factory=SimpleQueue)
    """The messages that the hub erased; the courier's thread writes, the desk reads."""
    _lateness: Lateness = field(default_factory=Lateness)
    _fresh: dict[str, int] = field(default_factory=dict)
    """The results in bodies that do not count as read yet, and in which of them."""
    _tidied_at_s: float = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop``."""
        self.recall()
        self.notify("READY=1")
        while not stop.is_set():
            if not self.turn():
                self.spool.wait(TURN_S)

    def recall(self) -> None:
        """Take once more what earlier runs read, so that the state is as it was."""
        for kept in self.spool.read_since(self.spool.clock() - REMEMBERED):
            self._take(kept)
        self._fresh.clear()

    def turn(self) -> bool:
        """Read what came, tell what follows; whether there is more.

        Raises:
            RuntimeError: the courier's thread has ended; only a restart helps.
        """
        if not self.carrying.is_alive:
            raise RuntimeError("the courier's thread has ended")
        while not self.erased.empty():
            self._erase(self.erased.get())
        bodies = self.spool.unread(AT_ONCE)
        self._work(bodies)
        self._tell_all((), self.cars.expire(self.spool.clock()))
        self._tell_problem()
        if self.carrying.is_turning:
            self.notify("WATCHDOG=1")
        if time.monotonic() - self._tidied_at_s > TIDY_EVERY_S:
            self._tidied_at_s = time.monotonic()
            self.spool.delete_old(self.spool.clock(), self.kept_days)
        return len(bodies) == AT_ONCE

    def _erase(self, ids: Collection[str]) -> None:
        """Delete every body about a car of these messages, misread ones of the same car too."""
        cars = [
            (read.plate, kept.came_at)
            for kept in self.spool.named(ids)
            for place, read in enumerate(self._reads(kept))
            if not {_nth(kept.message_id, 2 * place + odd) for odd in (0, 1)}.isdisjoint(ids)
        ]
        read_of = {kept.row: (kept.came_at, self._reads(kept)) for kept in self.spool.all()}
        theirs = {
            read.plate
            for came_at, reads in read_of.values()
            for read in reads
            if any(_is_same_car(read.plate, came_at, *car) for car in cars)
        }
        theirs = self.forget(theirs, ids)
        gone = [row for row, (_, reads) in read_of.items() if any(r.plate in theirs for r in reads)]
        self.spool.erase(gone)
        log.info("%d messages of cameras about somebody who was erased are deleted", len(gone))

    def _reads(self, kept: Kept) -> tuple[VendorRead, ...]:
        try:
            return self.adapter.understand(kept.body).reads
        except BadBodyError:
            return ()

    def _work(self, bodies: Iterable[Kept]) -> None:
        done, outcomes = [], []
        for kept in bodies:
            each, followed = self._take(kept)
            done.append(each)
            outcomes += followed
        self._tell_all(done, outcomes)

    def _take(self, kept: Kept) -> tuple[Done, list[Outcome]]:
        """What ``kept`` says, and what follows."""
        try:
            understood = self.adapter.understand(kept.body)
        except BadBodyError as error:
            log.warning("body %d is not understood and kept: %s", kept.row, error)
            return Done(kept.row, (Verdict.NOT_UNDERSTOOD,), ()), []
        verdicts, outcomes, ids = [], [], dict[str, None]()
        for place, read in enumerate(understood.reads):
            if read.key in ids or self._is_known(read.key, kept.row):
                verdicts.append(Verdict.SENT_AGAIN)
                continue
            ids[read.key] = None
            verdict, followed = self.cars.take(self._seen(kept, read, place))
            verdicts.append(verdict)
            outcomes += followed
        return Done(kept.row, tuple(verdicts), tuple(ids)), outcomes

    def _is_known(self, key: str, row: int) -> bool:
        """Whether another body had this result: one of before, or of those that are read now."""
        return self._fresh.setdefault(key, row) != row or self.spool.is_known(key, row)

    def _seen(self, kept: Kept, read: VendorRead, place: int) -> Seen:
        came_at = kept.came_at
        if read.is_late:
            latest = came_at - timedelta(seconds=KEPT_S)
            is_told = read.taken_at and read.taken_at > came_at - timedelta(seconds=LONGEST_S)
            seen_at = min(read.taken_at, latest) if read.taken_at and is_told else latest
        else:
            waited_s = self._lateness.waited_s(read.camera, read.taken_at, came_at)
            seen_at = came_at - timedelta(seconds=waited_s if waited_s > LATE_S else 0.0)
        own = _nth(kept.message_id, 2 * place), _nth(kept.message_id, 2 * place + 1)
        return Seen(read, *own, came_at, seen_at)

    def _tell_all(self, done: Iterable[Done], outcomes: Iterable[Outcome]) -> None:
        fresh = [each for each in outcomes if not self.spool.was_told(outcome_id(each))]
        messages = [self.teller.message(outcome) for outcome in fresh]
        courier = self.carrying.courier
        if messages:
            courier.post(*messages)
        for outcome, message in zip(fresh, messages, strict=True):
            self.note_told(message)
            if (said := self.teller.say(message)) and not _is_late(message.sent_at, outcome):
                courier.say(said)
            name, kind = message_id(message), type(message).__name__.lower()
            log.info("%s %s: %s", kind, name, mask_plate(message.plate))
        if messages or done:
            told = [message_id(message) for message in messages]
            self.spool.finish(done, told, self.spool.clock())
        self._fresh.clear()

    def _tell_problem(self) -> None:
        courier = self.carrying.courier
        if self.signs.problem != courier.problem:
            courier.problem = self.signs.problem
            log.warning("cameras: %s", courier.problem or "heard again")


def _is_late(sent_at: datetime | None, outcome: Outcome) -> bool:
    """Whether it is too old to be said aloud."""
    if isinstance(outcome, Corrected) or sent_at is None:
        return True
    return (sent_at - outcome.seen.seen_at).total_seconds() > LATE_S


def _is_same_car(plate: str, at: datetime, other: str, then: datetime) -> bool:
    """Whether it may be that car at that moment, misread."""
    is_near = abs((at - then).total_seconds()) <= SAME_CAR_S
    return is_near and plate_distance(plate, other) <= SAME_PLATE


def _nth(message_id_: str, place: int) -> str:
    """One of the ids that belong to a body, the same whenever it is asked for."""
    return str(UUID(int=UUID(message_id_).int ^ place))
