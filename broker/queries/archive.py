"""The pages' ``Archive``: the past as the hub's file tells it, read only."""

from datetime import date

from broker.console.dispute_view import DecisionPage, Search, VisitEvidence
from broker.console.find_view import FoundByText
from broker.console.patterns_view import Patterns
from broker.handlers.context import Hub
from broker.leaving.who_left import staff_here
from broker.local.post_box import PostBox
from broker.local.questions import Unmask
from broker.queries.found_by_text import found
from broker.queries.past_decisions import past_decisions
from broker.queries.patterns import patterns_of
from broker.queries.visit_evidence import evidence_of
from broker.wording.decisions import Teller
from shared.ids import new_id


class HubArchive:
    """See ``Archive``. Any thread may ask: each call reads for itself."""

    def __init__(self, hub: Hub, post_box: PostBox) -> None:
        self._post_box = post_box
        self._file, self._choices, self._clock = hub.disk.reading, hub.choices, hub.clock
        self._decider = hub.decider

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
            return patterns_of(db, first, last, self._choices.policy, self._choices.people.names())

    def unmask(self, visit_id: str, staff_id: str, reason: str) -> None:
        """See Archive."""
        moment = self._clock()
        asked = Unmask(
            request_id=new_id(moment),
            asked_at=moment,
            staff_id=staff_id,
            visit_id=visit_id,
            reason=reason,
        )
        self._post_box.post(asked)

    def find(self, text: str, language: str) -> FoundByText:
        """See Archive."""
        here = staff_here(self._choices.people, self._decider.state)
        with self._file() as db:
            return found(db, text, here, self._teller(language), self._clock())

    def _teller(self, language: str) -> Teller:
        return Teller(
            self._choices.people.names(), self._choices.policy, language, self._choices.people.words
        )
