"""What a person's page offers to do about a visit: a row for each button. The hub judges again."""

from collections.abc import Callable

from broker.console.site_view import Person, VisitLine, VisitState
from broker.rules.state import MANAGER

Offer = Callable[[Person, VisitLine], bool]

IN_HOUSE = (VisitState.CALLED, VisitState.SERVING)
RULED = "R15"


def deeds_of(person: Person, visit: VisitLine) -> tuple[str, ...]:
    """The buttons that ``person`` gets for ``visit``, in their order."""
    return tuple(name for name, is_offered in DEEDS if is_offered(person, visit))


def _is_host(person: Person, visit: VisitLine) -> bool:
    return visit.host_id == person.staff_id


def _receives(person: Person, visit: VisitLine) -> bool:
    return _is_host(person, visit) and visit.state in IN_HOUSE


def _may_claim(person: Person, visit: VisitLine) -> bool:
    is_concerned = person.staff_id in (visit.host_id, visit.owner_id, *visit.claimants)
    return "consultant" in person.roles and visit.rule is not None and not is_concerned


def _may_take_over(person: Person, visit: VisitLine) -> bool:
    is_stood_in_for = visit.stood_in_for == person.staff_id and not _is_host(person, visit)
    return is_stood_in_for and visit.state in IN_HOUSE


def _has_left_by_car(person: Person, visit: VisitLine) -> bool:
    return _receives(person, visit) and visit.is_departure_asked


def _is_disputed(person: Person, visit: VisitLine) -> bool:
    """The manager reads every decision's evidence, a party that of a disputed or ruled visit."""
    if MANAGER in person.roles:
        return visit.rule is not None
    is_party = person.staff_id in (visit.host_id, visit.owner_id, *visit.claimants)
    return is_party and (bool(visit.claimants) or visit.rule == RULED)


def _may_rule(person: Person, visit: VisitLine) -> bool:
    return MANAGER in person.roles and visit.rule is not None


DEEDS: tuple[tuple[str, Offer], ...] = (
    ("take_over", _may_take_over),
    ("visitor_left", _has_left_by_car),
    ("still_here", _has_left_by_car),
    ("owner_found", _receives),
    ("hand_over", _receives),
    ("claim_visitor", _may_claim),
    ("ruling", _may_rule),
    ("dispute", _is_disputed),
)
"""Each names a button of the page."""
