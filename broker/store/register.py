"""The register of customers (客户登记), searched exactly, by look-alikes and by parts of a name."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from broker.rules.events import Decided, Event
from broker.rules.facts import Keys, LookedUpBefore, Registration
from broker.rules.notices import LateEntry, LookedUp, Registered, Ruled
from broker.rules.skeletons import skeletons
from broker.store.moments import utc_text
from shared.plate import normalize

FOUND_AT_MOST = 50
CANDIDATES_AT_MOST = 500
_TRIGRAM = 3
_COLUMNS = (
    "registration_id, consultant_id, registered_at, received_at, entry, phone, surname, "
    "salutation, is_late, is_overruled"
)


class CustomerRegister:
    """Finds customers and enters new ones. Nothing else changes but what the rules' events say."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def is_empty(self) -> bool:
        """Whether nobody was ever registered."""
        return self._db.conn.execute("select 1 from registrations limit 1").fetchone() is None

    def note(self, event: Event) -> None:
        """Keep what ``event`` says of registrations and look-ups."""
        if isinstance(event, Registered):
            self.add(event.registration)
        elif isinstance(event, LateEntry):
            self._mark("is_late = 1", (), [event.registration_id])
        elif isinstance(event, Ruled):
            self._mark("is_overruled = 1", (), event.overrules)
        elif isinstance(event, Decided):
            self._mark("received_at = ?", (utc_text(event.at),), event.renews)
        elif isinstance(event, LookedUp):
            row = (utc_text(event.at), event.consultant_id, event.phone, event.plate)
            self._db.conn.execute("insert into look_ups values (?, ?, ?, ?)", row)

    def add(self, registration: Registration) -> None:
        """Enter ``registration``, its phone and plates in the stored form; each id only once."""
        moments = (utc_text(registration.registered_at), utc_text(registration.received_at))
        rest = (
            registration.entry,
            registration.phone,
            registration.surname,
            registration.salutation,
            registration.is_late,
            registration.is_overruled,
        )
        done = self._db.conn.execute(
            f"insert or ignore into registrations ({_COLUMNS}) values (?,?,?,?,?,?,?,?,?,?)",
            (registration.registration_id, registration.consultant_id, *moments, *rest),
        )
        if done.rowcount:
            add_to_indexes(self._db, registration)

    def find(self, keys: Keys) -> tuple[Registration, ...]:
        """The registrations with this phone or any of exactly these plates, earliest first."""
        rows = self._db.conn.execute(
            f"""select {_COLUMNS} from registrations where phone = ? or registration_id in
            (select registration_id from registered_plates where plate in ({_marks(keys.plates)}))
            order by registered_at, entry, registration_id""",
            [keys.phone, *keys.plates],
        )
        return self._read(rows)

    def of(self, consultant_id: str, since: datetime) -> tuple[Registration, ...]:
        """A consultant's registrations with a reception since then, earliest first."""
        rows = self._db.conn.execute(
            f"select {_COLUMNS} from registrations where consultant_id = ? and received_at >= ? "
            "order by registered_at, entry, registration_id",
            [consultant_id, utc_text(since)],
        )
        return self._read(rows)

    def look_ups(self, keys: Keys, since: datetime) -> tuple[LookedUpBefore, ...]:
        """Who looked up this phone or any of these plates since then, earliest first."""
        rows = self._db.conn.execute(
            f"""select consultant_id, at from look_ups where at >= ?
            and (phone = ? or plate in ({_marks(keys.plates)})) order by at, rowid""",
            [utc_text(since), keys.phone, *keys.plates],
        )
        return tuple(
            LookedUpBefore(consultant_id=consultant_id, at=datetime.fromisoformat(at))
            for consultant_id, at in rows
        )

    def look_alikes(self, plate: str) -> list[str]:
        """Registered plates that may have been read as ``plate``; the nearest are among them."""
        keys = sorted(skeletons(plate))
        rows = self._db.conn.execute(
            "select distinct plate from plate_skeletons "
            f"where skeleton in ({_marks(keys)}) limit ?",
            [*keys, CANDIDATES_AT_MOST],
        )
        return [found for (found,) in rows if found != plate]

    def search(self, text: str) -> tuple[Registration, ...]:
        """The registrations with this part of a name or plate, the latest first.

        One or two characters are searched only at the beginning of a name.
        """
        piece = text.strip()
        if not piece:
            return ()
        if len(piece) < _TRIGRAM:
            rows = self._db.conn.execute(
                f"select {_COLUMNS} from registrations where surname >= ? and surname < ? "
                "order by surname desc, rowid desc limit ?",
                [piece, piece + "\U0010ffff", FOUND_AT_MOST],
            )
        else:
            rows = self._db.conn.execute(
                f"select {_COLUMNS} from (select registration_id, rowid as place "
                "from customer_texts where customer_texts match ? order by rowid desc limit ?) "
                "join registrations using (registration_id) order by place desc",
                [_phrases(piece), FOUND_AT_MOST],
            )
        return self._read(rows)

    def _mark(self, change: str, values: tuple[str, ...], ids: Sequence[str]) -> None:
        self._db.conn.execute(
            f"update registrations set {change} where registration_id in ({_marks(ids)})",
            [*values, *ids],
        )

    def _read(self, rows: Iterable[tuple[Any, ...]]) -> tuple[Registration, ...]:
        return tuple(self._registration(*row) for row in rows)

    def _registration(self, registration_id: str, *rest: Any) -> Registration:
        consultant, registered, received, entry, phone, surname, salutation, late, over = rest
        plates = self._db.conn.execute(
            "select plate from registered_plates where registration_id = ? order by plate",
            [registration_id],
        )
        return Registration(
            registration_id=registration_id,
            consultant_id=consultant,
            registered_at=datetime.fromisoformat(registered),
            received_at=datetime.fromisoformat(received),
            entry=entry,
            phone=phone,
            plates=tuple(plate for (plate,) in plates),
            surname=surname,
            salutation=salutation,
            is_late=bool(late),
            is_overruled=bool(over),
        )


def add_to_indexes(db: Database, registration: Registration) -> None:
    """Make ``registration`` found by its plates, their look-alikes and parts of its text."""
    key = registration.registration_id
    db.conn.executemany(
        "insert or ignore into registered_plates values (?, ?)",
        [(at, key) for at in registration.plates],
    )
    db.conn.executemany(
        "insert or ignore into plate_skeletons values (?, ?)",
        [(skeleton, plate) for plate in registration.plates for skeleton in skeletons(plate)],
    )
    name = f"{registration.surname or ''}{registration.salutation or ''}"
    text = " ".join([name, *registration.plates]).strip()
    db.conn.execute("insert into customer_texts values (?, ?)", (key, text))


def fill_indexes(db: Database) -> None:
    """Enter every registration of an older file into the indexes that the file lacked."""
    register = CustomerRegister(db)
    for (key,) in db.conn.execute("select registration_id from registrations").fetchall():
        row = db.conn.execute(
            f"select {_COLUMNS} from registrations where registration_id = ?", [key]
        ).fetchone()
        add_to_indexes(db, register._registration(*row))


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))


def _phrases(piece: str) -> str:
    """An FTS5 query for ``piece``, both as typed and in the stored form of a plate."""
    spellings = sorted({piece, normalize(piece)})
    return " OR ".join('"' + spelling.replace('"', '""') + '"' for spelling in spellings)
