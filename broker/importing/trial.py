"""What would happen if a table were entered: who is new, known already, or another's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from broker.importing.customer_rows import Wrong, phones_and_plates
from broker.local.questions import ListedCustomer
from broker.rules.policy import Policy
from broker.rules.portfolio import received_since
from broker.rules.protection import counts, is_protected
from broker.store.moments import utc_text
from broker.store.register import CustomerRegister
from broker.store.registration_rows import COLUMNS
from shared.database import Database


@dataclass(frozen=True, slots=True)
class Conflict:
    """A customer of the table who is protected for somebody else (R2)."""

    customer: ListedCustomer
    owner_id: str


@dataclass(slots=True)
class TableTrial:
    """The rows of a table, by what would become of them."""

    fresh: list[ListedCustomer] = field(default_factory=list)
    known: list[ListedCustomer] = field(default_factory=list)
    """Their consultant has them already; nothing would change."""
    conflicts: list[Conflict] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def tried(
    read: Iterable[ListedCustomer | Wrong | None], owners: Mapping[str, Mapping[str, str]]
) -> TableTrial:
    """What would happen; ``owners``: see ``owners_of``."""
    trial, seen = TableTrial(), dict[str, str]()
    for customer in read:
        if customer is None:
            continue
        if isinstance(customer, Wrong):
            trial.wrong.append(customer)
            continue
        own, keys = customer.consultant_id, tuple(phones_and_plates(customer))
        others = [owner for key in keys for owner in owners.get(key, ()) if owner != own]
        others += [seen[key] for key in keys if seen.get(key, own) != own]
        if others:
            trial.conflicts.append(Conflict(customer, others[0]))
        elif keys and all(own in owners.get(key, ()) or seen.get(key) == own for key in keys):
            trial.known.append(customer)
        else:
            trial.fresh.append(customer)
            seen.update(dict.fromkeys(keys, own))
    return trial


def owners_of(
    db: Database, policy: Policy, at: datetime, here: frozenset[str]
) -> dict[str, dict[str, str]]:
    """By phone or plate for whom a customer is protected at ``at``: of those who work here."""
    found: dict[str, dict[str, str]] = {}
    register = CustomerRegister(db)
    rows = db.conn.execute(
        f"select {COLUMNS} from registrations where received_at >= ? and not is_overruled",
        [utc_text(received_since(policy, at))],
    ).fetchall()
    for entered in register.read(rows):
        if entered.consultant_id not in here or not counts(entered):
            continue
        if is_protected(entered, policy, at):
            for key in set(phones_and_plates(entered)) - set(entered.overruled_keys):
                found.setdefault(key, {})[entered.consultant_id] = entered.registration_id
    return found
