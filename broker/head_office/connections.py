"""Connections to the database, one for each thread that answers."""

import threading
from dataclasses import dataclass

import psycopg

from broker.head_office.document_store import DocumentStore
from broker.head_office.erasure_store import ErasureStore
from broker.head_office.journal_store import JournalStore
from broker.head_office.known_store import KnownStore
from broker.head_office.readers import ReaderStore
from broker.head_office.site_store import SiteStore


@dataclass(frozen=True, slots=True)
class Store:
    """What one thread works with."""

    connection: psycopg.Connection
    sites: SiteStore
    journal: JournalStore
    readers: ReaderStore
    documents: DocumentStore
    erasures: ErasureStore
    known: KnownStore


class Stores:
    """A connection for each thread that answers; one that broke is made anew."""

    def __init__(self, database_url: str) -> None:
        self._url, self._own = database_url, threading.local()
        self._open = set[psycopg.Connection]()

    def store(self) -> Store:
        """This thread's."""
        if not hasattr(self._own, "store"):
            made = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            self._own.store = Store(
                *(made, SiteStore(made), JournalStore(made), ReaderStore(made)),
                *(DocumentStore(made), ErasureStore(made), KnownStore(made)),
            )
            self._open.add(made)
        store: Store = self._own.store
        return store

    def drop(self) -> None:
        """Close this thread's."""
        if hasattr(self._own, "store"):
            self._own.store.connection.close()
            self._open.discard(self._own.store.connection)
            del self._own.store

    def close(self) -> None:
        """Close all, once nobody asks any more."""
        while self._open:
            self._open.pop().close()
