"""State is a fold of the events: ``apply`` is the only thing that makes a new one."""

from broker.rules.events import Event
from broker.rules.state import SiteState


def apply(state: SiteState, event: Event) -> SiteState:
    """The state after ``event``."""
    raise NotImplementedError(state, event)
