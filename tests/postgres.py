"""A real PostgreSQL of a test run's own."""

from broker.launch.own_postgres import OwnPostgres as Postgres
from broker.launch.own_postgres import own_postgres as postgres

__all__ = ["Postgres", "postgres"]
