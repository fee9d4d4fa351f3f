"""PostgreSQL and real head offices as processes: started, killed, and what they cost."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg

import yingbin
from broker.head_office.pg_schema import migrate_office
from broker.head_office.site_store import SiteStore
from broker.journal.shipment import Joining
from shared import VERSION
from shared.clock import now
from tests.bench.head_office.simulated_site import SimulatedSite
from tests.postgres import Postgres
from tests.waiting import eventually

_TICKS = os.sysconf("SC_CLK_TCK")


class RunningOffice:
    """One instance of the head office."""

    def __init__(self, folder: Path, database_url: str) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._log = folder / f"office-{self._port}.log"
        self._toml = folder / f"office-{self._port}.toml"
        self._toml.write_text(
            f'database_url = "{database_url}"\n'
            f'listen_host = "127.0.0.1"\nlisten_port = {self._port}\n',
            encoding="utf-8",
        )
        self._used_s = 0.0
        self.start()

    def start(self) -> None:
        """As a service would; returns when it answers."""
        words = [sys.executable, str(Path(yingbin.__file__)), "head-office", "--config"]
        with self._log.open("ab") as log:
            self._child = subprocess.Popen([*words, str(self._toml)], stdout=log, stderr=log)
        assert eventually(self._answers), self._log.read_text()

    def kill(self) -> None:
        """As the machine's power would."""
        self._used_s = self.cpu_s
        self._child.kill()
        self._child.wait()

    @property
    def cpu_s(self) -> float:
        """What it has used, the killed ones before it too."""
        with suppress(OSError):
            return self._used_s + _cpu_s(self._child.pid)
        return self._used_s

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
            return True
        assert self._child.poll() is None, self._log.read_text()
        return False


@contextmanager
def running_offices(folder: Path, url: str, count: int) -> Iterator[list[RunningOffice]]:
    """So many at one database."""
    offices = [RunningOffice(folder, url) for _ in range(count)]
    try:
        yield offices
    finally:
        for office in offices:
            office.kill()


def join_all(url: str, sites: list[SimulatedSite]) -> None:
    """Each site gets its token."""
    with psycopg.connect(url, autocommit=True) as connection:
        migrate_office(connection)
        store = SiteStore(connection)
        for site in sites:
            code = store.invite(site.name, now())
            joining = Joining(code=code, public_key=site.signer.public, version=VERSION)
            site.token = store.join(joining, now()).token


def postgres_cpu_s(server: Postgres) -> float:
    """What PostgreSQL has used since it was started."""
    whole = _cpu_s(server.pid, with_children=True)
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            whole += _cpu_s(int(path.name)) if _stat(int(path.name))[1] == str(server.pid) else 0
    return whole


def stored_bytes(url: str) -> int:
    """What the database takes on the disk."""
    with psycopg.connect(url) as connection:
        row = connection.execute("select pg_database_size(current_database())").fetchone()
    assert row is not None
    return int(row[0])


def differing(url: str, sites: list[SimulatedSite]) -> list[str]:
    """Whose journal above is another than the site's own, by number and hash of all its entries."""
    wrong = []
    with psycopg.connect(url, autocommit=True) as connection:
        for site in sites:
            found = connection.execute(
                "select count(*), encode(sha256(string_agg(hash, '' order by seq)::bytea), 'hex')"
                " from entry where site = %s",
                [site.name],
            ).fetchone()
            hashes = site.stored_digest.hexdigest() if site.made else None
            if found != (site.made, hashes) or site.has_more:
                wrong.append(f"{site.name}: {site.made} entries, above {found}")
    return wrong


def _cpu_s(pid: int, *, with_children: bool = False) -> float:
    """``with_children``: those that have ended too."""
    fields = _stat(pid)
    return sum(map(int, fields[11 : 15 if with_children else 13])) / _TICKS


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` behind the name: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
