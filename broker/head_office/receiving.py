"""The head office over HTTP: journals come in, and nothing goes to a gate from here."""

import logging
import threading
import zlib
from collections.abc import Callable
from typing import TypeVar

import msgspec
import psycopg
from flask import Flask, Response, request

from broker.head_office.site_store import ForkError, RefusedError, SiteStore
from broker.head_office.taking import BatchError
from broker.journal.shipment import HashAt, Joining, Shipment, StoredThrough
from shared.clock import Clock
from shared.errors import OperatorError

log = logging.getLogger(__name__)

LARGEST_BYTES = 16 << 20
"""A batch, also once it is unpacked."""
_GZIP = 16 + zlib.MAX_WBITS
_T = TypeVar("_T")


class Stores:
    """A connection for each thread that answers; one that broke is made anew."""

    def __init__(self, database_url: str) -> None:
        self._url, self._own = database_url, threading.local()
        self._open = set[psycopg.Connection]()

    def store(self) -> SiteStore:
        """This thread's."""
        if not hasattr(self._own, "connection"):
            self._own.connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            self._own.store = SiteStore(self._own.connection)
            self._open.add(self._own.connection)
        store: SiteStore = self._own.store
        return store

    def drop(self) -> None:
        """Close this thread's."""
        if hasattr(self._own, "connection"):
            self._own.connection.close()
            self._open.discard(self._own.connection)
            del self._own.connection, self._own.store

    def close(self) -> None:
        """Close all, once nobody asks any more."""
        while self._open:
            self._open.pop().close()


def create_office(stores: Stores, clock: Clock) -> Flask:
    """The application."""
    app = Flask("broker.head_office")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BYTES

    @app.get("/health")
    def health() -> Response:
        return _answered(stores, lambda store: {"sites": len(store.sites())})

    @app.post("/v1/join")
    def join() -> Response:
        return _answered(stores, lambda store: store.join(_read(Joining), clock()))

    @app.post("/v1/sites/<site>/journal")
    def take_journal(site: str) -> Response:
        def store_it(store: SiteStore) -> StoredThrough:
            line = store.store(site, _token(), _read(Shipment), clock())
            return StoredThrough(
                epoch=line.epoch, stored_through=line.stored_through, hash=line.hash
            )

        return _answered(stores, store_it)

    @app.get("/v1/sites/<site>/journal")
    def tell_hash(site: str) -> Response:
        seq = request.args.get("seq", 0, type=int)
        return _answered(
            stores, lambda store: HashAt(seq=seq, hash=store.hash_at(site, _token(), seq))
        )

    return app


def _answered(stores: Stores, work: Callable[[SiteStore], object]) -> Response:
    """What ``work`` says, as JSON; every refusal has its status."""
    try:
        return _json(work(stores.store()))
    except RefusedError:
        return _json({"error": "token or code refused"}, 401)
    except ForkError as fork:
        line = fork.line
        stored = StoredThrough(epoch=line.epoch, stored_through=line.stored_through, hash=line.hash)
        return _json(stored, 409)
    except (BatchError, OperatorError, msgspec.DecodeError, UnicodeError, RecursionError) as error:
        log.warning("refused: %s", error)
        return _json({"error": str(error)}, 422)
    except psycopg.Error as error:
        stores.drop()
        log.warning("the database: %s", error)
        return _json({"error": "the database is away"}, 503)


def _json(said: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(said), status, mimetype="application/json")


def _token() -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _read(kind: type[_T]) -> _T:
    return msgspec.json.decode(_body(), type=kind)


def _body() -> bytes:
    body = request.get_data()
    if request.headers.get("Content-Encoding") != "gzip":
        return body
    unpacking = zlib.decompressobj(_GZIP)
    try:
        unpacked = unpacking.decompress(body, LARGEST_BYTES)
    except zlib.error as error:
        raise BatchError(str(error)) from error
    if not unpacking.eof:
        raise BatchError("the batch is cut off, or too large")
    return unpacked
