"""The strips of plates that people corrected, in a file of their own: never the picture around."""

import errno
import logging
import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from gate.camera.frame import Image
from gate.pipeline import Passage
from gate.reader.rectify import loosened, straighten
from shared.database import Database
from shared.errors import OperatorError
from shared.mending import Shape
from shared.messages import Arrival, CorrectionTaken
from shared.migrations import Migrations
from shared.outbox import open_database
from shared.sealed_file import connect, sqlite3

log = logging.getLogger(__name__)

FILE_NAME = "corrections.sqlite3"
KEPT = timedelta(days=7)
"""As long as the frames that were read (``images_days``), and no longer whatever is set there."""
MOST_KEPT = 2_000
"""A strip is 10 KB: 20 MB at most. A gate with 3,600 cars a day, of which one in a hundred is
corrected, has 250 in a week."""
WAITING = timedelta(days=1)
"""How long a strip waits for its correction: a guard's phone shows today's cars, and takes a plate
without a network until it has one."""
MOST_WAITING = 400
"""In memory only, 4 MB: a phone shows the last 20 cars, and a busy gate has 300 an hour."""

migrations = Migrations("corrections")


@migrations()
def create_strips(db: Database) -> None:
    """Release 0.9."""
    db.conn.execute(
        "create table if not exists strips (name text primary key, seen_at text, kept_at text, "
        "read text, plate text, rows integer, colour text, strip blob)"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A plate as the recogniser saw it (a PNG), what was told, and what a person says it was."""

    name: str
    seen_at: datetime
    read: str
    rows: int
    colour: str | None
    png: bytes
    plate: str = ""
    kept_at: datetime | None = None

    @property
    def image(self) -> Image:
        """It as a 40×160×3 BGR picture."""
        return np.asarray(cv2.imdecode(np.frombuffer(self.png, np.uint8), 1), np.uint8)


@dataclass(slots=True)
class Kept:
    """What waits for a correction, in memory, and what was corrected, on the disk.

    The watch brings strips and the courier corrections. It is beside the work: where the disk
    refuses it, the gate goes on without.
    """

    db: Database
    clock: Callable[[], datetime]
    _waiting: dict[str, Strip] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def hear(self, passage: Passage) -> None:
        """Hold the strip of a car that comes, until somebody corrects it."""
        message, reading = passage.message, passage.reading
        if reading is None or not isinstance(message, Arrival):
            return
        corners = loosened(np.asarray(reading.corners_px, np.float32))
        _, png = cv2.imencode(".png", straighten(passage.image, corners, reading.rows))
        strip = Strip(
            name=message.arrival_id,
            seen_at=message.seen_at,
            read=message.plate,
            rows=reading.rows,
            colour=reading.colour,
            png=png.tobytes(),
        )
        with self._lock:
            self._waiting[strip.name] = strip
            for name in [*self._waiting][:-MOST_WAITING]:
                del self._waiting[name]

    def correct(self, taken: CorrectionTaken) -> None:
        """Keep the strip of that arrival with what it says; the last word on a plate counts."""
        with self._tried(), self.db.atomic():
            waiting = self._waiting.pop(taken.arrival_id, None)
            if waiting is None:
                change = "update strips set plate = ? where name = ?"
                self.db.conn.execute(change, [taken.plate, taken.arrival_id])
                return
            _insert(self.db, replace(waiting, plate=taken.plate, kept_at=self.clock()))
            bound = "delete from strips where name not in "
            bound += "(select name from strips order by kept_at desc, rowid desc limit ?)"
            self.db.conn.execute(bound, [MOST_KEPT])

    def delete_old(self, moment: datetime) -> None:
        """Delete what was kept for long enough, and what nobody corrected within a day."""
        with self._tried(), self.db.atomic():
            late = moment - WAITING
            for name in [name for name, each in self._waiting.items() if each.seen_at < late]:
                del self._waiting[name]
            self.db.conn.execute("delete from strips where kept_at < ?", [_utc(moment - KEPT)])

    def erase(self, names: Collection[str]) -> None:
        """Delete the strips of somebody who was erased, by message, and all of the same plates."""
        with self._tried(), self.db.atomic():
            marks = ",".join("?" * len(names))
            asked = f"select read, plate from strips where name in ({marks})"
            plates = {plate for pair in self.db.execute(asked, list(names)) for plate in pair}
            plates |= {each.read for name, each in self._waiting.items() if name in names}
            for name in [n for n, each in self._waiting.items() if each.read in plates]:
                del self._waiting[name]
            for plate in plates:
                gone = "delete from strips where read = ? or plate = ?"
                self.db.conn.execute(gone, [plate, plate])

    @contextmanager
    def _tried(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except (OSError, sqlite3.Error) as error:
                log.warning("corrections are not kept: %s", error)


def _insert(db: Database, strip: Strip) -> None:
    kept_at = strip.kept_at or strip.seen_at
    moments, texts = (_utc(strip.seen_at), _utc(kept_at)), (strip.read, strip.plate)
    row = (strip.name, *moments, *texts, strip.rows, strip.colour, strip.png)
    db.conn.execute("insert or replace into strips values (?,?,?,?,?,?,?,?)", row)


def read_kept(folder: Path) -> list[Strip]:
    """What is kept in a gate's folder, oldest first; the gate may be running.

    Raises: OperatorError where there is no such folder, or its file cannot be read.
    """
    asked = "select name, seen_at, read, rows, colour, strip, plate, kept_at "
    asked += "from strips order by kept_at"
    with _opened(folder, "ro") as db:
        rows = db.execute(asked).fetchall() if db else []
    return [
        Strip(
            name=name,
            seen_at=datetime.fromisoformat(seen_at),
            read=read,
            rows=count,
            colour=colour,
            png=png,
            plate=plate,
            kept_at=datetime.fromisoformat(kept_at),
        )
        for name, seen_at, read, count, colour, png, plate, kept_at in rows
    ]


def erase_kept(folder: Path) -> int:
    """Delete all that is kept in a gate's folder, which may be running; how many it was.

    Raises: OperatorError where there is no such folder, or its file cannot be written.
    """
    with _opened(folder, "rw") as db:
        if db is None:
            return 0
        db.execute("pragma secure_delete = on")
        count = db.execute("delete from strips").rowcount
        db.commit()
        db.execute("pragma wal_checkpoint(truncate)")
    return int(count)


@contextmanager
def _opened(folder: Path, mode: Literal["rw", "ro"]) -> Iterator[sqlite3.Connection | None]:
    """The file in ``folder``; None: nothing was ever kept there."""
    try:
        if not folder.is_dir():
            raise NotADirectoryError(os.strerror(errno.ENOTDIR))
        if not (folder / FILE_NAME).is_file():
            yield None
            return
        with closing(connect(folder / FILE_NAME, mode)) as db:
            yield db
    except (OSError, sqlite3.Error) as error:
        raise OperatorError("error.corrections", path=folder, reason=error) from error


def copy_kept(folder: Path, to: Path) -> int:
    """Copy what is kept in a gate's folder to another, where a training reads it; how many.

    Without the gate's key: only the file's rights keep the copy from others.

    Raises: OperatorError where one cannot be read or the other not written.
    """
    kept, path = read_kept(folder), to / FILE_NAME
    try:
        to.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        db = open_database(path)
        with closing(db.conn):
            FILE_SHAPE.make(db)
            with db.atomic():
                for strip in kept:
                    _insert(db, strip)
    except (OSError, sqlite3.Error) as error:
        raise OperatorError("error.corrections_copy", path=to, reason=error) from error
    return len(kept)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _make(db: Database) -> None:
    db.conn.execute("pragma secure_delete = on")  # plates
    migrations.bring_up(db)


FILE_SHAPE = Shape(make=_make, refuse_newer=migrations.refuse_newer)
