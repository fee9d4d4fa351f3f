"""What each post (岗位) sees on its phone: which panels, and what is masked in them.

A person sees what any of their posts may see.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from msgspec import to_builtins

from broker.console.site_view import (
    AlertLine,
    ExpectedLine,
    Overview,
    Person,
    Post,
    PostLine,
    VisitLine,
    VisitState,
)
from broker.console.visit_deeds import deeds_of
from broker.rules.state import MANAGER
from shared.privacy import mask_phone, masked_plate, masked_text

PANELS: Mapping[str, tuple[str, ...]] = {
    "gate": ("cars", "expected"),
    "parking": ("guests", "expected"),
    "door": ("guests", "expected", "look_up"),
    "consultant": ("mine", "turn", "expiring", "look_up"),
    "steward": ("expected", "guests", "look_up"),
    "bar": (),
    "showflat": (),
    "cart": (),
    MANAGER: ("waiting", "calls", "skips", "people", "order", "expected", "look_up"),
}
"""The panels below the alerts. Water bar, show flat and cart work from their alerts alone."""
DESK_PANELS = ("waiting", "skips", "people", "order", "expected")
"""The manager's panels on the console, which shows the rest itself."""

VISITS_FOR = frozenset({"mine", "turn", "guests", "waiting"})
LATEST = 30
"""How many visits a phone is told of; a limit, because forty phones ask every ten seconds."""
PLATES_WHOLE_FOR = frozenset({"gate", "parking"})
"""They stand before the car. Others see a plate in full only as its owner or host (F35)."""


def panels_of(roles: Iterable[str]) -> tuple[str, ...]:
    """The panels of a person with these posts, each once."""
    return tuple(dict.fromkeys(panel for role in roles for panel in PANELS.get(role, ())))


def seen_by(person: Person, view: Overview) -> dict[str, Any]:
    """What ``person`` may know of the site, as JSON for their page: plates and phones masked."""
    panels = set(panels_of(person.roles))
    own = next((post for post in view.posts if post.staff_id == person.staff_id), None)
    return {
        "me": to_builtins(own or PostLine(person.staff_id, person.name, person.roles, Post.OFF)),
        "visits": [_visit(person, visit) for visit in _visits(person, view) if panels & VISITS_FOR],
        "cars": [to_builtins(car) for car in view.cars] if "cars" in panels else [],
        "expected": [
            _expected(person, expected) for expected in view.expected if "expected" in panels
        ],
        "line": [to_builtins(turn) for turn in view.line] if panels & {"turn", "order"} else [],
        "posts": [to_builtins(post) for post in view.posts if _knows(panels, post)],
        "skips": [to_builtins(skip) for skip in view.skips if "skips" in panels],
        "alerts": [_alert(alert) for alert in view.alerts] if "calls" in panels else [],
    }


def sees_visit(person: Person) -> bool:
    """Whether ``person`` may ask for the reasons of a decision."""
    return bool({"turn", "waiting"} & set(panels_of(person.roles)))


def _visits(person: Person, view: Overview) -> list[VisitLine]:
    """The latest visits, and earlier visits that still need somebody or are this person's."""
    urgent = (VisitState.WAITING, VisitState.CALLED)
    return [
        visit
        for place, visit in enumerate(view.visits)
        if place < LATEST or visit.state in urgent or _is_with(person, visit)
    ]


def _is_with(person: Person, visit: VisitLine) -> bool:
    return visit.host_id == person.staff_id and visit.state is not VisitState.FINISHED


def _visit(person: Person, visit: VisitLine) -> dict[str, Any]:
    is_host = visit.host_id == person.staff_id
    is_own = is_host or visit.owner_id == person.staff_id
    sees_plate = is_own or bool(PLATES_WHOLE_FOR & set(person.roles))
    shown = replace(
        visit,
        plate=visit.plate if sees_plate or visit.plate is None else masked_plate(visit.plate),
        phone=visit.phone if is_own or visit.phone is None else mask_phone(visit.phone),
        why=None,  # asked for visit by visit
        owner_id=None,
        stood_in_for=None,
        claimants=(),
    )
    return {**to_builtins(shown), "is_host": is_host, "deeds": deeds_of(person, visit)}


def _expected(person: Person, expected: ExpectedLine) -> Any:
    if PLATES_WHOLE_FOR & set(person.roles):
        return to_builtins(expected)
    return to_builtins(
        replace(expected, plates=tuple(masked_plate(plate) for plate in expected.plates))
    )


def _knows(panels: set[str], post: PostLine) -> bool:
    """A manager knows everybody; a consultant knows colleagues, to hand a customer over."""
    return "people" in panels or ("mine" in panels and "consultant" in post.roles)


def _alert(alert: AlertLine) -> Any:
    return to_builtins(replace(alert, title=masked_text(alert.title), text=masked_text(alert.text)))
