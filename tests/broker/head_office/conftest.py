from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from broker.head_office.connections import Stores
from broker.head_office.office_app import create_office
from broker.head_office.pg_schema import migrate_office
from shared.clock import now
from shared.web_server import WebServer, listen
from tests.broker.backup.office import Office, cars, set_up_office
from tests.broker.head_office.group import Group
from tests.postgres import Postgres, postgres


@pytest.fixture(scope="session")
def database() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture
def group(database: Postgres) -> Iterator[Group]:
    """A head office with an empty database, reached over HTTP."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("drop schema if exists public cascade; create schema public")
        migrate_office(connection)
    listener = listen("127.0.0.1", 0)
    stores = Stores(database.url)
    server = WebServer(create_office(stores, now), listener)
    server.start()
    yield Group(database.url, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.stop()
    stores.close()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A site with a morning's journal, and no hub at work."""
    office = set_up_office(tmp_path)
    with office.at_work() as hub:
        cars(hub, range(1, 41))
    return office
