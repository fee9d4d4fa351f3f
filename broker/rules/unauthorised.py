"""Somebody asks for what is not theirs to ask: noted once a day, nothing else follows."""

from broker.rules import commands as c
from broker.rules import notices as n
from broker.rules.proceeding import Proceeding


def on_attempt(case: Proceeding, command: c.Attempt) -> None:
    """Tell the manager once a day of the same person and the same thing."""
    if f"{command.by} {command.what}" in case.state.refused:
        return
    case.tell(
        n.Unauthorised(
            at=case.now,
            consultant_id=command.by,
            visit_id=command.visit_id,
            by=command.by,
            what=command.what,
        )
    )
