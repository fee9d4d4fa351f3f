"""Registrations and receptions in memory: the oracle that the hub's tables are compared with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from broker.rules import events as e
from broker.rules import notices as n
from broker.rules.facts import (
    NOTHING_KNOWN,
    RECEPTIONS_AT_MOST,
    Keys,
    Known,
    LookedUpBefore,
    Reception,
    Registration,
)
from broker.rules.policy import Policy, looked_up_since
from broker.rules.state import SiteState


@dataclass(slots=True)
class MemoryBook:
    """Looks up what the rules need by going through everything: for small days only."""

    registrations: dict[str, Registration] = field(default_factory=dict)
    visits: dict[str, Reception] = field(default_factory=dict)
    look_ups: list[n.LookedUp] = field(default_factory=list)

    def add(self, registration: Registration) -> None:
        """Enter a registration."""
        self.registrations[registration.registration_id] = registration

    def known(self, keys: Keys | None, at: datetime, policy: Policy) -> Known:
        """Everything that matches one of ``keys`` at the moment ``at``."""
        if keys is None:
            return NOTHING_KNOWN
        visit = self.visits.get(keys.visit_id or "")
        if visit is not None and keys.phone is None and not keys.plates:
            plates = (visit.plate,) if visit.plate else ()
            keys = Keys(phone=visit.phone, plates=plates, visit_id=keys.visit_id)
        return Known(
            registrations=tuple(sorted(self._registrations(keys), key=_when)),
            receptions=self._receptions(keys),
            look_ups=tuple(self._look_ups(keys, looked_up_since(policy, at))),
        )

    def _registrations(self, keys: Keys) -> Iterator[Registration]:
        if not keys.registration_ids and keys.held_of is None:
            yield from self._with_keys(keys)
            return
        named = {
            key
            for key, known in self.registrations.items()
            if key in keys.registration_ids
            or (known.is_held and known.consultant_id == keys.held_of)
        }
        if keys.registration_ids:
            for key in tuple(named):
                own = self.registrations[key]
                twins = self._with_keys(Keys(phone=own.phone, plates=own.plates))
                named |= {twin.registration_id for twin in twins}
        yield from (self.registrations[key] for key in named)

    def _with_keys(self, keys: Keys) -> list[Registration]:
        return [
            known for known in self.registrations.values() if _fits(keys, known.phone, known.plates)
        ]

    def _receptions(self, keys: Keys) -> tuple[Reception, ...]:
        fitting = [
            visit
            for visit in self.visits.values()
            if _fits(keys, visit.phone, (visit.plate,) if visit.plate else ())
        ]
        found = sorted(fitting, key=lambda visit: visit.arrived_at)[-RECEPTIONS_AT_MOST:]
        named = self.visits.get(keys.visit_id or "")
        if named is not None and named not in found:
            found = sorted([named, *found], key=lambda visit: visit.arrived_at)
        return tuple(found)

    def _look_ups(self, keys: Keys, since: datetime) -> Iterator[LookedUpBefore]:
        for look_up in self.look_ups:
            shown = [self.registrations[key] for key in look_up.shown]
            is_asked = (
                _fits(keys, look_up.phone, (look_up.plate,) if look_up.plate else ())
                or _is_name(look_up.name, keys.surname)
                or any(_fits(keys, known.phone, known.plates) for known in shown)
            )
            if look_up.at >= since and is_asked:
                yield LookedUpBefore(
                    consultant_id=look_up.consultant_id or "",
                    at=look_up.at,
                    found_nobody=not shown,
                )

    def note(self, event: e.Event, state: SiteState) -> None:
        """Keep what ``event`` says of customers; ``state`` is the one after it."""
        match event:
            case n.Registered():
                self.add(event.registration)
            case n.LateEntry():
                self._mark(event.registration_id, is_late=True)
            case n.LookedUp():
                self.look_ups.append(event)
            case n.Ruled():
                self._rule(event)
            case n.EntriesReleased() | n.CustomersHandedOver():
                self._release(event)
            case e.Decided() | e.VisitorCorrected() | e.KeysLearnt() | e.PlateCorrected():
                self._note_visit(event, state)

    def _release(self, event: n.EntriesReleased | n.CustomersHandedOver) -> None:
        if isinstance(event, n.EntriesReleased):
            for name in event.registration_ids:
                self._mark(name, is_held=False)
            return
        for customer in event.given:
            self._mark(customer.registration_id, is_overruled=True)
        for registration in event.registrations:
            self.add(registration)

    def _rule(self, event: n.Ruled) -> None:
        for name in event.overrules:
            gone = {*self.registrations[name].overruled_keys, *(event.keys or ())}
            self._mark(name, overruled_keys=tuple(sorted(gone)))
        if event.registration is not None:
            self.add(event.registration)

    def _note_visit(
        self,
        event: e.Decided | e.VisitorCorrected | e.KeysLearnt | e.PlateCorrected,
        state: SiteState,
    ) -> None:
        visit, before = state.visits.get(event.visit_id), self.visits.get(event.visit_id)
        if isinstance(event, e.Decided):
            for name in event.renews:
                self._mark(name, received_at=event.at, is_unreceived=False)
            arrived_at = visit.arrived_at if visit else event.at
            before = before or Reception(visit_id=event.visit_id, arrived_at=arrived_at)
            before = replace(before, owner_id=event.owner_id, host_id=event.host_id)
        if before is not None and visit is not None:
            before = replace(before, phone=visit.phone, plate=visit.plate, surname=visit.surname)
        if before is not None:
            self.visits[event.visit_id] = before

    def _mark(self, registration_id: str, **fields: bool | datetime | tuple[str, ...]) -> None:
        before = self.registrations[registration_id]
        self.registrations[registration_id] = replace(before, **fields)


def _when(registration: Registration) -> tuple[datetime, int]:
    return registration.registered_at, registration.entry


def _is_name(asked: str | None, surname: str | None) -> bool:
    if not asked or not surname:
        return False
    return asked.startswith(surname) or surname.startswith(asked)


def _fits(keys: Keys, phone: str | None, plates: tuple[str, ...]) -> bool:
    same_phone = keys.phone is not None and keys.phone == phone
    return same_phone or not set(keys.plates).isdisjoint(plates)
