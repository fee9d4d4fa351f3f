"""What a new site still lacks, and who is missing before it opens (F86)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from broker.console.first_view import Begun
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


STEPS: Mapping[str, str] = {
    "house": "settings.house",
    "people": "people.everybody",
    "phone": "devices.everything",
    "tablet": "devices.everything",
    "camera": "first_pages.camera",
    "plate": "pages.console",
    "alert": "settings.index",
    "visit": "pages.console",
    "key": "first_pages.key",
}
"""The steps in their order, and where each is done."""


def first_steps(
    view: Overview, people: Iterable[Person], begun: Begun, *, is_branded: bool
) -> tuple[FirstStep, ...]:
    """From the first log-in to the first visitor; empty once somebody was received.

    And once the key of the backups was seen: all else shows itself while a site works.
    """
    if begun.has_received and begun.has_key:
        return ()
    has_consultant = any("consultant" in person.roles for person in people)
    online = [node.kind for node in view.nodes if node.is_online]
    seeing = [node for node in view.nodes if node.kind is NodeKind.GATE and node.is_online]
    done = {
        "house": is_branded,
        "people": has_consultant,
        "phone": NodeKind.STAFF in online,
        "tablet": NodeKind.KIOSK in online,
        "camera": any(not gate.problem for gate in seeing),
        "plate": begun.has_read is not None,
        "alert": bool(begun.has_rung),
        "key": begun.has_key,
        "visit": begun.has_received,
    }
    return tuple(FirstStep(name, where, done[name]) for name, where in STEPS.items())


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
