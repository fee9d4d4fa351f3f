"""A phone's hash found among ten million at head office: how long it takes.

python -m tests.bench known_phones [--phones 10000000] [--tries 2000]

Ten million phones of 500 sites, as keyed hashes in PostgreSQL; then one phone after the other is
asked for, half of them known elsewhere. Target: p99 at most 1 ms.
"""

import argparse
import hashlib
import random
import sys
import time

import psycopg

from broker.head_office.known_store import MATCH
from broker.head_office.pg_schema import migrate_office
from tests.bench.table import table
from tests.postgres import postgres

KEY_ID, SITES, WANTED_MS = "0" * 16, 500, 1.0
_FILL = """
    insert into known_phone (key_id, hash, site, since, run)
    select %s, sha256(one::text::bytea), 'site-' || one %% %s,
        date '2026-09-01' + (one %% 90)::int, 1
    from generate_series(%s::bigint, %s::bigint) as one
"""
_PART = 500_000


def main() -> int:
    """Print the percentiles; 1 if the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=10_000_000)
    parser.add_argument("--tries", type=int, default=2_000)
    asked = parser.parse_args()
    with (
        postgres(("shared_buffers=512MB", "max_wal_size=4GB")) as server,
        psycopg.connect(server.url, autocommit=True) as connection,
    ):
        fill(connection, asked.phones)
        took_ms = ask(connection, asked.phones, asked.tries)
    shares = {f"p{round(100 * at)}": took_ms[int(at * len(took_ms))] for at in (0.5, 0.95, 0.99)}
    rows = [[f"{asked.phones:,}", *(f"{each:.2f} ms" for each in shares.values())]]
    print(table(["phones", *shares], rows))
    return int(shares["p99"] > WANTED_MS)


def fill(connection: psycopg.Connection, phones: int) -> None:
    """So many phones of all sites."""
    migrate_office(connection)
    for number in range(SITES):
        query = "insert into site (site, hash) values (%s, '')"
        connection.execute(query, [f"site-{number}"])
    for first in range(1, phones + 1, _PART):
        last = min(first + _PART - 1, phones)
        connection.execute(_FILL, [KEY_ID, SITES, first, last])
    connection.execute("vacuum analyze known_phone")


def ask(connection: psycopg.Connection, phones: int, tries: int) -> list[float]:
    """What each match took, sorted; every second phone is nobody's."""
    chance, took_ms = random.Random(1), list[float]()
    asked = {"key_id": KEY_ID, "site": "site-none"}
    for number in range(tries):
        wanted = chance.randint(1, phones) + phones * (number % 2)
        digest = hashlib.sha256(str(wanted).encode()).digest()
        began = time.perf_counter()
        found = connection.execute(MATCH, asked | {"hashes": [digest]}).fetchall()
        took_ms.append((time.perf_counter() - began) * 1000)
        assert len(found) == 1 - number % 2
    return sorted(took_ms)


if __name__ == "__main__":
    sys.exit(main())
