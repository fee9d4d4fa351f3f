"""Whose customer this is (客户归属): one row a rule, the first that fits decides."""

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
    """The one consultant whom the visitor named; None also when two share the name."""

    @property
    def honest(self) -> tuple[Registration, ...]:
        """Registrations that may give this visit to somebody, earliest first (R1, R3)."""
        kept = [
            one
            for one in self.known.registrations
            if not one.is_overruled and not is_after_arrival(one, self.visit)
        ]
        return tuple(sorted(kept, key=lambda one: (one.is_late, one.registered_at, one.entry)))


def is_after_arrival(registration: Registration, visit: Visit) -> bool:
    """Whether it was entered when the visitor was here already (R3)."""
    return (registration.registered_at, registration.entry) > (visit.arrived_at, visit.entry)


def protected_until(registration: Registration, policy: Policy) -> datetime:
    """The last protected moment: the day of the reception is not counted («自接待之日起», R2)."""
    first_free = policy.local(registration.received_at).date() + timedelta(
        days=policy.protection_days + 1
    )
    return datetime.combine(first_free, time(), ZoneInfo(policy.timezone))


def is_protected(registration: Registration, policy: Policy, at: datetime) -> bool:
    """Whether ``at`` lies in the protection, its last day's 24:00 included."""
    return at <= protected_until(registration, policy)


def claims(case: Case) -> tuple[Ownership, ...]:
    """One for each owner whose protection runs; the first wins, a second makes a dispute (R15).

    An entry after the fact never stands against an honest one.
    """
    running = [
        one
        for one in case.honest
        if is_protected(one, case.policy, case.now) and works_here(case.state, one.consultant_id)
    ]
    if any(not one.is_late for one in running):
        running = [one for one in running if not one.is_late]
    by_owner: dict[str, list[Registration]] = {}
    for one in running:
        by_owner.setdefault(one.consultant_id, []).append(one)
    return tuple(_returning(case, owned) for owned in by_owner.values())


def works_here(state: SiteState, consultant_id: str | None) -> bool:
    """Whether he is on the roster and has not left the company."""
    consultant = state.roster.get(consultant_id or "")
    return consultant is not None and not consultant.has_left


def _returning(case: Case, owned: Iterable[Registration], rule: str = "R6") -> Ownership:
    registrations = tuple(owned)
    latest = max(registrations, key=lambda one: one.received_at)
    first = registrations[0]
    return Ownership(
        rule=rule,
        owner_id=first.consultant_id,
        flags=("returning",),
        basis=Basis(
            registration_ids=tuple(one.registration_id for one in registrations),
            registered_at=first.registered_at,
            received_at=latest.received_at,
            protected_until=protected_until(latest, case.policy),
            key=_key(first, case.visit),
        ),
    )


def _key(registration: Registration, visit: Visit) -> str | None:
    """What matched, masked as the house does."""
    if visit.phone is not None and registration.phone == visit.phone:
        return mask_phone(visit.phone)
    return mask_plate(visit.plate) if visit.plate is not None else None


def _expected(case: Case) -> Ownership | None:
    today = case.policy.local(case.now).date()
    for one in case.state.expected:
        is_meant = one.is_meant(case.visit.phone, case.visit.plate)
        if one.on == today and is_meant and works_here(case.state, one.host_id):
            basis = Basis(received_at=one.starts_at, is_exclusive=one.is_exclusive)
            return Ownership(rule="R5", owner_id=one.host_id, flags=(one.flag,), basis=basis)
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
    """The latest visit of this party today that somebody received."""
    received = [
        one
        for one in case.known.receptions
        if one.visit_id != case.visit.visit_id and works_here(case.state, one.owner_id)
    ]
    return received[-1] if received else None


def _asks_for_old_owner(case: Case) -> Ownership | None:
    owned = [one for one in case.honest if one.consultant_id == case.named_id]
    return _returning(case, owned, "R7") if owned else None


def _expired(case: Case) -> Ownership | None:
    if not case.honest:
        return None
    last = max(case.honest, key=lambda one: one.received_at)
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
