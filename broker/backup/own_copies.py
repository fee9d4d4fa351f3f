"""The site's own backups as the running hub opens them, when its file has to be mended."""

import logging
import shutil
import threading
from collections.abc import Collection, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from broker.backup.kept import backups_in
from broker.backup.making import opened, scratch_in
from broker.journal.chain import Head
from broker.journal.entries import FILE_NAME, HEADS_NAME, open_read_only, read_heads
from broker.site_key.key import SiteKey, read_key
from shared.errors import OperatorError
from shared.mending import Copy
from shared.sealed_file import key_beside, sqlite3

log = logging.getLogger(__name__)

LOCAL = "backups"
"""Where backups lie in the hub's own folder, besides those on another disk."""
ANSWERS_WITHIN_S = 10.0
"""A folder in the network that has gone away may hang for ever."""
TRIED = 5
"""How many are opened before the hub goes without: each takes a while, and it shall start."""


@dataclass(frozen=True, slots=True)
class OwnCopies:
    """Where the backups of a hub lie, and the key that opens them."""

    site: str
    folders: tuple[Path, ...]
    key: Path

    def newest_first(self) -> list[Path]:
        """The files, as far as their folders can be read."""
        each = (_backups_in(folder, self.site).items() for folder in self.folders)
        return [path for _, path in sorted(chain.from_iterable(each), reverse=True)]

    def opened(self, hub: Path) -> Generator[Copy, None, None]:
        """Those that fit the notes of the journal's end in the folder ``hub``, the newest first."""
        heads = read_heads(hub / HEADS_NAME) if (hub / HEADS_NAME).exists() else []
        files = self.newest_first()[:TRIED]
        if not files or (key := self._key()) is None:
            return
        with scratch_in(hub) as scratch:
            for file in files:
                if copy := _opened(file, key, scratch / "copy", heads):
                    yield Copy(copy, file.name)

    def data_keys(self, hub: Path) -> Iterator[str]:
        """The keys of the files in the folder ``hub`` that the backups hold, the newest first."""
        with closing(self.opened(hub)) as copies:
            for copy in copies:
                if key := key_beside(copy.file):
                    yield key

    def _key(self) -> SiteKey | None:
        try:
            return read_key(self.key)
        except (OperatorError, OSError) as error:
            log.warning("no backup can be opened: %s", error)
            return None


def _backups_in(folder: Path, site: str) -> dict[datetime, Path]:
    """The backups in ``folder``; none if it was never made, or does not answer in time."""
    found: dict[datetime, Path] = {}

    def look() -> None:
        with suppress(OSError):
            found.update(backups_in(folder, site))

    looking = threading.Thread(target=look, name="backups", daemon=True)
    looking.start()
    looking.join(ANSWERS_WITHIN_S)
    if looking.is_alive():
        log.warning("%s does not answer; its backups are left alone", folder)
        return {}
    return found


def _opened(file: Path, key: SiteKey, into: Path, heads: Collection[Head]) -> Path | None:
    """The hub's file in this backup; None: it cannot be opened, or tells of another past."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    try:
        copy = opened(file, key, into) / FILE_NAME
        if _fits(copy, heads):
            return copy
        log.warning("%s is no earlier state of this journal", file)
    except (OperatorError, OSError, sqlite3.DatabaseError) as error:
        log.warning("%s: %s", file, error)
    return None


def _fits(copy: Path, heads: Collection[Head]) -> bool:
    """Whether the journal in ``copy`` ended as every note says that lies within it.

    A backup from before a restore may go on otherwise than the journal did since.
    """
    with closing(open_read_only(copy)) as db:
        (end,) = db.execute("select ifnull(max(seq), 0) from journal").fetchone()
        found = "select 1 from journal where seq = ? and hash = ?"
        noted = [head for head in heads if 0 < head.seq <= end]
        return all(db.execute(found, [head.seq, head.hash]).fetchone() for head in noted)
