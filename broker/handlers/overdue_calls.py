"""Who has overdue calls (回访), looked at anew only where something changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from broker.rules.policy import Policy
from broker.rules.portfolio import received_since
from broker.store.contacts import contacts_stamp
from broker.store.open_follow_ups import is_overdue
from broker.store.portfolios import portfolio_stamp
from shared.database import Database

LOOK_EVERY = timedelta(minutes=1)
"""A day begins: nobody is told of it."""
_Known = tuple[tuple[object, ...], bool]


class OverdueCalls:
    """Remembers of each owner whether a call is overdue. The hub's thread alone asks."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._looked_at: datetime | None = None

    def is_time(self, at: datetime) -> bool:
        """Whether it is time to look."""
        since = self._looked_at
        return since is None or not since <= at < since + LOOK_EVERY

    def look_soon(self) -> None:
        """Somebody called a customer, or receives one, who then needs no call."""
        self._looked_at = None

    def owners(
        self, db: Database, people: Iterable[str], policy: Policy, at: datetime
    ) -> tuple[str, ...]:
        """Those of ``people`` who should have called somebody by now."""
        self._looked_at = at
        return tuple(who for who in people if self._is_overdue(db, who, policy, at))

    def _is_overdue(self, db: Database, who: str, policy: Policy, at: datetime) -> bool:
        since, hour = received_since(policy, at), policy.local(at).strftime("%Y-%m-%d %H")
        said, entered = contacts_stamp(db, who, since), portfolio_stamp(db, who, since)
        stamp = (hour, policy.follow_up_days, *said, *entered)
        known = self._known.get(who)
        if known is None or known[0] != stamp:
            known = self._known[who] = stamp, is_overdue(db, who, policy, at)
        return known[1]
