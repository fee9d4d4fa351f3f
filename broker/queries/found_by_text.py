"""What the console's search finds: people, today's visits and customers by a piece of text."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from broker.console.find_view import FoundByText, FoundCustomer, FoundPerson, FoundVisit
from broker.rules.facts import Registration
from broker.rules.han import folded
from broker.rules.match import spellings
from broker.rules.protection import counts, is_protected, protected_until
from broker.site_file import Staff
from broker.store.known_elsewhere import Known, known_beside, told_of
from broker.store.moments import utc_text
from broker.store.register import CustomerRegister
from broker.store.registration_rows import COLUMNS
from broker.wording.decisions import Teller
from broker.wording.names import called
from shared.database import Database
from shared.plate import normalize

SHOWN = 8
"""Of each kind."""
LEAST_DIGITS = 3
"""Fewer digits are in nearly everybody's number."""
_VISITS = (
    "select visit_id, opened_at, surname, salutation, plate, phone, host_id from visits "
    "where opened_at >= ? order by opened_at desc"
)


def found(
    db: Database, text: str, here: Sequence[Staff], teller: Teller, at: datetime
) -> FoundByText:
    """What has this piece of ``text`` in it; ``here``: who works at the site."""
    piece = folded(text)
    if not piece:
        return FoundByText()
    elsewhere = known_beside(db)
    people = (person for person in here if _is_called(person, piece))
    visits = _visits(db, text, teller.policy.midnight(at), teller)
    entries = {entry.registration_id: entry for entry in _entries(db, text)}.values()
    return FoundByText(
        people=tuple(FoundPerson(who.id, who.name, who.roles) for who in islice(people, SHOWN)),
        visits=tuple(islice(visits, SHOWN)),
        customers=tuple(
            _customer(entry, teller, at, elsewhere) for entry in islice(entries, SHOWN)
        ),
    )


def _is_called(person: Staff, piece: str) -> bool:
    """Whether the name has this piece, or is spelled so from its beginning on."""
    if piece in folded(person.name):
        return True
    return piece.isascii() and any(each.startswith(piece) for each in spellings(person.name))


def _visits(db: Database, text: str, since: datetime, teller: Teller) -> Iterator[FoundVisit]:
    """Today's, by a piece of the plate or number, or of the visitor's or the host's name."""
    piece, plate = folded(text), normalize(text)
    for visit_id, opened_at, surname, salutation, *keys, host_id in db.conn.execute(
        _VISITS, [utc_text(since)]
    ):
        host = teller.names.get(host_id or "")
        names = (f"{surname or ''}{salutation or ''}", host or "")
        is_meant = any(piece in folded(name) for name in names) or (
            bool(plate) and any(plate in key for key in keys if key)
        )
        if is_meant:
            yield FoundVisit(
                visit_id=visit_id,
                came_at=datetime.fromisoformat(opened_at),
                visitor=called(surname, salutation, teller.language),
                plate=keys[0],
                host_name=host,
            )


def _entries(db: Database, text: str) -> Iterator[Registration]:
    """The register's entries with this piece of a number, a plate or a name; the latest first."""
    register = CustomerRegister(db)
    digits = normalize(text)
    if digits.isdecimal() and len(digits) >= LEAST_DIGITS:
        # Only the numbers' index is read, until there are enough.
        rows = db.conn.execute(
            f"select {COLUMNS} from registrations where rowid in (select rowid from registrations "
            "indexed by idx_registrations_phone where phone like ? limit ?) "
            "order by received_at desc",
            [f"%{digits}%", SHOWN],
        ).fetchall()
        yield from register.read(rows)
    yield from register.search(text)


def _customer(entry: Registration, teller: Teller, at: datetime, elsewhere: Known) -> FoundCustomer:
    policy = teller.policy
    is_theirs = counts(entry) and is_protected(entry, policy, at)
    return FoundCustomer(
        visitor=called(entry.surname, entry.salutation, teller.language),
        phone=entry.phone,
        plates=entry.plates,
        owner_id=entry.consultant_id,
        owner_name=teller.names.get(entry.consultant_id, entry.consultant_id),
        protected_until=protected_until(entry, policy) if is_theirs else None,
        known=told_of(elsewhere, [entry.registration_id], policy, at),
    )
