"""Spouse, parents and children are one party (F27): whose customer one is, the others are too."""

from datetime import datetime

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.case import Case, returning
from broker.rules.facts import Known, Reception, Registration
from broker.rules.policy import Policy
from broker.rules.proceeding import Proceeding
from broker.rules.protection import counts, is_after_arrival, is_protected, works_here
from broker.rules.state import Basis, Ownership, SiteState
from shared.messages import Answer3


def speaks_by_car(said: c.CheckIn, phone: str | None) -> bool:
    """Whether the car tells who the visitor is (R16): a car may be hired.

    Only where they gave no phone, or say that they or their family were here before.
    """
    has_been = said.first_visit is Answer3.NO or said.family is Answer3.YES
    return phone is None or has_been


def keys_meant(said: c.CheckIn, plate: str | None) -> tuple[str, ...]:
    """The phones and plates by which a visitor's family is looked for."""
    told = said.family_phone if said.family is Answer3.YES else None
    car = plate if speaks_by_car(said, said.phone) else None
    return tuple(key for key in (said.phone, told, car) if key is not None)


def phones_of_car(
    plate: str | None, own_phone: str | None, receptions: tuple[Reception, ...]
) -> tuple[str, ...]:
    """The phones of the other visitors who came by this car, each once."""
    others = (visit.phone for visit in receptions if plate is not None and visit.plate == plate)
    return tuple(dict.fromkeys(phone for phone in others if phone not in (None, own_phone)))


def on_link_family(case: Proceeding, command: c.LinkFamily) -> None:
    """The host or a manager says that this visitor belongs to the family of a customer."""
    visit = case.state.visits.get(command.visit_id)
    if visit is not None:
        _tell(case, command.visit_id, visit.phone or visit.plate, command.keys, command.by)


def link_by_answer(case: Proceeding, said: c.CheckIn) -> None:
    """The visitor says that family was here (Q2): by which phone, or by the car of today."""
    if said.family is not Answer3.YES:
        return
    visit = case.visit(said.visit_id)
    told = (said.family_phone,) if said.family_phone is not None else ()
    by_car = phones_of_car(visit.plate, visit.phone, case.known.receptions)
    is_hired = not {*by_car} <= {other.phone for other in case.known.family_receptions}
    others = told if is_hired else (*told, *by_car)
    _tell(case, said.visit_id, visit.phone, tuple(dict.fromkeys(others)), None)


def protected_by_family(case: Case) -> Ownership | None:
    """The owner of a family member whose protection runs; the earliest entry counts (R1)."""
    running = [
        entry
        for entry in _running(case.known, case.state, case.policy, case.now)
        if not is_after_arrival(entry, case.visit)
    ]
    if not running:
        return None
    owner = running[0].consultant_id
    owned = returning(case, [entry for entry in running if entry.consultant_id == owner])
    return Ownership(
        rule=owned.rule, owner_id=owner, flags=(*owned.flags, "family"), basis=owned.basis
    )


def family_protected_by_others(
    case: Proceeding, who: str, visit: Reception | None = None
) -> Registration | None:
    """A colleague's registration of a family member that bars ``who`` from the customer (R2).

    Whoever owns the customer is not barred, nor whoever learnt of them in ``visit`` before.
    """
    if any(_is_owned(entry, case, who) for entry in case.known.registrations):
        return None
    for entry in _running(case.known, case.state, case.policy, case.now):
        if visit is None or (entry.registered_at, entry.entry) <= (visit.arrived_at, visit.entry):
            return entry if entry.consultant_id != who else None
    return None


def _is_owned(entry: Registration, case: Proceeding, who: str) -> bool:
    return (
        entry.consultant_id == who and _holds(entry) and is_protected(entry, case.policy, case.now)
    )


def _holds(entry: Registration) -> bool:
    """Whether it counts, for one key at least (R15)."""
    left = {entry.phone, *entry.plates} - {None, *entry.overruled_keys}
    return counts(entry) and not entry.is_overruled and bool(left)


def _running(
    known: Known, state: SiteState, policy: Policy, now: datetime
) -> tuple[Registration, ...]:
    """The registrations of the family whose protection runs, the first first."""
    if not policy.is_family_one_party:
        return ()
    return tuple(
        entry
        for entry in known.family_registrations
        if _holds(entry)
        and is_protected(entry, policy, now)
        and works_here(state, entry.consultant_id)
    )


def received_today_by_family(case: Case) -> Ownership | None:
    """The host of a family member's visit of today (R16)."""
    if not case.policy.is_family_one_party:
        return None
    today = case.policy.midnight(case.now)
    for reception in reversed(case.known.family_receptions):
        is_other = reception.visit_id != case.visit.visit_id
        is_todays = is_other and reception.arrived_at >= today
        if is_todays and works_here(case.state, reception.owner_id):
            basis = Basis(visit_id=reception.visit_id, received_at=reception.arrived_at)
            flags = ("same_day", "family")
            return Ownership(rule="R16", owner_id=reception.owner_id, flags=flags, basis=basis)
    return None


def _tell(
    case: Proceeding, visit_id: str, own: str | None, others: tuple[str, ...], by: str | None
) -> None:
    theirs = tuple(key for key in others if key != own)
    if own is not None and theirs:
        case.tell(e.FamilyLinked(at=case.now, visit_id=visit_id, keys=(own,), others=theirs, by=by))
