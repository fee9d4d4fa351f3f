"""The register of customers (客户登记), searched exactly, by look-alikes and by parts of a name."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from broker.rules.events import ClockSet, Decided, Event
from broker.rules.facts import Keys, LookedUpBefore, Registration
from broker.rules.han import folded
from broker.rules.notices import (
    CustomersHandedOver,
    EntriesReleased,
    LateEntry,
    LookedUp,
    Registered,
    Ruled,
)
from broker.rules.skeletons import skeletons
from broker.store.moments import move_moments, utc_text
from broker.store.registration_rows import COLUMNS, listed, registrations_of
from shared.database import Database
from shared.plate import normalize

FOUND_AT_MOST = 50
CANDIDATES_AT_MOST = 500
_TRIGRAM = 3
_TWINS = f"""
    select {COLUMNS} from registrations where registration_id in (
        select registration_id from registrations where phone in (
            select phone from registrations
            where registration_id in (select value from json_each(:ids)))
        union
        select registration_id from registered_plates where plate in (
            select plate from registered_plates
            where registration_id in (select value from json_each(:ids))))
    order by registered_at, entry, registration_id
"""
"""Whatever was entered with a phone or a plate of one of these."""


class CustomerRegister:
    """Finds customers and enters new ones. Nothing else changes but what the rules' events say."""

    def __init__(self, db: Database, *, is_searched: bool = True) -> None:
        """Without ``is_searched`` less is kept: no look-alikes and no parts of names are found."""
        self._db, self._is_searched = db, is_searched

    @property
    def is_empty(self) -> bool:
        """Whether nobody was ever registered."""
        return self._db.conn.execute("select 1 from registrations limit 1").fetchone() is None

    def note(self, event: Event) -> None:
        """Keep what ``event`` says of registrations and look-ups."""
        if change := CHANGES.get(type(event)):
            change(self, event)

    def _renew(self, event: Decided) -> None:
        renewed = "received_at = ?, is_unreceived = 0"
        self._mark(renewed, (utc_text(event.at),), event.renews)

    def _hand_over(self, event: CustomersHandedOver) -> None:
        given = [customer.registration_id for customer in event.given]
        self._mark("is_overruled = 1", (), given)
        for registration in event.registrations:
            self.add(registration)

    def _rule(self, event: Ruled) -> None:
        """Losers' entries no longer count for the keys of the visit, the winner's does (R15)."""
        if event.keys is None:
            self._mark("is_overruled = 1", (), event.overrules)
        else:
            self._db.conn.executemany(
                "insert or ignore into overruled_keys values (?, ?)",
                [(name, key) for name in event.overrules for key in event.keys],
            )
        if event.registration is not None:
            self.add(event.registration)

    def _move(self, event: ClockSet) -> None:
        """Entries, receptions and look-ups that the wrong clock told."""
        told = (("registrations", "registered_at"), ("registrations", "received_at"))
        for table, column in (*told, ("look_ups", "at")):
            move_moments(self._db, table, column, event)

    def _log(self, event: LookedUp) -> None:
        """Keep a look-up and whom it showed."""
        row = (utc_text(event.at), event.consultant_id, event.phone, event.plate, event.name)
        done = self._db.conn.execute(
            "insert into look_ups (at, consultant_id, phone, plate, name) values (?, ?, ?, ?, ?)",
            row,
        )
        self._db.conn.executemany(
            "insert or ignore into looked_up_registrations values (?, ?)",
            [(done.lastrowid, shown) for shown in event.shown],
        )

    def add(self, registration: Registration) -> None:
        """Enter ``registration``, its phone and plates in their stored form; each id only once."""
        moments = (utc_text(registration.registered_at), utc_text(registration.received_at))
        rest = (
            registration.entry,
            registration.phone,
            registration.surname,
            registration.salutation,
            registration.is_late,
            registration.is_overruled,
            registration.is_unreceived,
            registration.is_held,
            registration.channel,
            registration.is_ruling,
            folded(registration.surname or ""),
        )
        values = (registration.registration_id, registration.consultant_id, *moments, *rest)
        insert = f"insert or ignore into registrations ({COLUMNS}, name_key)"
        done = self._db.conn.execute(f"{insert} values ({_marks(values)})", values)
        if done.rowcount:
            key, plates = registration.registration_id, registration.plates
            name = f"{registration.surname or ''}{registration.salutation or ''}"
            pairs = {
                "registered_plates": [(plate, key) for plate in plates],
                "overruled_keys": [(key, gone) for gone in registration.overruled_keys],
            }
            for table, rows in pairs.items():
                self._db.conn.executemany(f"insert or ignore into {table} values (?, ?)", rows)
            if self._is_searched:
                add_to_indexes(self._db, key, name, plates)

    def find(self, keys: Keys) -> tuple[Registration, ...]:
        """The registrations that match, earliest first."""
        if keys.registration_ids or keys.held_of is not None:
            return self._find_with_twins(keys)
        return self._find(keys.phone, keys.plates)

    def _find(self, phone: str | None, plates: Sequence[str]) -> tuple[Registration, ...]:
        """Those with this phone or any of exactly these plates."""
        if phone is None and not plates:
            return ()
        rows = self._db.conn.execute(
            f"""select {COLUMNS} from registrations where phone = ? or registration_id in
            (select registration_id from registered_plates where plate in ({_marks(plates)}))
            order by registered_at, entry, registration_id""",
            [phone, *plates],
        )
        return self.read(rows)

    def _find_with_twins(self, keys: Keys) -> tuple[Registration, ...]:
        """Those of these ids or held for this person, and others with their phone or plates."""
        rows = self._db.conn.execute(
            f"select {COLUMNS} from registrations where is_held and consultant_id = ? "
            "union all "
            f"select {COLUMNS} from registrations where registration_id in "
            "(select value from json_each(?))",
            [keys.held_of, listed(keys.registration_ids)],
        ).fetchall()
        if keys.registration_ids:
            rows += self._db.conn.execute(_TWINS, {"ids": listed(row[0] for row in rows)})
        found = {
            one.registration_id: one for one in self.read({row[0]: row for row in rows}.values())
        }
        return tuple(sorted(found.values(), key=lambda one: (one.registered_at, one.entry)))

    def look_ups(self, keys: Keys, since: datetime) -> tuple[LookedUpBefore, ...]:
        """Who asked for this phone, plate or name since then, or was shown it, earliest first."""
        if keys.phone is None and keys.surname is None and not keys.plates:
            return ()
        own = (keys.phone, *keys.plates)
        shown = "looked_up_registrations where look_up = look_ups.rowid"
        rows = self._db.conn.execute(
            f"""select consultant_id, at, not exists (select 1 from {shown}) from look_ups
            where at >= ? and (phone = ? or plate in ({_marks(keys.plates)})
            or instr(name, ?) = 1 or instr(?, name) = 1
            or exists (select 1 from {shown} and registration_id in (
                select registration_id from registrations where phone = ? union
                select registration_id from registered_plates
                where plate in ({_marks(keys.plates)}))))
            order by at, rowid""",
            [utc_text(since), *own, keys.surname, keys.surname, *own],
        )
        return tuple(
            LookedUpBefore(
                consultant_id=consultant_id,
                at=datetime.fromisoformat(at),
                found_nobody=bool(found_nobody),
            )
            for consultant_id, at, found_nobody in rows
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

        One or two characters are searched only at the beginning of a name. 張 and 张 are the same.
        """
        piece = folded(text)
        if not piece:
            return ()
        if len(piece) < _TRIGRAM:
            rows = self._db.conn.execute(
                f"select {COLUMNS} from registrations where name_key >= ? and name_key < ? "
                "order by name_key desc, rowid desc limit ?",
                [piece, piece + "\U0010ffff", FOUND_AT_MOST],
            )
        else:
            rows = self._db.conn.execute(
                f"select {COLUMNS} from (select registration_id, rowid as place "
                "from customer_texts where customer_texts match ? order by rowid desc limit ?) "
                "join registrations using (registration_id) order by place desc",
                [_phrases(piece, normalize(text)), FOUND_AT_MOST],
            )
        return self.read(rows)

    def _mark(self, change: str, values: tuple[str, ...], ids: Sequence[str]) -> None:
        if ids:
            self._db.conn.execute(
                f"update registrations set {change} where registration_id in ({_marks(ids)})",
                [*values, *ids],
            )

    def read(self, rows: Iterable[tuple[Any, ...]]) -> tuple[Registration, ...]:
        """The registrations of these rows, whose columns are ``COLUMNS``."""
        return registrations_of(self._db, rows)


CHANGES: dict[type[Event], Callable[[CustomerRegister, Any], None]] = {
    Registered: lambda own, event: own.add(event.registration),
    LateEntry: lambda own, event: own._mark("is_late = 1", (), [event.registration_id]),
    Ruled: CustomerRegister._rule,
    Decided: CustomerRegister._renew,
    LookedUp: CustomerRegister._log,
    EntriesReleased: lambda own, event: own._mark("is_held = 0", (), event.registration_ids),
    CustomersHandedOver: CustomerRegister._hand_over,
    ClockSet: CustomerRegister._move,
}
"""What each event changes in the register."""


def add_to_indexes(db: Database, key: str, name: str, plates: Sequence[str]) -> None:
    """Make the registration ``key`` found by look-alikes of its plates and by its name."""
    db.conn.executemany(
        "insert or ignore into plate_skeletons values (?, ?)",
        [(skeleton, plate) for plate in plates for skeleton in skeletons(plate)],
    )
    text = " ".join([folded(name), *plates]).strip()
    db.conn.execute("insert into customer_texts values (?, ?)", (key, text))


def fill_indexes(db: Database) -> None:
    """Enter every registration of an older file into the indexes that the file lacked."""
    rows = db.conn.execute(
        "select registration_id, ifnull(surname, '') || ifnull(salutation, ''), "
        "(select json_group_array(plate) from registered_plates as own "
        "where own.registration_id = registrations.registration_id) from registrations"
    ).fetchall()
    for key, name, plates in rows:
        add_to_indexes(db, key, name, msgspec.json.decode(plates, type=list[str]))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _phrases(*pieces: str) -> str:
    """An FTS5 query for any of ``pieces``; NUL would end SQLite's text, and not the phrase."""
    asked = dict.fromkeys(piece.replace("\0", " ") for piece in pieces if piece)
    return " OR ".join('"' + piece.replace('"', '""') + '"' for piece in asked)
