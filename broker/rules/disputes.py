"""Whose customer a visitor is after all: found during the reception, or claimed (R12, R15)."""

from datetime import timedelta

from broker.rules import commands as c
from broker.rules import notices as n
from broker.rules.facts import Reception, Registration
from broker.rules.late_entries import reception_of
from broker.rules.proceeding import Proceeding
from broker.rules.protection import (
    counts,
    is_after_arrival,
    is_protected,
    shared_keys,
    works_here,
)
from broker.rules.stand_ins import on_hand_over
from broker.rules.state import Basis, Ownership, Visit
from broker.rules.transfers import give_back, hand_over
from shared.messages import Ground


def on_owner_found(case: Proceeding, command: c.OwnerFound) -> None:
    """The host or a manager says whose customer it is, with a ground; others only claim (R12)."""
    visit, who = case.state.visits.get(command.visit_id), command.consultant_id
    if visit is None or visit.ownership is None or visit.owner_id == who:
        return
    by = command.by or visit.host_id
    if not command.is_manager and (by != visit.host_id or by == who):
        if command.by != who and visit.host_id == who:
            return  # they receive the visitor already; only their own word claims
        _claim(case, reception_of(visit), who, command.ground)
        return
    if not works_here(case.state, who):
        return
    if visit.given_by == who:
        give_back(case, visit, who)
        return
    entries = _entries_before(case, visit)
    theirs = tuple(entry for entry in entries if entry.consultant_id == who)
    others = [
        entry
        for entry in entries
        if entry.consultant_id != who
        and works_here(case.state, entry.consultant_id)
        and is_protected(entry, case.policy, case.now)
    ]
    if others:
        _dispute(case, reception_of(visit), who, command.ground)
    elif not theirs and _has_no_ground(command):
        on_hand_over(case, _courtesy(command, by))
    else:
        ids = tuple(entry.registration_id for entry in theirs)
        basis = Basis(registration_ids=ids, evidence=None if theirs else command.ground.value)
        found = Ownership(rule="R12", owner_id=who, basis=basis, uses_turn=not theirs)
        hand_over(case, visit, found)


def _has_no_ground(command: c.OwnerFound) -> bool:
    if command.ground is Ground.REASON:
        return not command.is_manager
    return command.ground is Ground.REGISTRATION


def _courtesy(command: c.OwnerFound, by: str | None) -> c.HandOver:
    return c.HandOver(
        at=command.at,
        visit_id=command.visit_id,
        consultant_id=command.consultant_id,
        by=by,
        is_manager=command.is_manager,
    )


def _entries_before(case: Proceeding, visit: Visit) -> list[Registration]:
    """Entries for this visitor that were made in time, before the arrival."""
    return [
        entry
        for entry in case.known.registrations
        if counts(entry)
        and shared_keys(entry, (visit.phone, visit.plate))
        and not is_after_arrival(entry, visit)
    ]


def on_claim_visitor(case: Proceeding, command: c.ClaimVisitor) -> None:
    """A consultant wants somebody else's visitor: a dispute opens and nobody moves (R12)."""
    visit = case.state.visits.get(command.visit_id)
    found = reception_of(visit) if visit else past_visit(case, command.visit_id)
    if found is None or found.owner_id == command.consultant_id:
        return
    _claim(case, found, command.consultant_id, command.ground)


def _claim(case: Proceeding, visit: Reception, who: str, ground: Ground) -> None:
    open_dispute = case.state.disputes.get(visit.visit_id)
    if open_dispute and any(claim.owner_id == who for claim in open_dispute.claims[1:]):
        return
    case.tell(n.Claimed(at=case.now, consultant_id=who, visit_id=visit.visit_id, ground=ground))
    _dispute(case, visit, who, ground)


def _dispute(case: Proceeding, visit: Reception, who: str, ground: Ground) -> None:
    """Both sides, and who claimed before, with what each rests on (R15)."""
    before = case.state.disputes.get(visit.visit_id)
    standing = before.claims if before else (claim_of(case, visit.owner_id),)
    if any(claim.owner_id == who for claim in standing):
        return
    claims = (*standing, claim_of(case, who, ground))
    case.tell(
        n.DisputeOpened(at=case.now, consultant_id=who, visit_id=visit.visit_id, claims=claims)
    )


def claim_of(case: Proceeding, who: str | None, ground: Ground | None = None) -> Ownership:
    """What somebody's claim to a visitor rests on."""
    entries = [entry for entry in case.known.registrations if entry.consultant_id == who]
    return Ownership(
        rule="R15",
        owner_id=who,
        basis=Basis(
            registration_ids=tuple(entry.registration_id for entry in entries),
            registered_at=entries[0].registered_at if entries else None,
            evidence=ground.value if ground else None,
        ),
    )


def past_visit(case: Proceeding, visit_id: str) -> Reception | None:
    """A visit that is over and can still be disputed and ruled on (R15)."""
    last = timedelta(days=case.policy.ruling_within_days)
    for reception in case.known.receptions:
        if reception.visit_id == visit_id and reception.arrived_at > case.now - last:
            return reception
    return None
