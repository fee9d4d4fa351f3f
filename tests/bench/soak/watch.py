"""Looks at a running site from outside: memory, descriptors, files, outboxes, logs."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from shared.sealed_file import connect, sqlite3
from tests.bench.handhelds import rss_mb
from tests.bench.soak.bounds import Held, Sample

MB = 2**20


@dataclass(frozen=True, slots=True)
class Watch:
    """The site in ``folder``; ``pids`` as ``bounds.PROGRAMS`` names them."""

    folder: Path
    hub_file: Path
    pids: tuple[int, ...]
    began_s: float
    speed: float

    def look(self) -> Sample:
        """What it holds now."""
        edges = list((self.folder / "edges").glob("*.sqlite3"))
        logs = [*self.folder.glob("*.log"), self.folder / "log"]
        wals = list(self.folder.glob("*/*-wal"))
        depth = "select count(*) from outbox"
        return Sample(
            at_s=(time.monotonic() - self.began_s) * self.speed,
            programs=tuple(Held(rss_mb(pid), _descriptors(pid)) for pid in self.pids),
            wal_mb=max(_sizes_mb(wals), default=0.0),
            waiting=sum(_number(path, depth) for path in (self.hub_file, *edges)),
            journal=_number(self.hub_file, "select coalesce(max(seq), 0) from journal"),
            log_mb=sum(_sizes_mb(logs)),
        )

    def rejected(self) -> tuple[str, ...]:
        """Why the hub could not act on a message."""
        with closing(_opened(self.hub_file)) as db:
            return tuple(reason for (reason,) in db.execute("select reason from rejected"))


def child_of(pid: int) -> int:
    """The one process that ``pid`` started: mosquitto, of its watcher."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    (child,) = listed.split()
    return int(child)


def _descriptors(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def _sizes_mb(paths: Sequence[Path]) -> list[float]:
    return [path.stat().st_size / MB for path in paths]


def _number(path: Path, sql: str) -> int:
    with closing(_opened(path)) as db:
        return int(db.execute(sql).fetchone()[0])


def _opened(path: Path) -> sqlite3.Connection:
    return connect(path, "ro")
