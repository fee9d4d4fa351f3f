"""Who receives for an owner phones the owner first (义务接待, R6): each call is a fact."""

from broker.rules import commands as c
from broker.rules import events as e
from broker.rules.line import is_at_post, is_busy
from broker.rules.proceeding import Proceeding
from broker.rules.protection import works_here
from broker.rules.state import MANAGER, SiteState, Visit


def owner_to_phone(state: SiteState, visit: Visit) -> str | None:
    """The owner whom the host phones before receiving for them; None: nobody.

    Not an owner who is at the post and free: they gave the visitor away themselves.
    """
    owner = visit.owner_id
    if owner in (None, MANAGER, visit.host_id) or visit.host_id is None:
        return None
    is_away = not is_at_post(state, owner) or is_busy(state, owner) or owner in visit.declined
    return owner if is_away and works_here(state, owner) else None


def on_owner_called(case: Proceeding, command: c.OwnerCalled) -> None:
    """Note that the owner was phoned, and whether they answered."""
    visit = case.state.visits.get(command.visit_id)
    if visit is None or visit.owner_id in (None, command.by):
        return
    case.tell(
        e.OwnerPhoned(
            at=case.now,
            visit_id=visit.visit_id,
            consultant_id=visit.owner_id,
            by=command.by,
            is_reached=command.is_reached,
        )
    )
