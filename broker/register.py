"""The register of customers (客户登记) in the hub's file: found exactly, nearly, by a piece."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from broker.rules.skeletons import skeletons
from shared.plate import normalize

FOUND_AT_MOST = 50
_TRIGRAM = 3


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration as the file has it."""

    registration_id: str
    consultant_id: str
    registered_at: datetime
    surname: str | None
    salutation: str | None
    phone: str | None
    plates: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What a piece of text is looked for in: ``张女士 浙A88888``."""
        return " ".join([f"{self.surname or ''}{self.salutation or ''}", *self.plates]).strip()


class Register:
    """Looks customers up, enters new ones. Append-only: an entry is never changed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def is_empty(self) -> bool:
        """Whether nobody was ever registered."""
        return next(self._db.query("select 1 from registrations limit 1"), None) is None

    def add(self, one: Registration) -> None:
        """Enter ``one``, whose phone and plates are in the stored form; the same id only once."""
        execute = self._db.conn.execute
        row = (one.registration_id, one.consultant_id, one.registered_at.isoformat())
        done = execute(
            "insert or ignore into registrations values (?, ?, ?, ?, ?, ?)",
            (*row, one.surname, one.salutation, one.phone),
        )
        if not done.rowcount:
            return
        for plate in one.plates:
            execute(
                "insert or ignore into registered_plates values (?, ?)",
                (plate, one.registration_id),
            )
            self._db.conn.executemany(
                "insert or ignore into plate_skeletons values (?, ?)",
                [(skeleton, plate) for skeleton in skeletons(plate)],
            )
        execute("insert into customer_texts values (?, ?)", (one.registration_id, one.text))

    def find(self, *, phone: str | None, plate: str | None) -> list[Registration]:
        """The registrations with this phone or exactly this plate, earliest first (R1)."""
        rows = self._db.query(
            """select * from registrations where phone = :phone or registration_id in
            (select registration_id from registered_plates where plate = :plate)
            order by registered_at, registration_id""",
            {"phone": phone, "plate": plate},
        )
        return [self._read(row) for row in rows]

    def look_alikes(self, plate: str) -> list[str]:
        """Registered plates that a reader may take for ``plate``; the nearest are among them."""
        keys = sorted(skeletons(plate))
        marks = ",".join("?" * len(keys))
        rows = self._db.conn.execute(
            f"select distinct plate from plate_skeletons where skeleton in ({marks}) limit 500",
            keys,
        )
        return [one for (one,) in rows if one != plate]

    def search(self, text: str) -> list[Registration]:
        """The registrations that hold a piece of a name or a plate; the latest first.

        One or two characters are looked for at the beginning of a name.
        """
        piece = text.strip()
        if not piece:
            return []
        if len(piece) < _TRIGRAM:
            rows = self._db.query(
                "select * from registrations where surname >= ? and surname < ? "
                "order by surname desc, rowid desc limit ?",
                [piece, piece + "\U0010ffff", FOUND_AT_MOST],
            )
        else:
            rows = self._db.query(
                "select registrations.* from customer_texts join registrations "
                "using (registration_id) where customer_texts match ? "
                "order by customer_texts.rowid desc limit ?",
                [_phrases(piece), FOUND_AT_MOST],
            )
        return [self._read(row) for row in rows]

    def _read(self, row: dict[str, Any]) -> Registration:
        plates = self._db.conn.execute(
            "select plate from registered_plates where registration_id = ? order by plate",
            [row["registration_id"]],
        )
        at = datetime.fromisoformat(row["registered_at"])
        return Registration(
            **row | {"registered_at": at, "plates": tuple(one for (one,) in plates)}
        )


def _phrases(piece: str) -> str:
    """``piece`` for FTS5, as it was typed and as a plate is stored."""
    spellings = sorted({piece, normalize(piece)})
    return " OR ".join('"' + one.replace('"', '""') + '"' for one in spellings)


def fill_indexes(db: Database) -> None:
    """Enter every registration of an older file into the indexes that it had not."""
    register = Register(db)
    for row in list(db.query("select * from registrations")):
        one = register._read(row)
        db.conn.executemany(
            "insert or ignore into plate_skeletons values (?, ?)",
            [(skeleton, plate) for plate in one.plates for skeleton in skeletons(plate)],
        )
        db.conn.execute("insert into customer_texts values (?, ?)", (one.registration_id, one.text))
