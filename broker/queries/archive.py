"""The pages' ``Archive``: the past as the hub's file tells it, read only."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from sqlite_utils import Database

from broker.console.dispute_view import DecisionPage, Search, VisitEvidence
from broker.console.patterns_view import Patterns
from broker.handlers.context import Hub
from broker.journal.entries import open_read_only
from broker.queries.past_decisions import past_decisions
from broker.queries.patterns import patterns_of
from broker.queries.visit_evidence import evidence_of
from broker.wording.decisions import Teller


class HubArchive:
    """See ``Archive``. Each call opens a read-only connection, so any thread may ask."""

    def __init__(self, file: Path, hub: Hub) -> None:
        self._path, self._people = file, hub.people
        self._policy, self._clock = hub.decider.policy, hub.clock

    def dispute(self, visit_id: str, language: str) -> VisitEvidence | None:
        """See Archive."""
        with self._file() as db:
            return evidence_of(db, visit_id, self._teller(language), self._clock())

    def decisions(self, search: Search, language: str) -> DecisionPage:
        """See Archive."""
        with self._file() as db:
            return past_decisions(db, search, self._teller(language), self._clock())

    def patterns(self, first: date, last: date) -> Patterns:
        """See Archive."""
        with self._file() as db:
            return patterns_of(db, first, last, self._policy, self._people.names())

    def _teller(self, language: str) -> Teller:
        return Teller(self._people.names(), self._policy, language, self._people.words)

    @contextmanager
    def _file(self) -> Iterator[Database]:
        with closing(open_read_only(self._path)) as connection:
            yield Database(connection)
