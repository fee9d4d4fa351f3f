"""Who leaves the company, and who gets their customers (R4b)."""

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import notices as n
from broker.rules.facts import Registration
from broker.rules.proceeding import Proceeding
from broker.rules.protection import works_here
from broker.rules.stand_ins import refuse


def on_leaves_company(case: Proceeding, command: c.LeavesCompany) -> None:
    """From now on they receive nobody and own nobody; their customers are orphans.

    Somebody of another post, whom the roster does not know, leaves as well.
    """
    who = command.consultant_id
    if who in case.state.roster:
        leave_company(case, who)
    elif who not in case.state.departed:
        case.tell(n.LeftCompany(at=case.now, consultant_id=who))


def leave_company(case: Proceeding, consultant_id: str) -> None:
    """Note that they left; whom they receive goes to colleagues."""
    if works_here(case.state, consultant_id):
        case.tell(n.LeftCompany(at=case.now, consultant_id=consultant_id))


def on_hand_over_customers(case: Proceeding, command: c.HandOverCustomers) -> None:
    """Each customer goes to a receiver, with a reason, in one act; entries that waited count."""
    left = command.consultant_id
    if works_here(case.state, left):
        refuse(case, left, None, "still_works_here")
        return
    by_id = {entry.registration_id: entry for entry in case.known.registrations}
    given = tuple(
        customer
        for customer in command.given
        if works_here(case.state, customer.consultant_id)
        and _is_theirs(by_id.get(customer.registration_id), left)
    )
    if not given:
        return
    case.tell(
        n.CustomersHandedOver(
            at=case.now,
            consultant_id=left,
            act_id=command.act_id,
            given=given,
            registrations=tuple(
                replace(
                    by_id[customer.registration_id],
                    registration_id=f"{command.act_id}-{number}",
                    consultant_id=customer.consultant_id,
                    entry=case.state.entry,
                )
                for number, customer in enumerate(given, start=1)
            ),
        )
    )
    _release_what_waited(case, given, by_id)


def _is_theirs(registration: Registration | None, left: str) -> bool:
    return (
        registration is not None
        and registration.consultant_id == left
        and not registration.is_overruled
    )


def _release_what_waited(
    case: Proceeding,
    given: tuple[c.GivenCustomer, ...],
    by_id: dict[str, Registration],
) -> None:
    """The receiver's own entry of a customer waited for this (R4b)."""
    released = tuple(
        waiting.registration_id
        for waiting in case.known.registrations
        if waiting.is_held
        and any(
            waiting.consultant_id == customer.consultant_id
            and _share_a_key(waiting, by_id[customer.registration_id])
            for customer in given
        )
    )
    if released:
        case.tell(n.EntriesReleased(at=case.now, registration_ids=released))


def _share_a_key(one: Registration, other: Registration) -> bool:
    is_phone = one.phone is not None and one.phone == other.phone
    return is_phone or not set(one.plates).isdisjoint(other.plates)
