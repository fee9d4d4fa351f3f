"""A site that is only its journal: entries, chained and signed, made when they are sent."""

import hashlib
import json
import random
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from broker.journal.chain import FIRST_HASH, Head, hash_of
from broker.journal.public_chain import PublicEntry
from broker.journal.public_part import FORM
from broker.journal.shipment import MOST_ENTRIES, Shipment, StoredThrough, shipped
from broker.journal.signed_head import SignedHead
from broker.site_key.signing import Signer
from shared import VERSION

FIRST_AT = datetime(2026, 9, 1, 1, tzinfo=UTC)
BETWEEN_ENTRIES = timedelta(seconds=40)
VISIT = (
    *("arrival", "step arrived", "alert", "alert", "check_in", "step checked_in decided"),
    *("alert", "alert", "ack", "step acknowledged", "staff_report", "step visitor_met", "duty"),
    *("staff_report", "step drink_served", "registration", "step registered", "step finished"),
)
"""The kinds of a visit's 18 entries, and the events of those that are steps."""


def _public(kind: str, number: int) -> str:
    """About as long as what hubs write."""
    visit = f"019ac{number:07x}-7aaa-8bbb-0123456789ab"
    name, *events = kind.split()
    common = {"at": "2026-11-23T01:00:00Z", "visit_id": visit, "plate": None, "phone": None}
    if name != "step":
        return json.dumps({**common, "id": visit[::-1], "node_id": "gate-1", "late": False})
    told = [{"type": event, **common, "consultant_id": "li"} for event in events]
    known = {"registrations": [], "colleagues": {}, "day": "2026-11-23", "is_open": True}
    return json.dumps({"command": {"type": events[0], **common}, "known": known, "events": told})


@dataclass
class SimulatedSite:
    """One site of the group."""

    name: str
    seed: int
    clock_is_off_by: timedelta = timedelta()
    owed: int = 0
    """Entries that happened and are not made yet."""
    made: int = 0
    last: str = FIRST_HASH
    stored: int = 0
    """Head office said that it has them."""
    waiting: deque[PublicEntry] = field(default_factory=deque)
    stored_digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    """Over the hashes of all entries that head office said it has."""
    token: str = ""

    def __post_init__(self) -> None:
        secret = hashlib.sha256(f"{self.seed} {self.name}".encode()).digest()
        self.signer = Signer(Ed25519PrivateKey.from_private_bytes(secret))

    @property
    def has_more(self) -> bool:
        return self.owed > 0 or len(self.waiting) > 0

    def batch(self, after: int = 0) -> Shipment:
        """The next entries; ``after``: so many batches further on."""
        first = after * MOST_ENTRIES
        self._make(first + MOST_ENTRIES - len(self.waiting))
        found = list(islice(self.waiting, first, first + MOST_ENTRIES))
        if not found:
            return self.greeting()
        behind = self.owed + len(self.waiting) - first - len(found)
        last = found[-1]
        unsigned = SignedHead.of(self.name, "0000-00-00", 1, Head(last.seq, last.hash, ""))
        return Shipment(
            epoch=1,
            from_seq=found[0].seq,
            previous=found[0].previous,
            entries=tuple(map(shipped, found)),
            head=f"{unsigned.claim} {self.signer.sign(unsigned.claim)}",
            backlog=behind > 0,
            waiting=behind,
            version=VERSION,
        )

    def greeting(self) -> Shipment:
        """A batch of nothing: it asks how far head office is."""
        return Shipment(epoch=1, from_seq=1, version=VERSION)

    def settle(self, told: StoredThrough) -> int:
        """Head office has so much; how many of it are news.

        Raises:
            AssertionError: it lost what it had, or has what this site never wrote.
        """
        assert told.stored_through >= self.stored, f"{self.name}: {self.stored} lost, now {told}"
        assert told.stored_through <= self.made, f"{self.name}: {told} was never written"
        count = told.stored_through - self.stored
        for _ in range(count):
            self.stored_digest.update(self.waiting.popleft().hash.encode())
        self.stored = told.stored_through
        return count

    def _make(self, count: int) -> None:
        count = max(0, min(count, self.owed))
        for seq in range(self.made + 1, self.made + 1 + count):
            kind = VISIT[(seq - 1) % len(VISIT)]
            at = (FIRST_AT + seq * BETWEEN_ENTRIES + self.clock_is_off_by).isoformat()
            public = _public(kind, seq // len(VISIT))
            said = (at, kind.split()[0], f"019ac{seq // len(VISIT):07x}-7aaa")
            sealed = hashlib.sha256(f"{self.seed} {self.name} {seq}".encode()).hexdigest()
            previous, self.last = self.last, hash_of(self.last, seq, said, FORM, public, sealed)
            told = (*said, public, sealed)
            self.waiting.append(PublicEntry(seq, previous, self.last, FORM, *told))
        self.made += count
        self.owed -= count


def simulated_sites(count: int, seed: int) -> list[SimulatedSite]:
    """So many; of one in fifty the clock is years off."""
    chance = random.Random(seed)
    wrong = (timedelta(days=-12_000), timedelta(days=9_000))
    return [
        SimulatedSite(
            f"site-{number:05d}",
            seed,
            chance.choice(wrong) if number % 50 == 7 else timedelta(),
        )
        for number in range(count)
    ]
