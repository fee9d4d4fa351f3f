"""The manager's ruling on whose customer a visitor is (R15)."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.disputes import claim_of, past_visit
from broker.rules.facts import Reception, Registration
from broker.rules.hosting import decide_on
from broker.rules.late_entries import reception_of
from broker.rules.make_ups import revoke_make_up
from broker.rules.proceeding import Proceeding
from broker.rules.protection import counts, is_protected, shared_keys
from broker.rules.state import Basis, Ownership, Visit
from broker.rules.transfers import hand_over


def on_ruling(case: Proceeding, command: c.Rule) -> None:
    """The manager's ruling replaces the decision, and lasts (R15)."""
    who, visit = command.consultant_id, case.state.visits.get(command.visit_id)
    found = reception_of(visit) if visit else past_visit(case, command.visit_id)
    if found is None or (visit is not None and visit.ownership is None):
        because = n.Because(code="not_allowed_too_old")
        case.tell(
            n.Refused(
                at=case.now,
                consultant_id=command.by,
                visit_id=command.visit_id,
                rule="R15",
                because=because,
            )
        )
        return
    if _is_ruled(visit, command) if visit else _is_past_ruled(case, found, who):
        return
    since = _begun_since(case, found, who)
    ruled = _ruled(case, command, found, since)
    case.tell(ruled)
    for entry in since:
        claims = (claim_of(case, who), claim_of(case, entry.consultant_id))
        case.tell(
            n.DisputeOpened(
                at=case.now,
                consultant_id=entry.consultant_id,
                visit_id=found.visit_id,
                claims=claims,
            )
        )
    ids = (ruled.registration.registration_id,) if ruled.registration else ()
    basis = Basis(reason=command.reason, registration_ids=ids)
    ownership = Ownership(rule="R15", owner_id=who, basis=basis)
    if visit is None:
        _rule_on_past_visit(case, found, ownership)
    else:
        hand_over(case, visit, ownership)


def _is_ruled(visit: Visit, command: c.Rule) -> bool:
    """Whether the same was ruled before."""
    standing = visit.ownership
    return standing is not None and (
        standing.rule,
        standing.owner_id,
        standing.basis.reason,
    ) == ("R15", command.consultant_id, command.reason)


def _is_past_ruled(case: Proceeding, found: Reception, who: str) -> bool:
    """Whether this winner holds the visit by a ruling already."""
    return found.owner_id == who and any(
        entry.consultant_id == who and entry.registration_id.startswith(_ruling_on(found))
        for entry in case.known.registrations
    )


def _ruling_on(found: Reception) -> str:
    """How the ids of the entries begin that rulings on this visit gave."""
    return f"ruling-{found.visit_id}-"


def _begun_since(case: Proceeding, found: Reception, who: str) -> list[Registration]:
    """A third person's protection that began after the visit: a dispute of its own."""
    keys = (found.phone, found.plate)
    return [
        entry
        for entry in case.known.registrations
        if entry.consultant_id not in (who, found.owner_id)
        and counts(entry)
        and shared_keys(entry, keys)
        and (entry.registered_at, entry.entry) > (found.arrived_at, found.entry)
        and is_protected(entry, case.policy, case.now)
    ]


def _ruled(
    case: Proceeding, command: c.Rule, found: Reception, since: list[Registration]
) -> n.Ruled:
    """The winner's entry with the keys of that visit; the losers' claims end for those keys."""
    who, spared = command.consultant_id, {entry.registration_id for entry in since}
    keys = tuple(key for key in (found.phone, found.plate) if key is not None)
    overrules = tuple(
        entry.registration_id
        for entry in case.known.registrations
        if entry.consultant_id != who
        and entry.registration_id not in spared
        and shared_keys(entry, keys)
    )
    registration = Registration(
        registration_id=f"{_ruling_on(found)}{case.state.entry}",
        consultant_id=who,
        registered_at=case.now,
        received_at=case.now,
        entry=case.state.entry,
        phone=found.phone,
        plates=(found.plate,) if found.plate else (),
        surname=found.surname,
        is_ruling=True,
    )
    return n.Ruled(
        at=case.now,
        consultant_id=who,
        visit_id=command.visit_id,
        reason=command.reason,
        by=command.by,
        overrules=overrules,
        keys=keys,
        registration=registration if keys else None,
    )


def _rule_on_past_visit(case: Proceeding, found: Reception, ownership: Ownership) -> None:
    """The owner changes; who received the visitor stays as it was.

    Who was granted a make-up turn for it and is the owner after all keeps none (R12).
    """
    revoke_make_up(case, found.visit_id, ownership.owner_id or "")
    decide_on(
        case,
        e.Decided(
            at=case.now,
            visit_id=found.visit_id,
            owner_id=ownership.owner_id,
            host_id=found.host_id,
            rule=ownership.rule,
            ownership=ownership,
        ),
    )
