"""What follows when a visitor arrives, checks in, corrects their data and leaves."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.case import Case, claims
from broker.rules.exclusive import free_times, is_kept_out, turn_away
from broker.rules.family import link_by_answer
from broker.rules.hosting import give
from broker.rules.late_entries import late_entry
from broker.rules.make_ups import drop_make_up
from broker.rules.match import consultants_meant
from broker.rules.ownership import booked_against, ownership_of
from broker.rules.proceeding import Proceeding
from broker.rules.protection import is_after_arrival, protected_by_others
from broker.rules.state import MANAGER, Ownership, Visit
from shared.privacy import mask_phone, mask_plate


def on_arrive(case: Proceeding, command: c.Arrive) -> None:
    """A car opens a visit; the gate is told if the house is kept for a VIP (清场接待)."""
    if command.visit_id in case.state.visits:
        return
    case.tell(e.Arrived(at=command.at, visit_id=command.visit_id, plate=command.plate))
    if is_kept_out(case.visit(command.visit_id), case.state, case.policy, case.now):
        free = free_times(case.state, case.policy, case.now)
        because = n.Because(code="not_allowed_house_closed", free=free)
        case.tell(n.Refused(at=case.now, visit_id=command.visit_id, rule="R5", because=because))


def on_correct_plate(case: Proceeding, command: c.CorrectPlate) -> None:
    """The car has another plate; a decision already taken stands until somebody objects."""
    visit = case.state.visits.get(command.visit_id)
    if visit is not None and visit.plate != command.plate:
        case.tell(e.PlateCorrected(at=case.now, visit_id=command.visit_id, plate=command.plate))


def on_depart(case: Proceeding, command: c.Depart) -> None:
    """The car leaves: a driver may have dropped a guest, so the host is asked.

    Of a VIP, who checks in nowhere, the manager is asked: the house is kept until they have left.
    """
    for visit in tuple(case.state.visits.values()):
        if visit.plate != command.plate or visit.arrived_at > command.at:
            continue
        is_vip = any(plan.is_visited_by(visit) for plan in case.state.expected)
        if visit.ownership is None and not is_vip:  # nobody ever checked in
            case.tell(e.Finished(at=case.now, visit_id=visit.visit_id))
        elif visit.departed_at is None:
            asked = MANAGER if visit.ownership is None else visit.host_id
            case.tell(n.DepartureAsked(at=case.now, consultant_id=asked, visit_id=visit.visit_id))


def on_still_here(case: Proceeding, command: c.StillHere) -> None:
    """The visitor stayed: nobody is asked again before the next car."""
    visit = case.state.visits.get(command.visit_id)
    if visit is not None and visit.departed_at is not None:
        case.tell(e.StayedOn(at=case.now, visit_id=visit.visit_id))


def on_finish(case: Proceeding, command: c.Finish) -> None:
    """The reception is over."""
    if command.visit_id in case.state.visits:
        finish(case, command.visit_id)


def finish(case: Proceeding, visit_id: str) -> None:
    """Close the visit; the consultant whose turn it used is in the line again (R22)."""
    visit = case.visit(visit_id)
    is_seen_by_posts = case.policy.must_meet_within_s > 0
    if is_seen_by_posts and visit.met_at is None and visit.turn_of is not None:
        drop_make_up(case, visit)
        case.tell(
            n.TurnGivenBack(
                at=case.now,
                consultant_id=visit.turn_of,
                visit_id=visit_id,
                make_up=visit.make_up,
            )
        )
    if visit.plate is not None and not visit.has_car_left:
        case.tell(n.FinishedInside(at=case.now, consultant_id=visit.host_id, visit_id=visit_id))
    visit = case.visit(visit_id)
    case.tell(e.Finished(at=case.now, visit_id=visit_id, consultant_id=visit.host_id))
    if visit.turn_of is not None and visit.make_up is None:
        case.rejoin(visit.turn_of)
    if visit.is_stand_in_counted and visit.host_id is not None:
        case.rejoin(visit.host_id)


def on_check_in(case: Proceeding, command: c.CheckIn) -> None:
    """Decide whose customer this is, and who receives them."""
    visit = case.state.visits.get(command.visit_id)
    if visit is not None and (visit.unseen or visit.kept_out):
        return
    if visit is not None and visit.ownership is not None:
        if (visit.phone, visit.surname) != (command.phone, command.surname):
            because = n.Because(code="not_allowed_already_decided")
            case.tell(n.Refused(at=case.now, visit_id=visit.visit_id, rule="R15", because=because))
        return
    case.tell(
        e.CheckedIn(
            at=command.at,
            visit_id=command.visit_id,
            plate=command.plate,
            phone=command.phone,
            surname=command.surname,
            salutation=command.salutation,
            unseen=command if _must_be_seen(case, command) else None,
        )
    )
    link_by_answer(case, command)
    if not _must_be_seen(case, command):
        _decide(case, command)


def on_met(case: Proceeding, command: c.Met) -> None:
    """A post has seen the visitor; answers from the visitor's own phone count from now (R23)."""
    visit = case.state.visits.get(command.visit_id)
    if visit is None or visit.met_at is not None:
        return
    case.tell(e.VisitorMet(at=case.now, visit_id=visit.visit_id, by=command.by))
    if visit.unseen is not None:
        _decide(case, visit.unseen)


def on_let_in(case: Proceeding, command: c.LetIn) -> None:
    """Somebody lets the visitor in; what they answered at the tablet is decided on now."""
    visit = case.state.visits.get(command.visit_id)
    is_listed = any(each.visit_id == command.visit_id for each in case.state.waiting)
    if not is_listed and (visit is None or visit.is_let_in or visit.ownership is not None):
        return
    case.tell(e.CameIn(at=case.now, visit_id=command.visit_id, by=command.by))
    if visit is not None and visit.kept_out is not None:
        _decide(case, visit.kept_out)


def _must_be_seen(case: Proceeding, command: c.CheckIn) -> bool:
    visit = case.state.visits.get(command.visit_id)
    is_unseen = visit is None or visit.met_at is None
    return case.policy.must_meet_within_s > 0 and command.is_own_phone and is_unseen


def _decide(case: Proceeding, command: c.CheckIn) -> None:
    if is_kept_out(case.visit(command.visit_id), case.state, case.policy, case.now):
        turn_away(case, command.visit_id, command)
        return
    facts = Case(
        state=case.state,
        policy=case.policy,
        visit=case.visit(command.visit_id),
        check_in=command,
        known=case.known,
        now=case.now,
        named_id=_named(case, command, command.named),
        family_named_id=_named(case, command, command.family_named),
    )
    _tell_late_entries(case, facts.visit)
    ownership = ownership_of(facts)
    give(case, command.visit_id, ownership)
    if ownership.rule in ("R5", "R6"):
        booked = booked_against(facts) if ownership.rule == "R6" else None
        claimed = (*claims(facts), *((booked,) if booked else ()))
        _tell_dispute(case, command.visit_id, claimed)
    _tell_of_owner(case, command.visit_id, ownership)


def _tell_of_owner(case: Proceeding, visit_id: str, ownership: Ownership) -> None:
    """Tell the manager of an owner who left, or never met whom they registered (R4b, R3b)."""
    names = ownership.basis.registration_ids
    if ownership.rule == "R4b":
        left = ownership.basis.left_id
        case.tell(
            n.Orphaned(at=case.now, consultant_id=left, visit_id=visit_id, registration_id=names[0])
        )
    if "contradicts_answers" in ownership.flags:
        case.tell(
            n.ContradictsAnswers(
                at=case.now,
                consultant_id=ownership.owner_id,
                visit_id=visit_id,
                registration_id=names[0],
            )
        )


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
    found = protected_by_others(case, (command.phone, command.plate), command.owner_id)
    other = found.consultant_id if found else None
    if other is None and not command.is_registered:
        return
    case.tell(
        n.KeysCorrected(
            at=case.now,
            consultant_id=command.owner_id,
            visit_id=command.visit_id,
            was=_shown(command.was_phone, command.was_plate),
            now=_shown(command.phone, command.plate),
            registered_by=other,
        )
    )


def _shown(phone: str | None, plate: str | None) -> str:
    """Phone and plate, masked."""
    parts = [mask_phone(phone) if phone else "", mask_plate(plate) if plate else ""]
    return " ".join(filter(None, parts))


def _named(case: Proceeding, command: c.CheckIn, name: str | None) -> str | None:
    """The consultant whom the visitor named; the manager is told if two share the name."""
    if name is None:
        return None
    meant = consultants_meant(case.state.roster.values(), name)
    if len(meant) > 1:
        because = n.Because(code="escalated_two_names", named=name, count=len(meant))
        case.tell(n.Escalated(at=case.now, visit_id=command.visit_id, because=because))
    return meant[0].id if len(meant) == 1 else None


def _tell_late_entries(case: Proceeding, visit: Visit) -> None:
    """Tell of entries between arrival and check-in: they give no ownership (R3)."""
    for registration in case.known.registrations:
        if is_after_arrival(registration, visit) and not registration.is_late:
            case.tell(late_entry(case, registration, visit.visit_id, visit.arrived_at))


def _tell_dispute(case: Proceeding, visit_id: str, claimed: tuple[Ownership, ...]) -> None:
    """Two owners: the earlier claim holds; the other owner and the manager are told (R1, R15)."""
    for other in claimed[1:]:
        case.tell(
            n.DisputeOpened(
                at=case.now, consultant_id=other.owner_id, visit_id=visit_id, claims=claimed
            )
        )
