"""Whose time is over: people of whom nothing was noted for as long as the site keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broker.journal import mentions
from broker.personal import dossier as dossiers
from broker.personal.dossier import Dossier
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from broker.rules.protection import is_protected
from broker.rules.state import SiteState
from broker.store.moments import utc_text
from broker.store.register import CustomerRegister
from shared.database import Database
from shared.errors import OperatorError

_ROWS = 2_000
_IS_CUSTOMERS = {
    True: "select 1 from visits where phone = :key "
    "union all select 1 from registrations where phone = :key limit 1",
    False: "select 1 from registered_plates where plate = :key union all select 1 from visits "
    "where plate = :key and (phone is not null or check_in_id is not null) limit 1",
}
"""Whether somebody with this phone (True) or plate checked in, or was entered."""
_SPAN = "where rowid > ? and rowid <= ? and surname is not null and phone is null"
_NAMELESS = (
    (
        "visits",
        f"select visit_id from visits {_SPAN} and plate is null and opened_at < ?",
        dossiers.of_visit,
    ),
    (
        "registrations",
        f"select registration_id from registrations {_SPAN} and received_at < ? and not exists "
        "(select 1 from registered_plates own "
        "where own.registration_id = registrations.registration_id)",
        dossiers.of_registration,
    ),
)
"""Rows with a name but without a key by which they could be found."""


@dataclass(frozen=True, slots=True)
class LapsedPerson:
    """A person whose time is over, and the class of the retention table that says so."""

    kind: str
    dossier: Dossier


class Lapsing:
    """Looks for people whose time is over at ``at``; reads the hub's file and changes nothing."""

    def __init__(self, db: Database, policy: Policy, at: datetime) -> None:
        self._db, self._policy, self._at = db, policy, at
        self._days = policy.retention.days
        self._register = CustomerRegister(db)

    def people(self) -> Iterator[LapsedPerson | None]:
        """Who lapsed; None: somebody was looked at who stays.

        The file may change between two of them, and whoever is ``needed`` must be asked for last.
        """
        for key, seq in mentions.keys(self._db):
            yield self._of_key(key, seq)
        for kind, sql, of_row in _NAMELESS:
            before = utc_text(self._policy.retention.before(kind, self._at))
            (end,) = self._db.conn.execute(f"select ifnull(max(rowid), 0) from {kind}").fetchone()
            for place in range(0, end, _ROWS):
                found = self._db.conn.execute(sql, [place, place + _ROWS, before]).fetchall()
                yield None
                yield from (LapsedPerson(kind, of_row(self._db, name)) for (name,) in found)

    def _of_key(self, key: str, seq: int) -> LapsedPerson | None:
        is_phone = key.isascii()  # a plate never is
        if self._is_younger(seq, self._least_days(key, is_phone=is_phone)):
            return None
        try:
            found = (dossiers.of_phone if is_phone else dossiers.of_plate)(self._db, key)
        except OperatorError:
            return None  # several people's car: it goes with the last of them
        if not is_phone and key not in found.shared:  # a part of a plate is found by nothing else
            found = replace(found, plates=found.plates | {key})
        person = LapsedPerson(self._kind_of(found), found)
        return person if self._has_lapsed(person) else None

    def _least_days(self, key: str, *, is_phone: bool) -> int:
        if self._db.conn.execute(_IS_CUSTOMERS[is_phone], {"key": key}).fetchone():
            return min(self._days("visits"), self._days("registrations"))
        return self._days("look_ups" if is_phone else "sightings")

    def _kind_of(self, dossier: Dossier) -> str:
        """The class whose days count: the longest of those that know the person."""
        kinds = ["registrations"] if dossier.registrations else []
        if any(row["check_in_id"] or row["phone"] for row in dossier.visits):
            kinds.append("visits")
        return max(kinds or ["look_ups" if dossier.phones else "sightings"], key=self._days)

    def _has_lapsed(self, person: LapsedPerson) -> bool:
        """Whether nothing was noted of the person for so long, and nobody's protection runs."""
        keys, days = person.dossier.keys, self._days(person.kind)
        if any(self._is_younger(mentions.last_entry(self._db, key), days) for key in keys):
            return False
        plates = tuple(person.dossier.plates)
        return not any(
            is_protected(registration, self._policy, self._at)
            for phone in person.dossier.phones or (None,)
            for registration in self._register.find(Keys(phone=phone, plates=plates))
        )

    def _is_younger(self, seq: int | None, days: int) -> bool:
        """Whether the entry ``seq`` was made in the last so many days."""
        if seq is None:
            return False
        (at,) = self._db.conn.execute("select at from journal where seq = ?", [seq]).fetchone()
        return datetime.fromisoformat(at) >= self._at - timedelta(days=days)


def is_needed(state: SiteState, dossier: Dossier) -> bool:
    """Whether the person is in the house, expected, or claimed by two consultants."""
    if not dossier.ids.isdisjoint(state.visits.keys() | state.disputes.keys()):
        return True
    here = {key for visit in state.visits.values() for key in (visit.phone, visit.plate)}
    expected = {key for each in state.expected for key in (each.phone, *each.plates)}
    return not dossier.keys.isdisjoint(here | expected)
