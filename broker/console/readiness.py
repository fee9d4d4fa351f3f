"""What a new site still lacks, and who is missing before it opens (F86)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from broker.console.site_view import Overview, Person, Post, PostLine
from broker.rules.policy import CLOSED, Policy
from broker.rules.shifts import Shift, posts_without
from shared.messages import NodeKind


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


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who and what is missing on a day."""

    is_closed: bool
    unmanned: tuple[str, ...] = ()
    """Posts that nobody holds who works on this day."""
    unconnected: tuple[PostLine, ...] = ()
    """Whose phone is not connected, of those who work today."""
    missing: tuple[PostLine, ...] = ()
    """Consultants who work today and have not begun their day."""
    away: tuple[tuple[Person, Shift], ...] = ()
    """Who is off or on leave."""

    @property
    def lacks(self) -> bool:
        """Whether there is anything to see to."""
        return bool(self.unmanned or self.unconnected or self.missing or self.away)


def coverage(view: Overview, people: Iterable[Person], policy: Policy, on: date) -> Coverage:
    """The site today, by the shifts."""
    if policy.hours(on) == CLOSED:
        return Coverage(is_closed=True)
    shifts = {person: policy.shifts.of(person.staff_id, on) for person in people}
    today = {person.staff_id for person, shift in shifts.items() if shift is Shift.ON}
    lines = [line for line in view.posts if line.staff_id in today]
    return Coverage(
        is_closed=False,
        unmanned=posts_without(person.roles for person in shifts if person.staff_id in today),
        unconnected=tuple(line for line in lines if not line.is_online),
        missing=tuple(
            line for line in lines if "consultant" in line.roles and line.post is Post.OFF
        ),
        away=tuple((person, shift) for person, shift in shifts.items() if shift is not Shift.ON),
    )
