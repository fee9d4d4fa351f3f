"""Lists of each owner's customers, made anew only when something of that owner's changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from broker.rules.policy import Policy
from broker.rules.portfolio import received_since
from broker.store.contacts import contacts_stamp
from broker.store.known_elsewhere import known_stamp
from broker.store.portfolios import portfolio_stamp, rulings_stamp
from shared.database import Database

L = TypeVar("L")


class Owner(NamedTuple):
    """Whose list it is, by which rules, for a reader of which language."""

    staff_id: str
    name: str
    policy: Policy
    at: datetime
    language: str


class OwnerLists(Generic[L]):
    """The lists, each remembered: forty phones ask every ten seconds. Any thread may ask."""

    def __init__(self, lines_of: Callable[[Database, Owner], Iterable[L]]) -> None:
        self._lines_of = lines_of
        self._known: dict[tuple[str, str], tuple[object, tuple[L, ...]]] = {}

    def lines(
        self, db: Database, owners: Mapping[str, str], policy: Policy, at: datetime, language: str
    ) -> Iterator[L]:
        """The lists of these owners (name by id), one after the other."""
        since, today = received_since(policy, at), policy.local(at).date()
        of_all = rulings_stamp(db), known_stamp(db), today, policy
        for staff_id, name in owners.items():
            entered = portfolio_stamp(db, staff_id, since)
            stamp = entered, contacts_stamp(db, staff_id, since), of_all, name
            known = self._known.get((staff_id, language))
            if known is None or known[0] != stamp:
                found = self._lines_of(db, Owner(staff_id, name, policy, at, language))
                known = self._known[staff_id, language] = stamp, tuple(found)
            yield from known[1]
