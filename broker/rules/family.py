"""Spouse, parents and children are one party (F27): whose customer one is, the others are too."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.case import Case, returning
from broker.rules.proceeding import Proceeding
from broker.rules.protection import is_after_arrival, is_protected, works_here
from broker.rules.state import Basis, Ownership
from shared.messages import Answer3


def on_link_family(case: Proceeding, command: c.LinkFamily) -> None:
    """The host or a manager says that this visitor belongs to the family of a customer."""
    visit = case.state.visits.get(command.visit_id)
    if visit is not None:
        _tell(case, command.visit_id, (visit.phone, visit.plate), command.keys, command.by)


def link_by_answer(case: Proceeding, said: c.CheckIn) -> None:
    """The visitor says at the tablet that family was here (Q2), and by which phone."""
    if said.family is Answer3.YES and said.family_phone is not None:
        visit = case.visit(said.visit_id)
        _tell(case, said.visit_id, (visit.phone, visit.plate), (said.family_phone,), None)


def protected_by_family(case: Case) -> Ownership | None:
    """The owner of a family member whose protection runs; the earliest entry counts (R1)."""
    if not case.policy.is_family_one_party:
        return None
    running = [
        entry
        for entry in case.known.family_registrations
        if not (entry.is_late or entry.is_held or entry.is_overruled)
        and not is_after_arrival(entry, case.visit)
        and is_protected(entry, case.policy, case.now)
        and works_here(case.state, entry.consultant_id)
    ]
    if not running:
        return None
    owner = running[0].consultant_id
    owned = returning(case, [entry for entry in running if entry.consultant_id == owner])
    return Ownership(
        rule=owned.rule, owner_id=owner, flags=(*owned.flags, "family"), basis=owned.basis
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
    case: Proceeding,
    visit_id: str,
    own: tuple[str | None, ...],
    others: tuple[str, ...],
    by: str | None,
) -> None:
    keys = tuple(key for key in own if key is not None)
    theirs = tuple(key for key in others if key not in keys)
    if keys and theirs:
        linked = e.FamilyLinked(at=case.now, visit_id=visit_id, keys=keys, others=theirs, by=by)
        case.tell(linked)
