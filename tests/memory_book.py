"""Registrations and receptions in memory: the oracle that the hub's tables are compared with."""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import NOTHING_KNOWN, Keys, Known, LookedUpBefore, Reception, Registration
from broker.rules.policy import Policy, looked_up_since
from broker.rules.state import SiteState


@dataclass(frozen=True, slots=True)
class _Party:
    """What a returning party is recognised by."""

    reception: Reception
    phone: str | None
    plate: str | None


@dataclass(slots=True)
class MemoryBook:
    """Looks up what the rules need by going through everything: for small days only."""

    registrations: dict[str, Registration] = field(default_factory=dict)
    parties: dict[str, _Party] = field(default_factory=dict)
    look_ups: list[n.LookedUp] = field(default_factory=list)

    def add(self, registration: Registration) -> None:
        """Enter a registration."""
        self.registrations[registration.registration_id] = registration

    def known(self, keys: Keys | None, at: datetime, policy: Policy) -> Known:
        """Everything that matches one of ``keys`` at the moment ``at``."""
        if keys is None:
            return NOTHING_KNOWN
        if party := self.parties.get(keys.visit_id or ""):
            plates = (party.plate,) if party.plate else ()
            keys = Keys(phone=party.phone, plates=plates, visit_id=keys.visit_id)
        found = [
            registration
            for registration in self.registrations.values()
            if _fits(keys, registration.phone, registration.plates)
        ]
        return Known(
            registrations=tuple(
                sorted(
                    found, key=lambda registration: (registration.registered_at, registration.entry)
                )
            ),
            receptions=self._receptions(keys, at, policy),
            look_ups=self._look_ups(keys, at, policy),
        )

    def _receptions(self, keys: Keys, at: datetime, policy: Policy) -> tuple[Reception, ...]:
        today = policy.local(at).date()
        found = [
            party.reception
            for party in self.parties.values()
            if party.reception.visit_id == keys.visit_id
            or (
                policy.local(party.reception.arrived_at).date() == today
                and _fits(keys, party.phone, (party.plate,) if party.plate else ())
            )
        ]
        return tuple(sorted(found, key=lambda reception: reception.arrived_at))

    def _look_ups(self, keys: Keys, at: datetime, policy: Policy) -> tuple[LookedUpBefore, ...]:
        since = looked_up_since(policy, at)
        return tuple(
            LookedUpBefore(consultant_id=look_up.consultant_id or "", at=look_up.at)
            for look_up in self.look_ups
            if look_up.at >= since
            and _fits(keys, look_up.phone, (look_up.plate,) if look_up.plate else ())
        )

    def note(self, event: e.Event, state: SiteState) -> None:
        """Keep what ``event`` says of customers; ``state`` is the one after it."""
        if isinstance(event, n.Registered):
            self.add(event.registration)
        elif isinstance(event, n.LateEntry):
            self._mark(event.registration_id, is_late=True)
        elif isinstance(event, n.LookedUp):
            self.look_ups.append(event)
        elif isinstance(event, n.Ruled):
            for name in event.overrules:
                self._mark(name, is_overruled=True)
        elif isinstance(event, e.Decided):
            self._note_decision(event, state)

    def _note_decision(self, event: e.Decided, state: SiteState) -> None:
        for name in event.renews:
            self._mark(name, received_at=event.at)
        visit, before = state.visits.get(event.visit_id), self.parties.get(event.visit_id)
        if visit is not None:
            reception = Reception(visit_id=visit.visit_id, arrived_at=visit.arrived_at)
            before = _Party(reception, visit.phone, visit.plate)
        if before is not None:
            reception = replace(before.reception, owner_id=event.owner_id, host_id=event.host_id)
            party = _Party(reception, before.phone, before.plate)
            self.parties[event.visit_id] = party

    def _mark(self, registration_id: str, **fields: bool | datetime) -> None:
        before = self.registrations[registration_id]
        self.registrations[registration_id] = replace(before, **fields)


def _fits(keys: Keys, phone: str | None, plates: tuple[str, ...]) -> bool:
    same_phone = keys.phone is not None and keys.phone == phone
    return same_phone or not set(keys.plates).isdisjoint(plates)
