"""What follows when a customer is registered, looked up, handed over or ruled on."""

from datetime import datetime

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import Reception, Registration
from broker.rules.hosting import can_receive, decide_on, give, grant_make_up
from broker.rules.ownership import is_protected, protected_until, works_here
from broker.rules.policy import looked_up_since
from broker.rules.proceeding import Proceeding
from broker.rules.state import Basis, Ownership, Visit


def on_register(case: Proceeding, command: c.Register) -> None:
    """Enter a customer, unless a colleague's protection runs (R2).

    An entry after the arrival does not count for that visit, and the manager is told of an entry
    soon after a look-up (R3).
    """
    if any(
        registration.registration_id == command.registration_id
        for registration in case.known.registrations
    ):
        return
    if owned := _others(case, command.consultant_id):
        _refuse(case, command.consultant_id, owned)
        return
    late_for = _visit_claimed(case, command)
    registration = Registration(
        registration_id=command.registration_id,
        consultant_id=command.consultant_id,
        registered_at=case.now,
        received_at=_received_at(case, command),
        entry=case.state.entry,
        phone=command.phone,
        plates=command.plates,
        surname=command.surname,
        salutation=command.salutation,
        is_late=late_for is not None,
    )
    who, name = command.consultant_id, command.registration_id
    case.tell(n.Registered(at=case.now, consultant_id=who, registration=registration))
    if late_for is not None:
        case.tell(
            n.LateEntry(at=case.now, consultant_id=who, registration_id=name, visit_id=late_for)
        )
    if _has_looked_up(case, who):
        case.tell(n.LookThenClaim(at=case.now, consultant_id=who, registration_id=name))


def _others(case: Proceeding, consultant_id: str) -> Registration | None:
    """A colleague's registration that was in time and whose protection runs (R2)."""
    for registration in case.known.registrations:
        is_other = registration.consultant_id != consultant_id and works_here(
            case.state, registration.consultant_id
        )
        counts = not registration.is_late and not registration.is_overruled
        if is_other and counts and is_protected(registration, case.policy, case.now):
            return registration
    return None


def _refuse(case: Proceeding, who: str, owned: Registration) -> None:
    because = n.Because(
        code="not_allowed_protected",
        consultant_id=owned.consultant_id,
        until=protected_until(owned, case.policy),
    )
    case.tell(n.Refused(at=case.now, consultant_id=who, rule="R2", because=because))


def _todays(case: Proceeding, command: c.Register) -> list[Reception]:
    """This customer's visits today, open or over, latest last."""
    found = {reception.visit_id: reception for reception in case.known.receptions}
    for visit in case.state.visits.values():
        is_phone = visit.phone is not None and visit.phone == command.phone
        if is_phone or (visit.plate is not None and visit.plate in command.plates):
            found[visit.visit_id] = Reception(
                visit_id=visit.visit_id,
                arrived_at=visit.arrived_at,
                owner_id=visit.owner_id,
                host_id=visit.host_id,
            )
    return sorted(found.values(), key=lambda reception: reception.arrived_at)


def _visit_claimed(case: Proceeding, command: c.Register) -> str | None:
    """The visit of today for which this entry is too late; None: it is in time."""
    visits = _todays(case, command)
    if not visits or any(reception.owner_id == command.consultant_id for reception in visits):
        return None
    return visits[-1].visit_id


def _received_at(case: Proceeding, command: c.Register) -> datetime:
    """When they last received this customer: another entry does not prolong a protection."""
    own = [
        registration.received_at
        for registration in case.known.registrations
        if registration.consultant_id == command.consultant_id
    ]
    own += [
        reception.arrived_at
        for reception in _todays(case, command)
        if reception.owner_id == command.consultant_id
    ]
    return max(own, default=case.now)


def _has_looked_up(case: Proceeding, consultant_id: str) -> bool:
    since = looked_up_since(case.policy, case.now)
    return any(
        look_up.consultant_id == consultant_id and since <= look_up.at <= case.now
        for look_up in case.known.look_ups
    )


def on_look_up(case: Proceeding, command: c.LookUp) -> None:
    """Log the look-up itself: who asked, for what, when (R3)."""
    case.tell(
        n.LookedUp(
            at=case.now,
            consultant_id=command.consultant_id,
            phone=command.phone,
            plate=command.plate,
        )
    )


def on_owner_found(case: Proceeding, command: c.OwnerFound) -> None:
    """The visit moves to its true owner; whoever lost a turn by it is first in line (R12)."""
    visit = case.state.visits.get(command.visit_id)
    if visit is None or visit.ownership is None or visit.owner_id == command.consultant_id:
        return
    ownership = Ownership(
        rule="R12", owner_id=command.consultant_id, basis=_basis(case, command.consultant_id)
    )
    hand_over(case, visit, ownership)


def on_ruling(case: Proceeding, command: c.Rule) -> None:
    """The manager's ruling replaces the decision; other claims no longer count (R15)."""
    who, visit = command.consultant_id, case.state.visits.get(command.visit_id)
    if visit is not None and visit.ownership is not None:
        standing = visit.ownership
        if (standing.rule, standing.owner_id, standing.basis.reason) == (
            "R15",
            who,
            command.reason,
        ):
            return
    overrules = tuple(
        registration.registration_id
        for registration in case.known.registrations
        if registration.consultant_id != who and not registration.is_overruled
    )
    case.tell(
        n.Ruled(
            at=case.now,
            consultant_id=who,
            visit_id=command.visit_id,
            reason=command.reason,
            overrules=overrules,
        )
    )
    basis = Basis(reason=command.reason, registration_ids=_basis(case, who).registration_ids)
    ownership = Ownership(rule="R15", owner_id=who, basis=basis)
    if visit is None:
        _rule_on_past(case, command.visit_id, ownership)
    elif visit.ownership is not None:
        hand_over(case, visit, ownership)


def _basis(case: Proceeding, consultant_id: str) -> Basis:
    owned = (
        registration
        for registration in case.known.registrations
        if registration.consultant_id == consultant_id
    )
    return Basis(registration_ids=tuple(registration.registration_id for registration in owned))


def _rule_on_past(case: Proceeding, visit_id: str, ownership: Ownership) -> None:
    """The owner changes; who received the visitor stays as it was."""
    for reception in case.known.receptions:
        if reception.visit_id == visit_id:
            decide_on(
                case,
                e.Decided(
                    at=case.now,
                    visit_id=visit_id,
                    owner_id=ownership.owner_id,
                    host_id=reception.host_id,
                    rule=ownership.rule,
                    ownership=ownership,
                ),
            )


def hand_over(case: Proceeding, visit: Visit, ownership: Ownership) -> None:
    """Give the visit to its owner, who receives if they can; else the host carries on."""
    owner_id = ownership.owner_id or ""
    if visit.host_id is None:
        give(case, visit.visit_id, ownership)
        return
    is_moved = can_receive(case.state, case.policy, owner_id, visit)
    turn_of = None if is_moved else visit.turn_of
    case.tell(
        n.Transferred(
            at=case.now,
            consultant_id=owner_id,
            visit_id=visit.visit_id,
            from_id=visit.owner_id,
        )
    )
    decide_on(
        case,
        e.Decided(
            at=case.now,
            visit_id=visit.visit_id,
            owner_id=owner_id,
            host_id=owner_id if is_moved else visit.host_id,
            rule=ownership.rule,
            is_turn_used=turn_of is not None,
            ownership=ownership,
            turn_of=turn_of,
            make_up=visit.make_up if turn_of else None,
        ),
    )
    if visit.turn_of is not None and visit.turn_of != owner_id:
        grant_make_up(case, visit.turn_of, visit.visit_id, ownership.rule)
    if visit.turn_of is not None and is_moved and visit.make_up is None:
        case.rejoin(visit.turn_of)
