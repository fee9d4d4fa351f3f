"""What a group's head office takes in: entries a second, lag, kills and cuts; all hashes compared.

    python -m tests.bench head_office [--sites N] [--entries N] [--pace PER_S] [--pace-s S]
                                      [--kills N] [--instances N] [--seed N]

Simulated sites with real chains and signatures, the real client, real head offices, a PostgreSQL
that flushes its commits, all on this machine. Fails where an entry is lost or doubled, below 2,500
entries a second, above a lag of 5 s, or where the last rows come slower by a tenth than the first.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.head_office.group_round import alone, group_round
from tests.bench.head_office.offices import differing
from tests.bench.head_office.stages import break_everything, fill, list_sites, live
from tests.postgres import postgres

DURABLE = ("shared_buffers=128MB", "max_wal_size=2GB")


def main() -> int:
    """Print the figures."""
    asked = _asked()
    made = alone(asked.sites, min(asked.entries, 50_000), asked.seed)
    print(f"the simulator alone makes {made:,.0f} entries/s of CPU", flush=True)
    size = asked.sites, asked.instances, asked.seed
    with (
        tempfile.TemporaryDirectory(prefix="yingbin-office-") as folder,
        postgres(DURABLE) as server,
        group_round(server, Path(folder), *size) as group,
    ):
        missed = [*fill(group, asked), *list_sites(server.url), *live(group, asked)]
        missed += break_everything(group, asked)
        wrong = differing(server.url, group.sites)
    print(f"{len(group.sites) - len(wrong)} of {len(group.sites)} sites' journals are whole above")
    for line in (*wrong, *missed):
        print(f"missed: {line}")
    return int(bool(wrong or missed))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=500)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--pace", type=float, default=750.0, help="entries a second at all sites")
    parser.add_argument("--pace-s", type=float, default=60.0)
    parser.add_argument("--cut", type=int, default=500, help="what waits at a site after the cut")
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--instances", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
