"""Tells the building's automation (Home Assistant) which cars came and how many visitors wait.

It reads the hub's file beside the handlers; nothing else in the hub knows of it.
"""

from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from broker.choices.rows import SiteChoices
from broker.handlers.context import Hub
from broker.home_assistant.discovery import gone, of_leavers
from broker.mqtt_server.accounts import Account
from broker.store.moments import utc_text
from shared.codec import decode
from shared.messages import (
    Arrival,
    Direction,
    HouseComponent,
    HouseDiscovery,
    MaskedArrival,
    SiteCounts,
)
from shared.mqtt import Link
from shared.privacy import masked_plate

LOOK_EVERY_S = 1.0
COUNTED_FOR = timedelta(days=1)
"""An older visit is not waiting: people forgot to end it."""
AT_ONCE = 50

_COUNTS = """
    select
        (select count(*) from visits where check_in_id is not null and claimed_by is null
            and host_id is null and finished_at is null and opened_at >= :since),
        (select count(*) from alerts where closed_at is null and expires_at > :now)
"""


class House:
    """Keeps Home Assistant up to date. Belongs to the thread of the hub's loop."""

    def __init__(
        self,
        hub: Hub,
        link: Link,
        accounts: Callable[[], tuple[Account, ...]],
        describe: Callable[[tuple[Account, ...]], HouseDiscovery],
    ) -> None:
        """``describe``: what makes the site with these accounts appear in Home Assistant."""
        self._hub, self._link = hub, link
        self._accounts, self._describe = accounts, describe
        self._connection = 0
        self._shown: tuple[SiteChoices, tuple[Account, ...]] | None = None
        """What the description was made of."""
        self._described: HouseDiscovery | None = None
        self._ever: dict[str, HouseComponent] = {}
        """By key: what takes each component away that was ever described."""
        self._counts: SiteCounts | None = None
        self._due_at_s = 0.0
        self._last_row = self._newest_row()

    def step(self, moment_s: float) -> None:
        """Send what is new since the last look; ``moment_s`` is monotonic time."""
        connection = self._link.connected_count
        if connection == 0 or moment_s < self._due_at_s:
            return
        self._due_at_s = moment_s + LOOK_EVERY_S
        if connection != self._connection:  # the server may have lost everything
            self._connection, self._counts = connection, None
            self._shown = self._described = None
        self._send_description()
        self._send_arrivals()
        self._send_counts()

    def _send_description(self) -> None:
        """Tell who and what is there, and what no longer is, whenever that is another than before.

        Home Assistant keeps what a later description does not mention.
        """
        shown = self._hub.choices.now, self._accounts()
        if shown == self._shown:
            return
        self._shown, described = shown, self._describe(shown[1])
        self._ever |= of_leavers(self._hub.decider.state.departed)
        self._ever |= {key: gone(each.platform) for key, each in described.components.items()}
        described = replace(described, components=self._ever | described.components)
        if described != self._described:  # most accounts that come and go are log-ins
            self._described = described
            self._link.send(described)

    def _send_arrivals(self) -> None:
        self._last_row = min(self._last_row, self._newest_row())  # the newest may have been erased
        rows = self._hub.inbox.db.conn.execute(
            "select rowid, body from arrivals where rowid > ? and late = 0 order by rowid limit ?",
            [self._last_row, AT_ONCE],
        ).fetchall()
        for row, body in rows:
            self._last_row = row
            arrival = decode(Arrival, body.encode())
            if arrival.direction is not Direction.OUT:
                self._link.send(self._masked(arrival))

    def _masked(self, arrival: Arrival) -> MaskedArrival:
        visit = self._hub.visits.of_arrival(arrival.arrival_id)
        return MaskedArrival(
            gate_id=arrival.gate_id,
            plate=masked_plate(arrival.plate),
            seen_at=arrival.seen_at,
            owner_id=visit.owner_id if visit else None,
        )

    def _send_counts(self) -> None:
        counts = self._count()
        if self._counts is None or counts != replace(self._counts, counted_at=counts.counted_at):
            self._counts = counts
            self._link.send(counts)

    def _count(self) -> SiteCounts:
        moment = self._hub.clock()
        known = {"since": utc_text(moment - COUNTED_FOR), "now": moment.timestamp()}
        waiting, alerts = self._hub.inbox.db.conn.execute(_COUNTS, known).fetchone()
        return SiteCounts(waiting_visitors=waiting, open_alerts=alerts, counted_at=moment)

    def _newest_row(self) -> int:
        newest = self._hub.inbox.db.conn.execute("select max(rowid) from arrivals").fetchone()[0]
        return newest or 0
