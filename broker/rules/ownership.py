"""Whose customer this is (客户归属): a row for each rule, the first that fits decides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from broker.rules.commands import CheckIn
from broker.rules.facts import Known, Reception, Registration
from broker.rules.policy import Policy
from broker.rules.state import Basis, Ownership, SiteState, Visit
from shared.messages import Answer3, Evidence
from shared.privacy import mask_phone, mask_plate


@dataclass(frozen=True, slots=True)
class Case:
    """All that a row may look at."""

    state: SiteState
    policy: Policy
    visit: Visit
    check_in: CheckIn
    known: Known
    now: datetime
    named_id: str | None
    """The consultant whom the visitor named; None also if two share the name."""

    @property
    def honest(self) -> tuple[Registration, ...]:
        """Registrations that may give this visit to somebody, earliest first (R1, R3)."""
        kept = [
            registration
            for registration in self.known.registrations
            if not registration.is_overruled and not is_after_arrival(registration, self.visit)
        ]
        return tuple(
            sorted(
                kept,
                key=lambda registration: (
                    registration.is_late,
                    registration.registered_at,
                    registration.entry,
                ),
            )
        )


def is_after_arrival(registration: Registration, visit: Visit) -> bool:
    """Whether the customer was entered after the visitor had arrived (R3)."""
    return (registration.registered_at, registration.entry) > (visit.arrived_at, visit.entry)


def protected_until(registration: Registration, policy: Policy) -> datetime:
    """The last protected moment: the day of the reception is not counted («自接待之日起», R2)."""
    first_free = policy.local(registration.received_at).date() + timedelta(
        days=policy.protection_days + 1
    )
    return datetime.combine(first_free, time(), ZoneInfo(policy.timezone))


def is_protected(registration: Registration, policy: Policy, at: datetime) -> bool:
    """Whether ``at`` lies in the protection, 24:00 of its last day included."""
    return at <= protected_until(registration, policy)


def claims(case: Case) -> tuple[Ownership, ...]:
    """A claim for each owner whose protection runs; the first wins, a second is a dispute (R15).

    A late entry never counts against one that was in time.
    """
    running = [
        registration
        for registration in case.honest
        if is_protected(registration, case.policy, case.now)
        and works_here(case.state, registration.consultant_id)
    ]
    if any(not registration.is_late for registration in running):
        running = [registration for registration in running if not registration.is_late]
    by_owner: dict[str, list[Registration]] = {}
    for registration in running:
        by_owner.setdefault(registration.consultant_id, []).append(registration)
    return tuple(_returning(case, owned) for owned in by_owner.values())


def works_here(state: SiteState, consultant_id: str | None) -> bool:
    """Whether they are on the roster and have not left the company."""
    consultant = state.roster.get(consultant_id or "")
    return consultant is not None and not consultant.has_left


def _returning(case: Case, owned: Iterable[Registration], rule: str = "R6") -> Ownership:
    registrations = tuple(owned)
    latest = max(registrations, key=lambda registration: registration.received_at)
    first = registrations[0]
    return Ownership(
        rule=rule,
        owner_id=first.consultant_id,
        flags=("returning",),
        basis=Basis(
            registration_ids=tuple(registration.registration_id for registration in registrations),
            registered_at=first.registered_at,
            received_at=latest.received_at,
            protected_until=protected_until(latest, case.policy),
            key=_key(first, case.visit),
        ),
    )


def _key(registration: Registration, visit: Visit) -> str | None:
    """The phone or plate that matched, masked."""
    if visit.phone is not None and registration.phone == visit.phone:
        return mask_phone(visit.phone)
    return mask_plate(visit.plate) if visit.plate is not None else None


def _expected(case: Case) -> Ownership | None:
    today = case.policy.local(case.now).date()
    for expected in case.state.expected:
        is_meant = expected.is_meant(case.visit.phone, case.visit.plate)
        if expected.on == today and is_meant and works_here(case.state, expected.host_id):
            basis = Basis(received_at=expected.starts_at, is_exclusive=expected.is_exclusive)
            return Ownership(
                rule="R5", owner_id=expected.host_id, flags=(expected.flag,), basis=basis
            )
    return None


def _protected(case: Case) -> Ownership | None:
    return next(iter(claims(case)), None)


def _same_day(case: Case) -> Ownership | None:
    last = last_reception(case)
    if last is None or not case.policy.is_same_party_kept:
        return None
    basis = Basis(visit_id=last.visit_id, received_at=last.arrived_at)
    return Ownership(rule="R16", owner_id=last.owner_id, flags=("same_day",), basis=basis)


def last_reception(case: Case) -> Reception | None:
    """This party's latest visit today whose owner still works here."""
    received = [
        reception
        for reception in case.known.receptions
        if reception.visit_id != case.visit.visit_id and works_here(case.state, reception.owner_id)
    ]
    return received[-1] if received else None


def _asks_for_old_owner(case: Case) -> Ownership | None:
    owned = [
        registration for registration in case.honest if registration.consultant_id == case.named_id
    ]
    return _returning(case, owned, "R7") if owned else None


def _expired(case: Case) -> Ownership | None:
    if not case.honest:
        return None
    last = max(case.honest, key=lambda registration: registration.received_at)
    basis = Basis(
        registered_at=last.registered_at,
        received_at=last.received_at,
        protected_until=protected_until(last, case.policy),
        key=_key(last, case.visit),
    )
    return Ownership(rule="R8", flags=("expired",), basis=basis)


def _named(case: Case) -> Ownership | None:
    answers = case.check_in
    was_here = answers.first_visit is Answer3.NO or answers.contacted is Answer3.YES
    if case.named_id is None or not was_here:
        return None
    evidence = None if answers.evidence is Evidence.NONE else answers.evidence.value
    flags = ("named",) if evidence is None else ("named", evidence)
    basis = Basis(evidence=evidence)
    return Ownership(rule="R9", owner_id=case.named_id, flags=flags, basis=basis)


def _family_named(case: Case) -> Ownership | None:
    if case.check_in.family is not Answer3.YES or case.named_id is None:
        return None
    return Ownership(rule="R10", owner_id=case.named_id, flags=("family",))


def _family_unknown(case: Case) -> Ownership | None:
    if case.check_in.family is not Answer3.YES:
        return None
    return Ownership(rule="R11", flags=("split_commission",))


def _natural(case: Case) -> Ownership | None:
    """All three "no": Q1 is answered "yes, the first time"."""
    said = case.check_in
    answers = (said.first_visit, said.family, said.contacted)
    if answers != (Answer3.YES, Answer3.NO, Answer3.NO):
        return None
    return Ownership(rule="R14", flags=("natural",))


def _undetermined(_case: Case) -> Ownership | None:
    return Ownership(rule="R13", flags=("undetermined",))


TABLE: Mapping[str, Callable[[Case], Ownership | None]] = {
    "R5": _expected,
    "R6": _protected,
    "R16": _same_day,
    "R7": _asks_for_old_owner,
    "R8": _expired,
    "R9": _named,
    "R10": _family_named,
    "R11": _family_unknown,
    "R14": _natural,
    "R13": _undetermined,
}
"""What each row says; None: it does not fit. The order stands in the policy."""


def ownership_of(case: Case) -> Ownership:
    """The first row that fits; R13 fits always."""
    for rule in case.policy.rows:
        if found := TABLE[rule](case):
            return found
    return Ownership(rule="R13", flags=("undetermined",))
