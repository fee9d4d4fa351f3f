"""A real PostgreSQL of a test run's own, on a socket file; never as root, which it refuses."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_OWN = ("listen_addresses=", "max_connections=100")
FAST = ("fsync=off", "shared_buffers=32MB")
"""Settings that no office would choose."""


class Postgres:
    """Stopped, started and killed as a test likes."""

    def __init__(self, folder: Path, settings: Sequence[str] = FAST) -> None:
        self._folder, self._settings = folder, settings
        self._user = "postgres" if os.geteuid() == 0 else None
        self.url = f"host={folder} user=postgres dbname=postgres"

    def make(self) -> None:
        if self._user:
            shutil.chown(self._folder, self._user)
        how = ("--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8")
        self._run("initdb", *how, "--locale=C", "--pgdata", str(self._folder / "data"))

    def start(self) -> None:
        where = f"unix_socket_directories={self._folder}"
        options = " ".join(f"-c {one}" for one in (*_OWN, *self._settings, where))
        log = str(self._folder / "log")
        self._control("start", "--wait", "--log", log, "--options", options)

    def stop(self, how: str = "immediate") -> None:
        """``immediate``: as if it were killed; what was committed is recovered."""
        self._control("stop", "--wait", "--mode", how)

    @property
    def pid(self) -> int:
        """Of the process whose children do the work."""
        written = (self._folder / "data" / "postmaster.pid").read_text(encoding="ascii")
        return int(written.split("\n", 1)[0])

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "--pgdata", str(self._folder / "data"), *words)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [_program(program), *words],
            user=self._user,
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )


def _program(name: str) -> str:
    """Debian does not put them on the path."""
    found = [*sorted(_DEBIAN.glob(f"*/bin/{name}"), reverse=True)]
    return str(found[0]) if found else shutil.which(name) or name


@contextmanager
def postgres(settings: Sequence[str] = FAST) -> Iterator[Postgres]:
    """One that runs. Not below pytest's own folder, which other users may not enter."""
    folder = Path(tempfile.mkdtemp(prefix="yingbin-pg-"))
    try:
        server = Postgres(folder, settings)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
