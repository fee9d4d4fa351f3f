"""The head office over HTTP: journals come in, and nothing goes to a gate from here."""

import logging
import zlib
from collections.abc import Callable
from typing import TypeVar

import msgspec
import psycopg
from flask import Flask, Response, request

from broker.head_office.backlog_places import BacklogPlaces, NoRoomError
from broker.head_office.connections import Store, Stores
from broker.head_office.journal_store import ForkError
from broker.head_office.site_store import RefusedError
from broker.head_office.taking import BatchError
from broker.journal.known_phones import GroupKeys, KnownPart
from broker.journal.shipment import (
    BACKLOG_HEADER,
    Documents,
    HashAt,
    Joining,
    Reported,
    Shipment,
    SiteReport,
    StoredThrough,
)
from shared.clock import Clock
from shared.errors import OperatorError

log = logging.getLogger(__name__)

LARGEST_BYTES = 16 << 20
"""A batch, also once it is unpacked."""
COME_AGAIN_AFTER_S = 3
_GZIP = 16 + zlib.MAX_WBITS
_T = TypeVar("_T")


def create_receiving(stores: Stores, clock: Clock) -> Flask:
    """What sites ask, all of it below ``/v1``."""
    app, backlogs = Flask("broker.head_office", static_folder=None), BacklogPlaces()
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BYTES

    @app.post("/join")
    def join() -> Response:
        return _answered(stores, lambda store: store.sites.join(_read(Joining), clock()))

    @app.post("/sites/<site>/journal")
    def take_journal(site: str) -> Response:
        def store_it(store: Store) -> StoredThrough:
            with backlogs.place(is_backlog=BACKLOG_HEADER in request.headers):
                line = store.journal.store(site, _token(), lambda: _read(Shipment), clock())
            return StoredThrough(
                epoch=line.epoch, stored_through=line.stored_through, hash=line.hash
            )

        return _answered(stores, store_it)

    @app.get("/sites/<site>/journal")
    def tell_hash(site: str) -> Response:
        seq = request.args.get("seq", 0, type=int)
        return _answered(
            stores, lambda store: HashAt(seq=seq, hash=store.journal.hash_at(site, _token(), seq))
        )

    _speak_with_sites(app, stores, clock)
    return app


def _speak_with_sites(app: Flask, stores: Stores, clock: Clock) -> None:
    """What there is besides journals: how a site stands, and what head office says to it."""

    @app.post("/sites/<site>/report")
    def take_report(site: str) -> Response:
        def keep(store: Store) -> Reported:
            report = _read(SiteReport)
            return Reported(site=store.sites.keep_report(site, _token(), report, clock()))

        return _answered(stores, keep)

    @app.get("/sites/<site>/group-keys")
    def tell_keys(site: str) -> Response:
        return _answered(stores, lambda store: GroupKeys(keys=store.known.keys_of(site, _token())))

    @app.post("/sites/<site>/known")
    def compare_phones(site: str) -> Response:
        return _answered(stores, lambda store: store.known.keep(site, _token(), _read(KnownPart)))

    @app.get("/sites/<site>/documents")
    def tell_documents(site: str) -> Response:
        after = request.args.get("after", 0, type=int)

        def told(store: Store) -> Documents:
            documents = store.documents.of_site(site, _token(), after)
            return Documents(documents=documents, erasures=store.erasures.open_at(site))

        return _answered(stores, told)


def _answered(stores: Stores, work: Callable[[Store], object]) -> Response:
    """What ``work`` says, as JSON; every refusal has its status."""
    try:
        return _json(work(stores.store()))
    except RefusedError:
        return _json({"error": "token or code refused"}, 401)
    except NoRoomError:
        answer = _json({"error": "others' backlogs are being stored"}, 429)
        answer.headers["Retry-After"] = str(COME_AGAIN_AFTER_S)
        return answer
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
