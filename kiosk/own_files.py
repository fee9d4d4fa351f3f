"""The kiosk's own files, held for this process and usable whatever became of them."""

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from kiosk.store import Store, migrations
from shared.clock import Clock
from shared.in_use import hold
from shared.mending import PROBLEM, Shape
from shared.migrations import Migrations
from shared.outbox import Outbox
from shared.own_file import open_own


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """What the kiosk keeps in its files."""

    outbox: Outbox
    store: Store
    problem: str | None
    """What was wrong with one of them; None: nothing."""


def open_own_files(folder: Path, clock: Clock) -> OwnFiles:
    """The files in ``folder``, mended if they had to be.

    Raises:
        OperatorError: another kiosk runs on this folder.
    """
    hold(folder, "kiosk")
    messages = open_own(folder / "outbox.db", OUTBOX_SHAPE, clock())
    known = open_own(folder / "kiosk.db", STORE_SHAPE, clock())
    problem = PROBLEM if messages.mended or known.mended else None
    outbox, store = Outbox(messages.db, messages.refused), Store(known.db, known.refused)
    return OwnFiles(outbox, store, problem)


outbox_migrations = Migrations("kiosk outbox")


@outbox_migrations()
def create_outbox(db: Database) -> None:
    """Release 0.1; a file of before 0.5, which kept no list of its steps, has it already."""
    Outbox(db)


OUTBOX_SHAPE = Shape(make=outbox_migrations.bring_up, refuse_newer=outbox_migrations.refuse_newer)
STORE_SHAPE = Shape(make=migrations.bring_up, refuse_newer=migrations.refuse_newer)
