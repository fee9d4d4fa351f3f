"""Lets the turn of whoever has overdue calls rest, where the site chose so (回访)."""

from collections.abc import Iterator

from broker.handlers.announce import announce
from broker.handlers.context import Hub
from broker.rules.commands import FollowUpsOverdue
from shared.messages import Message


def rest_turns(hub: Hub) -> Iterator[Message]:
    """Tell the rules who has overdue calls; they ask whether it counts here."""
    policy, state, moment = hub.decider.policy, hub.decider.state, hub.clock()
    is_chosen = policy.overdue_follow_ups_rest_the_turn
    if not (is_chosen and hub.overdue.is_time(moment)) and (is_chosen or not state.resting):
        return
    people = sorted(state.roster) if is_chosen else ()
    late = hub.overdue.owners(hub.inbox.db, people, policy, moment)
    if frozenset(late) != state.resting:
        yield from announce(hub, hub.decider.take(FollowUpsOverdue(at=moment, consultant_ids=late)))
