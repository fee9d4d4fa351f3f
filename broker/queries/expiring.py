"""Whose protection ends soon (有效跟踪期将满): the owner's list of customers to call (F24)."""

from collections.abc import Iterable, Iterator

from broker.console.expiring_view import ExpiringLine
from broker.queries.owner_lists import Owner
from broker.rules.portfolio import OwnCustomer, customers, expiring, last_day, soon_over_since
from broker.store.portfolios import entered_by
from broker.wording.names import called
from shared.database import Database


def expiring_of(db: Database, owner: Owner) -> Iterator[ExpiringLine]:
    """The customers of this owner whose protection ends soon."""
    policy, at = owner.policy, owner.at
    entered = entered_by(db, owner.staff_id, *soon_over_since(policy, at))
    for customer in expiring(customers(entered, policy, at), policy, at):
        yield _line(customer, owner)


def soonest_first(lines: Iterable[ExpiringLine]) -> tuple[ExpiringLine, ...]:
    """Of all owners."""
    return tuple(sorted(lines, key=lambda line: (line.last_day, line.registration_id)))


def _line(customer: OwnCustomer, owner: Owner) -> ExpiringLine:
    latest, day = customer.latest, last_day(customer, owner.policy)
    return ExpiringLine(
        registration_id=latest.registration_id,
        owner_name=owner.name,
        visitor=called(latest.surname, latest.salutation, owner.language),
        phone=next((entry.phone for entry in customer.registrations if entry.phone), None),
        plates=tuple(
            dict.fromkeys(plate for entry in customer.registrations for plate in entry.plates)
        ),
        last_day=day,
        days_left=(day - owner.policy.local(owner.at).date()).days,
    )
