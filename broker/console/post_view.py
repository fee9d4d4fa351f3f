"""What each post (岗位) sees on its phone: which panels, and what is masked in them.

A person sees what any of their posts may see.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from msgspec import to_builtins

from broker.console.alert_view import AlertLine
from broker.console.site_view import (
    ExpectedLine,
    Overview,
    Person,
    Post,
    PostLine,
    VisitLine,
    VisitState,
)
from broker.console.visit_deeds import deeds_of
from broker.console.who_sees import may_invite, sees_whole
from broker.rules.marks import mark_of_owner
from broker.rules.state import MANAGER
from shared.privacy import mask_phone, masked_plate, masked_text

PANELS: Mapping[str, tuple[str, ...]] = {
    "gate": ("cars", "watch", "expected"),
    "parking": ("parked", "watch", "expected"),
    "door": ("guests", "watch", "expected", "look_up"),
    "desk": ("guests", "watch", "expected", "look_up"),
    "security": ("watch", "look_up"),
    "consultant": ("mine", "today", "follow_ups", "expiring", "look_up", "turn"),
    "steward": ("expected", "guests", "watch", "look_up"),
    "bar": ("orders",),
    "showflat": (),
    "cart": (),
    "cleaning": (),
    "engineering": (),
    MANAGER: (
        "numbers",
        "waiting",
        "calls",
        "skips",
        "people",
        "order",
        "expected",
        "look_up",
        "watch",
    ),
}
"""The panels of a phone. Show flat, cart, cleaning and engineering work from their alerts alone."""
DESK_PANELS = ("waiting", "skips", "people", "order", "expected")
"""The manager's panels on the console, which shows the rest itself."""

VISITS_FOR = frozenset({"mine", "turn", "guests", "parked", "waiting"})
LATEST = 30
"""How many visits a phone is told of; a limit, because forty phones ask every ten seconds."""
_MASKS = {"phone": mask_phone, "plate": masked_plate}


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
        "order_mark": view.order_mark if "order" in panels else "",
        "posts": [to_builtins(post) for post in view.posts if _knows(panels, post)],
        "skips": [to_builtins(skip) for skip in view.skips if "skips" in panels],
        "alerts": [_alert(alert) for alert in view.alerts] if "calls" in panels else [],
        "orders": [to_builtins(order) for order in view.orders if "orders" in panels],
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
    shown = replace(
        visit,
        plate=_shown("plate", visit.plate, person, visit),
        phone=_shown("phone", visit.phone, person, visit),
        why=None,  # asked for visit by visit
        owner_id=None,
        stood_in_for=None,
        claimants=(),
    )
    marked = {"mark": mark_of_owner(visit.owner_id, visit.rule)} if MANAGER in person.roles else {}
    return {**to_builtins(shown), **marked, "is_host": is_host, "deeds": deeds_of(person, visit)}


def _shown(key: str, value: str | None, person: Person, visit: VisitLine) -> str | None:
    if value is None or sees_whole(key, person, visit.owner_id, visit.host_id):
        return value
    return _MASKS[key](value)


def _expected(person: Person, expected: ExpectedLine) -> Any:
    if not may_invite(person, expected):
        expected = replace(expected, booking_id=None)
    if not sees_whole("plate", person, None, None):
        masked = tuple(masked_plate(plate) for plate in expected.plates)
        expected = replace(expected, plates=masked)
    return to_builtins(expected)


def _knows(panels: set[str], post: PostLine) -> bool:
    """A manager knows everybody; a consultant knows colleagues, to hand a customer over."""
    return "people" in panels or ("mine" in panels and "consultant" in post.roles)


def _alert(alert: AlertLine) -> Any:
    return to_builtins(replace(alert, title=masked_text(alert.title), text=masked_text(alert.text)))
