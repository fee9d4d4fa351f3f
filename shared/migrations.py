"""A program's SQLite file comes up to this release by numbered steps; a newer file is refused."""

from collections.abc import Set as AbstractSet
from contextlib import closing
from pathlib import Path

from shared import database
from shared.database import Database
from shared.errors import OperatorError
from shared.file_check import file_of
from shared.sealed_file import connect, copy_over, sqlite3

COPIES_KEPT = 2
"""Of the files from before a step, the newest; in ten years they would fill the disk."""


class Migrations(database.Migrations):
    """The steps of one kind of file, in the order of their numbers, from 1.

    A file keeps the names of the steps that it has taken, and in SQLite's ``user_version`` the
    number of the step that a program must know to use it. Each step is one transaction.
    ``harmless``: the steps after which a program that does not know them goes on as before.
    """

    def __init__(self, name: str, *, harmless: AbstractSet[str] = frozenset()) -> None:
        super().__init__(name)
        self._harmless = harmless

    @property
    def names(self) -> list[str]:
        """The names of the steps."""
        return [step.name for step in self._migrations]

    @property
    def number(self) -> int:
        """The number of the last step: what this release knows."""
        return len(self._migrations)

    @property
    def needed(self) -> int:
        """The number of the step that a program must know to use a file of this release."""
        needing = (number for number, name in enumerate(self.names, 1) if not self._is_free(name))
        return max(needing, default=0)

    def bring_up(self, db: Database) -> None:
        """Give an older file the tables of this release, after a copy of it was made beside it.

        Raises:
            OperatorError: a newer release made the file. It is left as it is.
        """
        file = file_of(db.conn)
        self._refuse(needed_by(db.conn), file or Path())
        pending = self.pending(db)
        if file and pending and self.applied(db):
            _copy_beside(db, file, pending[0].name)
        self.apply(db)
        if needed_by(db.conn) < self.needed:
            with db.atomic():
                db.conn.execute(f"pragma user_version = {self.needed}")

    def refuse_newer(self, path: Path) -> None:
        """Look at the file ``path`` before anything is done to it.

        Raises:
            OperatorError: a newer release made it. It is neither damaged nor ours to mend.
        """
        self._refuse(needed_in(path), path)

    def _refuse(self, needed: int, path: Path) -> None:
        if needed > self.number:
            raise OperatorError("error.newer_file", path=path, needed=needed, known=self.number)

    def _is_free(self, name: str) -> bool:
        return name in self._harmless


def needed_in(path: Path) -> int:
    """The number that a program must know to use the file ``path``; 0: none, or nobody can tell."""
    if not path.is_file():
        return 0
    try:
        with closing(connect(path, "ro")) as db:
            return needed_by(db)
    except sqlite3.DatabaseError:
        return 0


def needed_by(db: sqlite3.Connection) -> int:
    """The number that a program must know to use the open file ``db``."""
    return int(db.execute("pragma user_version").fetchone()[0])


def _copy_beside(db: Database, file: Path, name: str) -> None:
    copy = file.with_name(f"{file.name}.before-{name}")
    if not copy.exists():
        with closing(connect(copy)) as target:
            copy_over(db.conn, target)
        copy.chmod(0o600)
    others = [other for other in file.parent.glob(f"{file.name}.before-*") if other != copy]
    for older in sorted(others, key=lambda other: other.stat().st_mtime)[: 1 - COPIES_KEPT]:
        older.unlink()
