"""What follows when a visitor arrives, checks in, corrects their data and leaves."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.hosting import give
from broker.rules.match import consultants_meant
from broker.rules.ownership import (
    Case,
    claims,
    is_after_arrival,
    is_protected,
    ownership_of,
    works_here,
)
from broker.rules.proceeding import Proceeding
from broker.rules.state import Ownership
from shared.privacy import mask_phone, mask_plate


def on_arrive(case: Proceeding, command: c.Arrive) -> None:
    """A car opens a visit; the gate is told if the house is kept for a VIP (清场接待)."""
    if command.visit_id in case.state.visits:
        return
    case.tell(e.Arrived(at=command.at, visit_id=command.visit_id, plate=command.plate))
    is_vip = any(expected.is_meant(None, command.plate) for expected in case.state.expected)
    runs = any(
        visit.ownership is not None and visit.ownership.basis.is_exclusive
        for visit in case.state.visits.values()
    )
    if runs and not is_vip:
        because = e.Because(code="not_allowed_house_closed")
        case.tell(e.Refused(at=case.now, visit_id=command.visit_id, rule="R5", because=because))


def on_correct_plate(case: Proceeding, command: c.CorrectPlate) -> None:
    """The car has another plate; a decision already taken stands until somebody objects."""
    visit = case.state.visits.get(command.visit_id)
    if visit is not None and visit.plate != command.plate:
        case.tell(e.PlateCorrected(at=case.now, visit_id=command.visit_id, plate=command.plate))


def on_depart(case: Proceeding, command: c.Depart) -> None:
    """The car leaves: the visit of whoever came in it is over."""
    for visit in tuple(case.state.visits.values()):
        if visit.plate == command.plate and visit.arrived_at <= command.at:
            finish(case, visit.visit_id)


def on_finish(case: Proceeding, command: c.Finish) -> None:
    """The reception is over."""
    if command.visit_id in case.state.visits:
        finish(case, command.visit_id)


def finish(case: Proceeding, visit_id: str) -> None:
    """Close the visit; the consultant whose turn it used is in the line again (R22)."""
    visit = case.visit(visit_id)
    case.tell(e.Finished(at=case.now, visit_id=visit_id, consultant_id=visit.host_id))
    if visit.turn_of is not None and visit.make_up is None:
        case.rejoin(visit.turn_of)


def on_check_in(case: Proceeding, command: c.CheckIn) -> None:
    """Decide whose customer this is, and who receives them."""
    visit = case.state.visits.get(command.visit_id)
    if visit is not None and visit.ownership is not None:
        if (visit.phone, visit.surname) != (command.phone, command.surname):
            because = e.Because(code="not_allowed_already_decided")
            case.tell(e.Refused(at=case.now, visit_id=visit.visit_id, rule="R15", because=because))
        return
    case.tell(
        e.CheckedIn(
            at=command.at,
            visit_id=command.visit_id,
            plate=command.plate,
            phone=command.phone,
            surname=command.surname,
            salutation=command.salutation,
        )
    )
    facts = Case(
        state=case.state,
        policy=case.policy,
        visit=case.visit(command.visit_id),
        check_in=command,
        known=case.known,
        now=case.now,
        named_id=_named(case, command),
    )
    _tell_late_entries(case, facts)
    ownership = ownership_of(facts)
    give(case, command.visit_id, ownership)
    if ownership.rule == "R6":
        _tell_dispute(case, command.visit_id, claims(facts))


def on_correct_visitor(case: Proceeding, command: c.CorrectVisitor) -> None:
    """Keep what the visitor corrects.

    The decision stands: no owner gains or loses a customer by a new number; the manager is told
    if an owner could.
    """
    case.tell(
        e.VisitorCorrected(
            at=case.now,
            visit_id=command.visit_id,
            plate=command.plate,
            phone=command.phone,
            surname=command.surname,
            salutation=command.salutation,
        )
    )
    if (command.phone, command.plate) == (command.was_phone, command.was_plate):
        return
    other = _other_owner(case, command.owner_id)
    if other is None and not command.is_registered:
        return
    case.tell(
        e.KeysCorrected(
            at=case.now,
            consultant_id=command.owner_id,
            visit_id=command.visit_id,
            was=_shown(command.was_phone, command.was_plate),
            now=_shown(command.phone, command.plate),
            registered_by=other,
        )
    )


def _other_owner(case: Proceeding, owner_id: str | None) -> str | None:
    """Who has a running protection for the corrected phone or plate and is not the owner."""
    for registration in case.known.registrations:
        is_running = not registration.is_overruled and is_protected(
            registration, case.policy, case.now
        )
        if (
            is_running
            and registration.consultant_id != owner_id
            and works_here(case.state, registration.consultant_id)
        ):
            return registration.consultant_id
    return None


def _shown(phone: str | None, plate: str | None) -> str:
    """Phone and plate, masked."""
    parts = [mask_phone(phone) if phone else "", mask_plate(plate) if plate else ""]
    return " ".join(filter(None, parts))


def _named(case: Proceeding, command: c.CheckIn) -> str | None:
    """The consultant whom the visitor named; the manager is told if two share the name."""
    if command.named is None:
        return None
    meant = consultants_meant(case.state.roster.values(), command.named)
    if len(meant) > 1:
        because = e.Because(code="escalated_two_names", named=command.named, count=len(meant))
        case.tell(e.Escalated(at=case.now, visit_id=command.visit_id, because=because))
    return meant[0].id if len(meant) == 1 else None


def _tell_late_entries(case: Proceeding, facts: Case) -> None:
    """Tell of entries between arrival and check-in: they do not count for this visit (R3)."""
    for registration in case.known.registrations:
        if is_after_arrival(registration, facts.visit) and not registration.is_late:
            case.tell(
                e.LateEntry(
                    at=case.now,
                    consultant_id=registration.consultant_id,
                    visit_id=facts.visit.visit_id,
                    registration_id=registration.registration_id,
                )
            )


def _tell_dispute(case: Proceeding, visit_id: str, claimed: tuple[Ownership, ...]) -> None:
    """Two owners: the earlier claim holds; the other owner and the manager are told (R1, R15)."""
    for other in claimed[1:]:
        case.tell(
            e.DisputeOpened(
                at=case.now, consultant_id=other.owner_id, visit_id=visit_id, claims=claimed
            )
        )
