"""A check-in as the decision table sees it, and whose protection runs for the visitor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from broker.rules.commands import CheckIn
from broker.rules.facts import Known, Reception, Registration
from broker.rules.policy import Policy
from broker.rules.protection import (
    honest,
    is_after_arrival,
    is_protected,
    protected_until,
    works_here,
)
from broker.rules.state import Basis, Ownership, SiteState, Visit
from shared.messages import Answer3, Evidence
from shared.privacy import mask_phone, mask_plate

_SHOWN = (Evidence.SMS, Evidence.CARD, Evidence.WECHAT)
"""Evidence besides a name: something that the visitor can show (000-3)."""


@dataclass(frozen=True)
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
    family_named_id: str | None = None
    """The consultant who received family or friends, named likewise (Q2)."""

    @cached_property
    def honest(self) -> tuple[Registration, ...]:
        """Registrations that may give this visit to somebody, the first first (R1, R3)."""
        return honest(self.known, self.visit)

    @cached_property
    def earlier(self) -> tuple[Reception, ...]:
        """Earlier visits of this party, latest last."""
        return tuple(
            reception
            for reception in self.known.receptions
            if reception.visit_id != self.visit.visit_id
        )

    @property
    def is_natural(self) -> bool:
        """All three "no": Q1 is answered "yes, the first time"."""
        said = self.check_in
        answers = (said.first_visit, said.family, said.contacted)
        return answers == (Answer3.YES, Answer3.NO, Answer3.NO)

    @property
    def is_shown(self) -> bool:
        """Whether the visitor showed more than a name."""
        return self.check_in.evidence in _SHOWN

    @property
    def has_trace(self) -> bool:
        """Whether anything was known of this party before: a visit, an entry, an enquiry (R9)."""
        return bool(self.earlier) or any(
            not is_after_arrival(registration, self.visit)
            for registration in self.known.registrations
        )


def claims(case: Case) -> tuple[Ownership, ...]:
    """A claim for each owner whose protection runs; the first wins, a second is a dispute (R15)."""
    by_owner: dict[str, list[Registration]] = {}
    for registration in running(case):
        if works_here(case.state, registration.consultant_id):
            by_owner.setdefault(registration.consultant_id, []).append(registration)
    return tuple(returning(case, owned) for owned in by_owner.values())


def running(case: Case) -> list[Registration]:
    """The registrations whose protection runs, the first first."""
    return [
        registration
        for registration in case.honest
        if is_protected(registration, case.policy, case.now)
    ]


def returning(case: Case, owned: Iterable[Registration], rule: str = "R6") -> Ownership:
    """A visitor who comes back to the consultant of the registrations ``owned``."""
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
            key=shown_key(first, case.visit),
        ),
    )


def shown_key(registration: Registration, visit: Visit) -> str | None:
    """The phone or plate that matched, masked."""
    if visit.phone is not None and registration.phone == visit.phone:
        return mask_phone(visit.phone)
    return mask_plate(visit.plate) if visit.plate is not None else None
