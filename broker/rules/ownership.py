"""Whose customer this is (客户归属): a row for each rule, the first that fits decides."""

from collections.abc import Callable, Iterable, Mapping

from broker.rules.case import Case, claims, returning, running, shown_key
from broker.rules.facts import Reception
from broker.rules.family import protected_by_family, received_today_by_family, speaks_by_car
from broker.rules.protection import protected_until, works_here
from broker.rules.state import MANAGER, Basis, Expected, Ownership
from shared.messages import Answer3, Evidence


def booked_against(case: Case) -> Ownership | None:
    """An appointment with somebody else, made before the owner's protection began (R5)."""
    owner = next(iter(claims(case)), None)
    expected = _appointment(case)
    if owner is None or expected is None or expected.host_id == owner.owner_id:
        return None
    return Ownership(
        rule="R5",
        owner_id=expected.host_id,
        flags=("appointment",),
        basis=Basis(registered_at=expected.booked_at, received_at=expected.starts_at),
    )


def _expected(case: Case) -> Ownership | None:
    """A VIP is the manager's word, an appointment only the host's (R5)."""
    vip = next((plan for plan in _meant(case) if plan.flag == "vip"), None)
    if vip is not None:
        return _vip(case, vip)
    booked = _appointment(case)
    if booked is None or any(claim.owner_id != booked.host_id for claim in claims(case)[:1]):
        return None
    basis = Basis(received_at=booked.starts_at)
    return Ownership(rule="R5", owner_id=booked.host_id, flags=("appointment",), basis=basis)


def _meant(case: Case) -> Iterable[Expected]:
    today = case.policy.local(case.now).date()
    for expected in case.state.expected:
        if expected.on == today and expected.is_meant(case.visit.phone, case.visit.plate):
            yield expected


def _appointment(case: Case) -> Expected | None:
    for expected in _meant(case):
        holds = not expected.gives_nothing and not expected.is_held
        is_booked = expected.flag == "appointment" and holds
        if is_booked and works_here(case.state, expected.host_id):
            return expected
    return None


def _vip(case: Case, vip: Expected) -> Ownership:
    """A protected owner stays the owner; else the plan's host owns, or the manager receives."""
    basis = Basis(received_at=vip.starts_at, is_exclusive=vip.is_exclusive)
    planned = vip.host_id if works_here(case.state, vip.host_id) else None
    if owner := next(iter(claims(case)), None):
        owned = owner.basis.registration_ids
        return Ownership(
            rule="R5",
            owner_id=owner.owner_id,
            host_id=planned,
            flags=("vip",),
            basis=Basis(
                received_at=vip.starts_at, is_exclusive=vip.is_exclusive, registration_ids=owned
            ),
        )
    host_id = None if planned else MANAGER
    return Ownership(rule="R5", owner_id=planned, host_id=host_id, flags=("vip",), basis=basis)


def _protected(case: Case) -> Ownership | None:
    owner = next(iter(claims(case)), None)
    if owner is None:
        return protected_by_family(case)
    if not is_contradicted(case, owner):
        return owner
    return Ownership(
        rule=owner.rule,
        owner_id=owner.owner_id,
        uses_turn=True,
        flags=(*owner.flags, "contradicts_answers"),
        basis=owner.basis,
    )


def is_contradicted(case: Case, owner: Ownership) -> bool:
    """Three times "no" to who registered this phone and never received the visitor (R3b)."""
    owned = [
        registration for registration in case.honest if registration.consultant_id == owner.owner_id
    ]
    is_by_phone = any(registration.phone == case.visit.phone for registration in owned)
    was_met = any(
        owner.owner_id in (reception.owner_id, reception.host_id) for reception in case.earlier
    )
    is_never_received = all(registration.is_unreceived for registration in owned)
    has_phone = case.visit.phone is not None
    return case.is_natural and has_phone and is_by_phone and is_never_received and not was_met


def _same_day(case: Case) -> Ownership | None:
    last = _last_of_party_today(case)
    if not case.policy.is_same_party_kept:
        return None
    if last is None:
        return received_today_by_family(case)
    is_other_named = case.named_id not in (None, last.owner_id, last.host_id)
    if is_other_named and case.check_in.evidence is not Evidence.NONE:
        return None
    basis = Basis(visit_id=last.visit_id, received_at=last.arrived_at)
    return Ownership(rule="R16", owner_id=last.owner_id, flags=("same_day",), basis=basis)


def _last_of_party_today(case: Case) -> Reception | None:
    """This party's latest visit today whose owner still works here."""
    today = case.policy.midnight(case.now)
    for reception in reversed(case.earlier):
        is_todays = reception.arrived_at >= today
        if is_todays and works_here(case.state, reception.owner_id) and _is_party(case, reception):
            return reception
    return None


def _is_party(case: Case, reception: Reception) -> bool:
    """The same phone; or the same car, unless another person says "never been here" (R16)."""
    phone, said = case.visit.phone, case.check_in
    if phone is not None and phone == reception.phone:
        return True
    return case.visit.plate == reception.plate and speaks_by_car(said, phone)


def _orphaned(case: Case) -> Ownership | None:
    """The protected owner has left the company: by rotation until somebody takes over (R4b)."""
    orphan = next(iter(running(case)), None)
    if orphan is None:
        return None
    basis = Basis(
        registration_ids=(orphan.registration_id,),
        registered_at=orphan.registered_at,
        received_at=orphan.received_at,
        key=shown_key(orphan, case.visit),
        left_id=orphan.consultant_id,
    )
    return Ownership(rule="R4b", flags=("orphan",), basis=basis)


def _asks_for_old_owner(case: Case) -> Ownership | None:
    owned = [
        registration for registration in case.honest if registration.consultant_id == case.named_id
    ]
    return returning(case, owned, "R7") if owned else None


def _named(case: Case) -> Ownership | None:
    """Named, with something that bears it out; by the name alone it costs a turn (R9, R4)."""
    answers = case.check_in
    was_here = answers.first_visit is Answer3.NO or answers.contacted is Answer3.YES
    was_received = any(
        case.named_id in (reception.owner_id, reception.host_id) for reception in case.earlier
    )
    if case.named_id is None or not (was_here or case.is_shown or was_received):
        return None
    evidence = None if answers.evidence is Evidence.NONE else answers.evidence.value
    return Ownership(
        rule="R9",
        owner_id=case.named_id,
        uses_turn=not case.is_shown and not case.has_trace,
        flags=("named",) if evidence is None else ("named", evidence),
        basis=Basis(evidence=evidence),
    )


def _family_named(case: Case) -> Ownership | None:
    named_id = case.family_named_id or case.named_id
    if case.check_in.family is not Answer3.YES or named_id is None:
        return None
    linked = (
        reception.visit_id
        for reception in reversed(case.earlier)
        if named_id in (reception.owner_id, reception.host_id)
    )
    basis = Basis(visit_id=next(linked, None))
    return Ownership(rule="R10", owner_id=named_id, flags=("family",), basis=basis)


def _expired(case: Case) -> Ownership | None:
    if not case.honest:
        return None
    last = max(case.honest, key=lambda registration: registration.received_at)
    basis = Basis(
        registered_at=last.registered_at,
        received_at=last.received_at,
        protected_until=protected_until(last, case.policy),
        key=shown_key(last, case.visit),
    )
    return Ownership(rule="R8", flags=("expired",), basis=basis)


def _family_unknown(case: Case) -> Ownership | None:
    if case.check_in.family is not Answer3.YES:
        return None
    return Ownership(rule="R11", flags=("split_commission",))


def _natural(case: Case) -> Ownership | None:
    return Ownership(rule="R14", flags=("natural",)) if case.is_natural else None


def _undetermined(_case: Case) -> Ownership | None:
    return Ownership(rule="R13", flags=("undetermined",))


TABLE: Mapping[str, Callable[[Case], Ownership | None]] = {
    "R5": _expected,
    "R6": _protected,
    "R16": _same_day,
    "R4b": _orphaned,
    "R7": _asks_for_old_owner,
    "R9": _named,
    "R10": _family_named,
    "R8": _expired,
    "R11": _family_unknown,
    "R14": _natural,
    "R13": _undetermined,
}
"""What each row says; None: it does not fit. The order stands in the policy."""


def ownership_of(case: Case) -> Ownership:
    """The first row that fits; R13 fits always."""
    return next(found for rule in case.policy.rows if (found := TABLE[rule](case)))
