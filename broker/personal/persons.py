"""Visitors' own pages, and the erasures that are asked for: rows of the hub's file."""

from dataclasses import dataclass
from datetime import datetime

from broker.backup.erased_list import ErasedList
from broker.decider import Decider
from broker.journal.entries import Journal
from broker.journal.hub_file import HubFile
from broker.local.questions import OwnCorrection
from broker.personal import dossier as dossiers
from broker.personal.dossier import Dossier
from broker.personal.erasing_again import erase_again
from broker.personal.erasure import Eraser
from broker.personal.sweep import TextMerge, sweep, write_anew
from broker.store.moments import utc_text
from shared.errors import OperatorError
from shared.messages import CheckIn

VISITOR, OPERATOR = "visitor", "operator"
"""Who asked: the visitor on their own page, or an operator at the command line."""
MERGES_A_TURN = 2
"""Enough to merge a small site's texts in a single turn."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who shall be erased: exactly one of check-in, phone and plate is given."""

    erasure_id: str
    asked_by: str
    check_in_id: str | None = None
    phone: str | None = None
    plate: str | None = None
    is_doubted: bool = False
    """Whether somebody must first check who asks."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of it."""

    unclear: tuple[Wanted, ...]
    """Of these somebody must first find out who is meant."""
    sent: tuple[tuple[str, str], ...]
    """Which gate or tablet sent which message about those who are gone, and may keep it still."""


class Persons:
    """Opens pages and erases people. Belongs to the hub's thread."""

    def __init__(
        self,
        db: HubFile,
        journal: Journal,
        decider: Decider,
        erased_list: ErasedList | None = None,
    ) -> None:
        """``erased_list`` tells a restored backup whom to forget; None: there are no backups."""
        self._db, self._decider = db, decider
        self._list = erased_list
        self._eraser = Eraser(db, journal, decider)
        self._unswept: frozenset[str] = frozenset()
        self._merge = TextMerge()

    def make_up_for_the_last_run(self) -> None:
        """Write the file anew if the last run ended after an erasure and before the sweeping."""
        if self._has_unswept():
            write_anew(self._db)

    def open_page(self, check_in: CheckIn, moment: datetime) -> None:
        """Open the visitor's page, which their QR code shows."""
        if check_in.page_key is not None:
            given = (check_in.surname, check_in.salutation, check_in.phone, check_in.plate)
            self._db.conn.execute(
                "insert or ignore into own_pages values (?, ?, ?, ?, ?, ?, ?)",
                (check_in.page_key, check_in.check_in_id, utc_text(moment), *given),
            )

    def correct_page(self, said: OwnCorrection) -> None:
        """Show the correction on the visitor's page, never what others entered for the same car."""
        self._db.conn.execute(
            "update own_pages set surname = ?, salutation = ?, phone = ?, plate = ? "
            "where check_in_id = ?",
            [said.surname, said.salutation, said.phone, said.plate, said.check_in_id],
        )

    def dossier(self, wanted: Wanted) -> Dossier:
        """What is kept of this person.

        Raises:
            OperatorError: several people gave this plate.
        """
        if wanted.check_in_id is not None:
            return dossiers.of_check_in(self._db, wanted.check_in_id)
        if wanted.phone is not None:
            return dossiers.of_phone(self._db, wanted.phone)
        return dossiers.of_plate(self._db, wanted.plate or "")

    def ask(self, wanted: Wanted, moment: datetime) -> None:
        """Note that this person shall be erased as soon as no visit of theirs is under way."""
        self._db.conn.execute(
            "insert or ignore into erasures values (?, ?, ?, ?, ?, ?, ?, null, null)",
            (
                *(wanted.erasure_id, wanted.check_in_id, wanted.phone, wanted.plate),
                *(wanted.asked_by, utc_text(moment), wanted.is_doubted),
            ),
        )

    def erase_again(self, moment: datetime) -> int:
        """Erase whom a backup brought back, in the caller's transaction; how many they were."""
        key = self._list.key() if self._list is not None else None
        if self._list is None or key is None:
            return 0
        return erase_again(self._db, self._eraser, self._list.read(), key, moment)

    def erase_due(self, moment: datetime) -> Erased:
        """Erase everybody whose visit is over, in the caller's transaction. Then call ``sweep``.

        Who comes back must first be told apart: since it was asked, others gave the same plate.
        """
        unclear: list[Wanted] = []
        senders: list[tuple[str, str]] = []
        rows = self._db.conn.execute(
            "select erasure_id, asked_by, check_in_id, phone, plate from erasures "
            "where done_at is null and is_doubted = 0 order by asked_at"
        ).fetchall()
        for wanted in (Wanted(*row) for row in rows):
            try:
                dossier = self.dossier(wanted)
            except OperatorError:
                self._doubt(wanted)
                unclear.append(wanted)
                continue
            if self._is_under_way(dossier):
                continue
            senders += self._senders_of(dossier)
            self._eraser.erase([dossier], wanted.asked_by, moment, wanted.erasure_id)
            self._eraser.drop_what_waits(dossier)
            if self._list is not None:
                self._list.note(dossier.keys | dossier.ids, moment)
            self._unswept |= dossier.keys
            self._db.conn.executemany(
                "update erasures set check_in_id = null, phone = null, plate = null, done_at = ?, "
                "is_swept = 0 where erasure_id = ? or check_in_id = ?",
                [(utc_text(moment), wanted.erasure_id, row_id) for row_id in dossier.ids or ("",)],
            )
        return Erased(tuple(unclear), tuple(senders))

    def sweep(self) -> None:
        """Make sure that nothing of erased people is left on the disk. Call after the commit."""
        if self._db.conn.in_transaction or not self._has_unswept():
            return  # what the disk refuses is not committed yet
        is_merged = any(self._merge.is_done(self._db) for _ in range(MERGES_A_TURN))
        if is_merged and sweep(self._db, self._unswept):
            self._unswept = frozenset()
            with self._db.atomic():
                self._db.conn.execute("update erasures set is_swept = 1 where is_swept = 0")

    def _senders_of(self, dossier: Dossier) -> list[tuple[str, str]]:
        """The gates and tablets that sent messages about the person, and which."""
        sent = "select {0}_id, {1}_id from {1}s where {1}_id = ?"
        found = [
            row
            for name in sorted(dossier.ids)
            for sql in (sent.format("gate", "arrival"), sent.format("kiosk", "check_in"))
            for row in self._db.conn.execute(sql, [name])
        ]
        by_plate = "select gate_id, arrival_id from arrivals where plate = ?"
        for plate in sorted(dossier.plates):
            found += self._db.conn.execute(by_plate, [plate]).fetchall()
        return found

    def _doubt(self, wanted: Wanted) -> None:
        self._db.conn.execute(
            "update erasures set is_doubted = 1, plate = null where erasure_id = ?",
            [wanted.erasure_id],
        )

    def _has_unswept(self) -> bool:
        rows = self._db.conn.execute("select 1 from erasures where is_swept = 0 limit 1")
        return rows.fetchone() is not None

    def _is_under_way(self, dossier: Dossier) -> bool:
        """Whether somebody receives this person now, or two consultants claim them (R15).

        A car from which nobody has checked in does not count.
        """
        state = self._decider.state
        received = {
            visit.visit_id for visit in state.visits.values() if visit.ownership is not None
        }
        return not dossier.ids.isdisjoint(received | set(state.disputes))
