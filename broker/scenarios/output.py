"""What a scenario tells: a line for each decision or notice, as ``--json`` prints it."""

from dataclasses import dataclass
from typing import Any

from broker.rules import events as e
from broker.wording.decisions import Teller


@dataclass(frozen=True, slots=True)
class OutputLine:
    """A decision or notice as a line of output."""

    step: int
    line: dict[str, Any]

    @property
    def is_decision(self) -> bool:
        """Whether somebody was given a visitor."""
        return "rule" in self.line


def output_of(event: e.Event, teller: Teller) -> dict[str, Any] | None:
    """``event`` as a line of output; None for a fact, which only repeats the step."""
    at = teller.policy.local(event.at).isoformat()
    if isinstance(event, e.Decided):
        return {
            "at": at,
            "visit": event.visit_id,
            "owner": event.owner_id,
            "host": event.host_id,
            "rule": event.rule,
            "turn_used": event.is_turn_used,
            "flags": list(event.flags),
            "why": teller.decision(event),
        }
    if isinstance(event, e.Notice):
        return {
            "at": at,
            "event": e.snake_case(type(event).__name__),
            "consultant": event.consultant_id,
            "visit": event.visit_id,
            "why": teller.notice(event),
        }
    return None
