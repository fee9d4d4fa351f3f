"""Whom an owner has to call, as the hub's file tells it."""

from datetime import datetime

from broker.rules.follow_ups import FollowUp, Stage, follow_ups
from broker.rules.policy import Policy
from broker.rules.portfolio import customers, received_since
from broker.store.contacts import contacts_by
from broker.store.portfolios import received_by
from shared.database import Database


def follow_ups_of(
    db: Database, owner_id: str, policy: Policy, at: datetime
) -> tuple[FollowUp, ...]:
    """The owner's protected customers who are to be called, the most urgent first."""
    since = received_since(policy, at)
    own = customers(received_by(db, owner_id, since), policy, at)
    return follow_ups(own, contacts_by(db, owner_id, since), policy, at)


def is_overdue(db: Database, owner_id: str, policy: Policy, at: datetime) -> bool:
    """Whether this owner should have called somebody by now."""
    found = follow_ups_of(db, owner_id, policy, at)
    return any(one.stage is Stage.OVERDUE for one in found)


def owners(db: Database) -> tuple[str, ...]:
    """Everybody who ever entered a customer."""
    rows = db.conn.execute("select distinct consultant_id from registrations order by 1")
    return tuple(owner_id for (owner_id,) in rows)
