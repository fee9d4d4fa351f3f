"""The kiosk's own files, usable whatever became of them."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.store import Store, migrations
from shared.clock import Clock
from shared.database import Database
from shared.edge_outbox import EdgeOutbox, keep_confirmed
from shared.mending import PROBLEM, Shape
from shared.migrations import Migrations
from shared.outbox import Outbox
from shared.own_file import open_own


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """What the kiosk keeps in its files."""

    outbox: EdgeOutbox
    store: Store
    problem: str | None
    """What was wrong with one of them; None: nothing."""


def open_own_files(folder: Path, clock: Clock) -> OwnFiles:
    """The files in ``folder``, which must be held, mended if they had to be."""
    messages = open_own(folder / "outbox.db", OUTBOX_SHAPE, clock())
    known = open_own(folder / "kiosk.db", STORE_SHAPE, clock())
    problem = PROBLEM if messages.mended or known.mended else None
    outbox, store = EdgeOutbox(messages.db, messages.refused), Store(known.db, known.refused)
    return OwnFiles(outbox, store, problem)


outbox_migrations = Migrations("kiosk outbox", harmless={"keep_what_the_hub_confirmed"})


@outbox_migrations()
def create_outbox(db: Database) -> None:
    """Release 0.1; a file of before 0.5, which kept no list of its steps, has it already."""
    Outbox(db)


@outbox_migrations()
def keep_what_the_hub_confirmed(db: Database) -> None:
    """Release 0.5: a restored hub is sent again what it lacks."""
    keep_confirmed(db)


OUTBOX_SHAPE = Shape(make=outbox_migrations.bring_up, refuse_newer=outbox_migrations.refuse_newer)
STORE_SHAPE = Shape(make=migrations.bring_up, refuse_newer=migrations.refuse_newer)
