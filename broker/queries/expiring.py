"""Whose protection ends soon (有效跟踪期将满): the owner's list of customers to call (F24)."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from broker.console.expiring_view import ExpiringLine
from broker.rules.policy import Policy
from broker.rules.portfolio import OwnCustomer, customers, expiring, last_day, soon_over_since
from broker.store.portfolios import entered_by
from broker.wording.names import called
from shared.database import Database


def expiring_of(
    db: Database, owners: Mapping[str, str], policy: Policy, at: datetime, language: str
) -> tuple[ExpiringLine, ...]:
    """The customers of these owners (name by id) whose protection ends soon, the first first."""
    lines = (
        line
        for staff_id, name in owners.items()
        for line in _of_owner(db, staff_id, name, policy, at, language)
    )
    return tuple(sorted(lines, key=lambda line: (line.last_day, line.registration_id)))


def _of_owner(
    db: Database, staff_id: str, name: str, policy: Policy, at: datetime, language: str
) -> Iterator[ExpiringLine]:
    since, until = soon_over_since(policy, at)
    entered = entered_by(db, staff_id, since, until)
    for customer in expiring(customers(entered, policy, at), policy, at):
        yield _line(customer, name, policy, at, language)


def _line(
    customer: OwnCustomer, name: str, policy: Policy, at: datetime, language: str
) -> ExpiringLine:
    latest, day = customer.latest, last_day(customer, policy)
    return ExpiringLine(
        registration_id=latest.registration_id,
        owner_name=name,
        visitor=called(latest.surname, latest.salutation, language),
        phone=next((entry.phone for entry in customer.registrations if entry.phone), None),
        plates=tuple(
            dict.fromkeys(plate for entry in customer.registrations for plate in entry.plates)
        ),
        last_day=day,
        days_left=(day - policy.local(at).date()).days,
    )
