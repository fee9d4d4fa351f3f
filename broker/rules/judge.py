"""One command in, the events that follow out (判客): the only way in to the house rules."""

from broker.rules.commands import Command
from broker.rules.events import Event
from broker.rules.facts import NOTHING_KNOWN, Keys, Known
from broker.rules.policy import Policy
from broker.rules.state import SiteState


def keys_of(state: SiteState, command: Command) -> Keys | None:
    """What must be looked up before ``command`` is decided on; None: nothing."""
    raise NotImplementedError(state, command)


def decide(
    state: SiteState, policy: Policy, command: Command, known: Known = NOTHING_KNOWN
) -> tuple[Event, ...]:
    """What follows from ``command``, in order; ``fold.apply`` each to get the new state."""
    raise NotImplementedError(state, policy, command, known)
