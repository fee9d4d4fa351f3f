"""What both readers told, with the picture of each plate, in a file of its own."""

import logging
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from gate.camera.frame import Image
from gate.camera.images import as_jpeg
from gate.pipeline import Passage
from gate.reader.rectify import loosened, straighten
from gate.shadow.pairs import Pass, Who
from shared.database import Database
from shared.mending import Shape
from shared.messages import Arrival, Correction, Departure
from shared.migrations import Migrations
from shared.outbox import message_id
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

migrations = Migrations("shadow")
GLIMPSE_PX = 480
"""How wide the picture is of a car that our reader did not see."""


@migrations()
def create_passes(db: Database) -> None:
    """Release 0.9."""
    db.conn.execute(
        "create table if not exists passes (name text primary key, who text, plate text, "
        "seen_at text, is_uncertain integer, picture blob)"
    )
    db.conn.execute("create index if not exists passes_by_moment on passes (seen_at)")


@dataclass(slots=True)
class Comparison:
    """A file that both readers write to and the page reads, over one connection.

    It is beside the work: where the disk refuses it, the gate goes on without.
    """

    db: Database
    newest: Image | None = None
    """The last frame of our own reader's camera."""
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def hear_camera(self, message: Arrival | Departure | Correction) -> None:
        """Note what the vendor's camera says."""
        if isinstance(message, Correction):
            with self._tried(), self.db.atomic():
                change = "update passes set plate = ?, is_uncertain = 0 where name = ?"
                self.db.conn.execute(change, [message.plate, message.arrival_id])
            return
        seen = None if self.newest is None else as_jpeg(self.newest, widest_px=GLIMPSE_PX)
        self._note(Who.CAMERA, message, seen)

    def hear_reader(self, passage: Passage) -> None:
        """Note what our reader says, with the plate as it saw it."""
        reading, picture = passage.reading, None
        if reading is not None:
            corners = loosened(np.asarray(reading.corners_px, np.float32))
            picture = as_jpeg(straighten(passage.image, corners, reading.rows))
        self._note(Who.READER, passage.message, picture)

    def between(self, start: datetime, end: datetime) -> list[Pass]:
        """What both told from ``start`` until before ``end``."""
        asked = "select name, who, plate, seen_at, is_uncertain from passes "
        asked += "where seen_at >= ? and seen_at < ? order by seen_at"
        with self._lock:
            bounds = [each.astimezone(UTC).isoformat() for each in (start, end)]
            rows = self.db.execute(asked, bounds).fetchall()
        return [
            Pass(name, Who(who), plate, datetime.fromisoformat(at), bool(unsure))
            for name, who, plate, at, unsure in rows
        ]

    def picture(self, name: str) -> bytes | None:
        """The picture of a pass, a JPEG; None: there is none."""
        with self._lock:
            found = self.db.execute("select picture from passes where name = ?", [name]).fetchone()
        return found[0] if found else None

    def delete_old(self, moment: datetime, days: int, pictures_days: int) -> None:
        """Delete what is older than so many days, and before that its pictures."""
        utc = moment.astimezone(UTC)
        oldest, shown = utc - timedelta(days=days), utc - timedelta(days=pictures_days)
        with self._tried(), self.db.atomic():
            execute = self.db.conn.execute
            execute("delete from passes where seen_at < ?", [oldest.isoformat()])
            change = "update passes set picture = null where picture is not null and seen_at < ?"
            execute(change, [shown.isoformat()])

    def forget(self, plates: set[str], names: Collection[str]) -> set[str]:
        """Delete what both told of cars of somebody who was erased, by plate and by message.

        Returns all plates that these were.
        """
        with self._tried(), self.db.atomic():
            marks = ",".join("?" * len(names))
            of_names = f"select plate from passes where name in ({marks})"
            plates = plates | {plate for (plate,) in self.db.execute(of_names, list(names))}
            for plate in plates:
                self.db.conn.execute("delete from passes where plate = ?", [plate])
        return plates

    def _note(self, who: Who, message: Arrival | Departure, picture: bytes | None) -> None:
        at = message.seen_at.astimezone(UTC).isoformat()
        unsure = isinstance(message, Arrival) and message.is_uncertain
        row = (message_id(message), who, message.plate, at, unsure, picture)
        with self._tried(), self.db.atomic():
            self.db.conn.execute("insert or ignore into passes values (?, ?, ?, ?, ?, ?)", row)

    @contextmanager
    def _tried(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except (OSError, sqlite3.Error) as error:
                log.warning("the comparison is not kept: %s", error)


def _make(db: Database) -> None:
    db.conn.execute("pragma secure_delete = on")  # plates
    migrations.bring_up(db)


FILE_SHAPE = Shape(make=_make, refuse_newer=migrations.refuse_newer)
