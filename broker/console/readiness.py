"""What a new site still lacks, and who is missing before it opens (F86)."""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.console.site_view import Overview, Person, PostLine
from shared.messages import NodeKind

MANNED = ("consultant", "gate", "parking", "door", "steward", "bar", "showflat", "cart")
"""Posts that a sales office has; a small one may leave some to others."""


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A thing that a new site needs: its sentence, where it is done, and whether it is."""

    name: str
    endpoint: str
    is_done: bool


def first_steps(view: Overview, people: Iterable[Person]) -> tuple[FirstStep, ...]:
    """From the first log-in to the first visitor; empty once all of it is done."""
    has_consultant = any("consultant" in person.roles for person in people)
    online = [node.kind for node in view.nodes if node.is_online]
    steps = (
        FirstStep("people", "people.everybody", has_consultant),
        FirstStep("phone", "people.everybody", NodeKind.STAFF in online),
        FirstStep("tablet", "pages.console", NodeKind.KIOSK in online),
        FirstStep("visit", "pages.console", bool(view.visits)),
    )
    return () if all(step.is_done for step in steps) else steps


def unmanned(people: Iterable[Person]) -> tuple[str, ...]:
    """The posts that nobody holds."""
    held = {role for person in people for role in person.roles}
    return tuple(role for role in MANNED if role not in held)


def unconnected(view: Overview) -> tuple[PostLine, ...]:
    """Whose phone is not connected."""
    return tuple(line for line in view.posts if not line.is_online)
