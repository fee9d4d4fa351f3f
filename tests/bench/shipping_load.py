"""Alerts while a hub ships its journal, against alerts without; a month without a head office.

python -m tests.bench shipping_load [--entries 20000] [--rounds 2] [--seconds 40]

The loaded site of ``handhelds``; in half of the windows ``yingbin ship`` runs beside its hub, as
the hub itself starts it, to a real head office on this machine; in the first of them it catches
up. Then head office is away. Targets: p95 of an alert at most 5 % above that of the windows
without, and 5 ms for what no clock tells apart; without head office at most 50 MB a month beside
the journal.
"""

import argparse
import logging
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import psycopg

from broker.head_office.site_store import SiteStore
from broker.journal.entries import FILE_NAME
from broker.journal.shipment import Joining
from broker.shipping.membership import Membership, write_membership
from broker.site_key.signing import FILE_NAME as SIGNING_KEY
from broker.site_key.signing import make_signer
from shared.clock import now
from tests.bench.backup_load import BUSY, QUIET, measure
from tests.bench.grown_site import grown_folder
from tests.bench.handhelds import percentile
from tests.bench.head_office.offices import running_offices
from tests.bench.table import table
from tests.postgres import postgres
from tests.site import FROM_THE_TREE, ROOT

AT_MOST, UNTOLD_MS = 1.05, 5.0
ENTRIES_A_MONTH = 300 * 18 * 6 * 30
"""At the peak's pace for six hours of each day."""
MONTH_MB = 50.0
AWAY_S = 20.0
DURABLE = ("shared_buffers=128MB",)


def main() -> int:
    """Print the p95 of both kinds of windows, and what a month without head office takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, postgres(DURABLE) as server:
        folder = Path(name)
        shutil.copytree(grown_folder(asked.entries), folder / "hub")
        with running_offices(folder, server.url, 1) as (office,):
            member = _member(server.url, office.url, folder)

            def ship(where: Path) -> "_Shipping":
                return _Shipping(where, member, lambda: _stored(server.url))

            took_ms, shipped = measure(folder, asked.rounds, asked.seconds, ship)
        missed = [*told(took_ms, shipped), *away(folder, member)]
    for line in missed:
        print(f"missed: {line}")
    return int(bool(missed))


class _Shipping:
    """``yingbin ship``, with settings of its own: the hub shall not start another."""

    def __init__(self, folder: Path, member: Membership, stored: Callable[[], int]) -> None:
        self._stored, self._before, self.made = stored, stored(), 0
        words = ["nice", "-n", "19", *FROM_THE_TREE, "ship", "--config", str(_own(folder, member))]
        self._child = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)

    @property
    def peak_mb(self) -> float:
        """What it has taken of the memory at most."""
        status = Path(f"/proc/{self._child.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def has_ended(self) -> bool:
        """Stop it."""
        self._child.terminate()
        self._child.wait(60)
        self.made = self._stored() - self._before
        return True


def _own(folder: Path, member: Membership) -> Path:
    own = folder / "ships"
    own.mkdir(exist_ok=True)
    shutil.copy(folder / "hub.toml", own / "hub.toml")
    shutil.copy(folder / SIGNING_KEY, own / SIGNING_KEY)
    for key in folder.glob("*.data.key"):
        shutil.copy(key, own / key.name)
    write_membership(own, member)
    return own / "hub.toml"


def _member(database: str, url: str, folder: Path) -> Membership:
    signer = make_signer(folder / SIGNING_KEY)
    with psycopg.connect(database, autocommit=True) as connection:
        store = SiteStore(connection)
        code = store.invite("xihu", now())
        joined = store.join(Joining(code=code, public_key=signer.public), now())
    return Membership(url=url, site=joined.site, token=joined.token)


def _stored(database: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute("select coalesce(max(stored_through), 0) from site").fetchone()
    return int(row[0]) if row else 0


def told(took_ms: dict[str, list[list[float]]], shipped: int) -> list[str]:
    """Print the figures; which of them miss their target."""
    names = {QUIET: "without shipping", BUSY: "while it ships"}
    rows = [
        [names[name], str(len(took)), *(f"{percentile(took, at):.0f} ms" for at in (0.5, 0.95))]
        for name, windows in took_ms.items()
        for took in windows
    ]
    print(table(["window", "alerts", "p50", "p95"], rows))
    quiet, busy = (percentile([*chain(*took_ms[name])], 0.95) for name in (QUIET, BUSY))
    allowed = quiet * AT_MOST + UNTOLD_MS
    print(f"{shipped:,} entries shipped; p95 {quiet:.0f} → {busy:.0f} ms (target {allowed:.0f} ms)")
    slow = f"p95 {busy:.0f} ms while it ships, wanted {allowed:.0f}"
    return [slow] * (busy > allowed) + ["nothing was shipped"] * (shipped == 0)


def away(folder: Path, member: Membership) -> list[str]:
    """What a journal that waits for head office takes of the disk and of memory."""
    before = _bytes_beside(folder)
    nowhere = Membership(url="http://127.0.0.1:9", site=member.site, token=member.token)
    shipping = _Shipping(folder, nowhere, lambda: 0)
    time.sleep(AWAY_S)
    peak_mb = shipping.peak_mb
    shipping.has_ended()
    grew_mb = (_bytes_beside(folder) - before) / 1e6
    print(f"head office away: {grew_mb:.1f} MB more beside the journal, {peak_mb:.0f} MB of memory")
    print(f"a month of it: {ENTRIES_A_MONTH:,} entries wait in the journal, where they stay anyway")
    return [f"{grew_mb:.1f} MB without head office"] * (grew_mb > MONTH_MB)


def _bytes_beside(folder: Path) -> int:
    """All files of the site but the journal's own."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if not path.name.startswith(FILE_NAME))


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
