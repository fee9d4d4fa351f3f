"""Entries after the fact: which visits an entry comes too late for, and whose it is (R3)."""

from dataclasses import dataclass
from datetime import datetime

from broker.rules import commands as c
from broker.rules import notices as n
from broker.rules.facts import Reception, Registration
from broker.rules.proceeding import Proceeding
from broker.rules.protection import is_recent, shared_keys
from broker.rules.state import MANAGER, Basis, Ownership, Visit


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an entry stands among the customer's recent visits."""

    own: Reception | None = None
    """The latest that whoever enters it owned or hosted."""
    missed: Reception | None = None
    """The latest that somebody else received, so that the entry is too late; None: it is not."""


def standing_of(case: Proceeding, command: c.Register) -> Standing:
    """The latest visit of the customer who is entered, and what it means for this entry.

    The host may name an earlier visit: what was learnt in it counts from it.
    """
    who, visits = command.consultant_id, _visits_of(case, command)
    own = [visit for visit in visits if who in (visit.owner_id, visit.host_id)]
    named = [visit for visit in own if visit.visit_id == command.visit_id]
    if named or (own and own[-1] is visits[-1]):
        return Standing(own=(named or own)[-1])
    is_late = bool(visits) and is_recent(visits[-1], case.policy, case.now)
    return Standing(missed=visits[-1] if is_late else None)


def owner_of_entry(standing: Standing, who: str) -> str:
    """Whom an entry is for: what a helping host enters is the owner's (R3)."""
    own = standing.own
    if own is None or own.owner_id in (None, MANAGER):
        return who
    return own.owner_id or who


def _visits_of(case: Proceeding, command: c.Register) -> list[Reception]:
    """The visits with a key of the entry, and the one that it names; latest last."""
    found = {reception.visit_id: reception for reception in case.known.receptions}
    for visit in case.state.visits.values():
        found[visit.visit_id] = reception_of(visit)
    mine = (
        visit
        for visit in found.values()
        if visit.visit_id == command.visit_id or _has_key(command, visit)
    )
    return sorted(mine, key=lambda reception: (reception.arrived_at, reception.entry))


def reception_of(visit: Visit) -> Reception:
    """An open visit, as it will be remembered."""
    return Reception(
        visit_id=visit.visit_id,
        arrived_at=visit.arrived_at,
        entry=visit.entry,
        owner_id=visit.owner_id,
        host_id=visit.host_id,
        phone=visit.phone,
        plate=visit.plate,
        surname=visit.surname,
    )


def _has_key(command: c.Register, visit: Reception) -> bool:
    is_phone = visit.phone is not None and visit.phone == command.phone
    return is_phone or (visit.plate is not None and visit.plate in command.plates)


def late_entry(
    case: Proceeding, registration: Registration, visit_id: str, came_at: datetime
) -> n.LateEntry:
    """Tell of an entry that gives no ownership, with both times."""
    return n.LateEntry(
        at=case.now,
        consultant_id=registration.consultant_id,
        visit_id=visit_id,
        registration_id=registration.registration_id,
        came_at=came_at,
        entered_at=registration.registered_at,
    )


def outdone_by(
    case: Proceeding, own: Registration, visit: Reception | None
) -> tuple[Registration, ...]:
    """Others' entries of the keys that a host learnt, since the arrival; None: of no host."""
    keys = (own.phone, *own.plates)
    return tuple(
        other
        for other in case.known.registrations
        if visit is not None
        and not other.is_ruling
        and (other.registered_at, other.entry) > (visit.arrived_at, visit.entry)
        and other.consultant_id != own.consultant_id
        and not other.is_late
        and shared_keys(other, keys)
    )


def tell_outdone(
    case: Proceeding, own: Registration, outdone: tuple[Registration, ...], visit: Reception
) -> None:
    """The host's entry ties its keys to the visit: others' entries since its arrival are late.

    A dispute opens where such an entry tells of a phone enquiry, or of another name.
    """
    for other in outdone:
        case.tell(late_entry(case, other, visit.visit_id, visit.arrived_at))
        is_other_name = bool(other.surname and own.surname) and other.surname != own.surname
        if other.channel == "phone" or is_other_name:
            case.tell(
                n.DisputeOpened(
                    at=case.now,
                    consultant_id=other.consultant_id,
                    visit_id=visit.visit_id,
                    claims=(_claim_of(own), _claim_of(other)),
                )
            )


def _claim_of(registration: Registration) -> Ownership:
    return Ownership(
        rule="R3",
        owner_id=registration.consultant_id,
        basis=Basis(
            registration_ids=(registration.registration_id,),
            registered_at=registration.registered_at,
            received_at=registration.received_at,
        ),
    )
