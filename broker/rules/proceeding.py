"""One command being decided: what was told so far, and the state that follows from it."""

from dataclasses import dataclass, field
from datetime import datetime

from broker.rules import events as e
from broker.rules.facts import Known
from broker.rules.fold import apply
from broker.rules.policy import END_OF_LINE, Policy
from broker.rules.state import SiteState, Visit


@dataclass(slots=True)
class Proceeding:
    """Lives for one call of ``judge.decide``; everything else in the rules is a value."""

    state: SiteState
    policy: Policy
    known: Known
    now: datetime
    since: datetime
    """The moment of the command before this: what fell due since is done first."""
    events: list[e.Event] = field(default_factory=list)

    def tell(self, event: e.Event) -> None:
        """Note ``event``, and continue from the state after it."""
        self.events.append(event)
        self.state = apply(self.state, event)

    def rejoin(self, consultant_id: str) -> None:
        """Put them at the end of the line after a reception, unless the line is a ring (R22)."""
        if self.policy.after_reception == END_OF_LINE and consultant_id in self.state.line:
            self.tell(e.Rejoined(at=self.now, consultant_id=consultant_id))

    def visit(self, visit_id: str) -> Visit:
        """The open visit as it now stands."""
        return self.state.visits[visit_id]
