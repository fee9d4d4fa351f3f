"""Sends the journal up, in order; keeps nothing itself: head office says how far it has it."""

import logging
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Protocol

from broker.journal.chain import FIRST_HASH, Head
from broker.journal.entries import entries, open_read_only
from broker.journal.epochs import latest_epoch
from broker.journal.public_chain import public_entry
from broker.journal.shipment import MOST_ENTRIES, Shipment, StoredThrough, shipped
from broker.journal.signed_head import SignedHead
from broker.shipping.way_up import BusyError, NotContinuedError
from broker.site_key.signing import Signer
from shared import VERSION
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
"""What happened meanwhile goes in one batch: half the requests, and still there within seconds."""
BACKLOG_PAUSE_S = 0.25
"""After each batch of a backlog: 400 entries a second at most, and the hub's disk stays free."""
GREET_EVERY_S = 60.0
"""An empty batch tells head office that the site is there."""
FIRST_BACK_OFF_S, LONGEST_BACK_OFF_S = 1.0, 60.0


class Above(Protocol):
    """The head office."""

    def send(self, site: str, batch: Shipment) -> StoredThrough:
        """Hand over a batch."""

    def hash_at(self, site: str, seq: int) -> str | None:
        """The hash that it has of an entry."""


class ForkedError(Exception):
    """The journal is another than the one above, and no restore says why."""

    def __init__(self, epoch: int) -> None:
        super().__init__(epoch)
        self.epoch = epoch
        """The epoch above: the journal must go on in a later one."""


class Shipper:
    """One site's; ``step`` does the next thing and says how long to wait then."""

    def __init__(
        self, file: Path, site: str, above: Above, signer: Signer, chance: Callable[[], float]
    ) -> None:
        """``chance``: 0 to 1, so that a group's sites do not all come back at once."""
        self._file, self._site, self._above = file, site, above
        self._signer, self._chance = signer, chance
        self._after: tuple[int, str] | None = None
        """Number and hash of the last entry that both sides have; None: not known yet."""
        self._silent_s = GREET_EVERY_S
        self._back_off_s = FIRST_BACK_OFF_S

    def step(self) -> float:
        """Send what is next.

        Raises:
            ForkedError: the hub must open a new epoch first.
        """
        try:
            wait_s = self._step()
        except (OSError, sqlite3.OperationalError) as error:
            wait_s = self._back_off_s * (0.5 + self._chance() / 2)
            self._back_off_s = min(self._back_off_s * 2, LONGEST_BACK_OFF_S)
            log.warning("head office is not reached; again in %.0f s: %s", wait_s, error)
            self._after = None
            return wait_s
        self._back_off_s = FIRST_BACK_OFF_S
        return wait_s

    def _step(self) -> float:
        with closing(open_read_only(self._file)) as db:
            if self._after is None:
                self._after = self._common(db)
            batch = self._batch(db, *self._after)
            self._silent_s += LOOK_EVERY_S
            if not batch.entries and self._silent_s < GREET_EVERY_S:
                return LOOK_EVERY_S
            try:
                self._above.send(self._site, batch)
            except NotContinuedError:
                self._after = None  # somebody changed one side: look again where they part
                raise OSError("head office has another journal") from None
            except BusyError as busy:
                return busy.wait_s * (0.5 + self._chance())
        self._silent_s = 0.0
        if batch.entries:
            self._after = (batch.entries[-1].seq, batch.entries[-1].hash)
        return BACKLOG_PAUSE_S if batch.backlog else LOOK_EVERY_S

    def _common(self, db: sqlite3.Connection) -> tuple[int, str]:
        """The last entry that both sides have."""
        stored = self._above.send(self._site, Shipment(epoch=1, from_seq=1, version=VERSION))
        if _hash_at(db, stored.stored_through) == stored.hash:
            return stored.stored_through, stored.hash
        if latest_epoch(db) <= stored.epoch:
            raise ForkedError(stored.epoch)
        same, other = 0, stored.stored_through
        while other - same > 1:
            middle = (same + other) // 2
            here = _hash_at(db, middle)
            is_same = here is not None and here == self._above.hash_at(self._site, middle)
            same, other = (middle, other) if is_same else (same, middle)
        log.warning("the journal goes on from entry %d in a new epoch", same)
        return same, _hash_at(db, same) or FIRST_HASH

    def _batch(self, db: sqlite3.Connection, after: int, previous: str) -> Shipment:
        found = [public_entry(entry) for entry in islice(entries(db, after=after), MOST_ENTRIES)]
        (end,) = db.execute("select coalesce(max(seq), 0) from journal").fetchone()
        epoch, waiting = latest_epoch(db), max(0, end - after - len(found))
        head = self._head(epoch, Head(found[-1].seq, found[-1].hash, "")) if found else ""
        return Shipment(
            epoch=epoch,
            from_seq=after + 1,
            previous=previous,
            entries=tuple(map(shipped, found)),
            head=head,
            backlog=waiting > 0,
            waiting=waiting,
            version=VERSION,
        )

    def _head(self, epoch: int, head: Head) -> str:
        unsigned = SignedHead.of(self._site, "0000-00-00", epoch, head)
        signature = self._signer.sign(unsigned.claim)
        return f"{unsigned.claim} {signature}"


def _hash_at(db: sqlite3.Connection, seq: int) -> str | None:
    if seq == 0:
        return FIRST_HASH
    found = db.execute("select hash from journal where seq = ?", [seq]).fetchone()
    return str(found[0]) if found else None
