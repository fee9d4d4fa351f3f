"""What a person's page offers to do about a visit: a row for each button. The hub judges again."""

from collections.abc import Callable

from broker.console.site_view import Person, VisitLine, VisitState
from broker.rules.authority import What, may_at_post
from broker.rules.state import MANAGER

Offer = Callable[[Person, VisitLine], bool]

IN_HOUSE = (VisitState.CALLED, VisitState.SERVING)
RULED = "R15"


def deeds_of(person: Person, visit: VisitLine) -> tuple[str, ...]:
    """The buttons that ``person`` gets for ``visit``, in their order."""
    return tuple(
        name
        for name, what, is_offered in DEEDS
        if (what is None or may_at_post(what, person.roles)) and is_offered(person, visit)
    )


def _receives(person: Person, visit: VisitLine) -> bool:
    return visit.host_id == person.staff_id and visit.state in IN_HOUSE


def _may_link_family(person: Person, visit: VisitLine) -> bool:
    """The host and the manager, while the visitor is here and known by a phone or a car."""
    is_theirs = visit.host_id == person.staff_id or MANAGER in person.roles
    return is_theirs and visit.state in IN_HOUSE and bool(visit.phone or visit.plate)


def _is_stood_in_for(person: Person, visit: VisitLine) -> bool:
    is_theirs = visit.stood_in_for == person.staff_id and visit.host_id != person.staff_id
    return is_theirs and visit.state in IN_HOUSE


def _is_asked_whether_left(person: Person, visit: VisitLine) -> bool:
    return _receives(person, visit) and visit.is_departure_asked


def _may_be_claimed(person: Person, visit: VisitLine) -> bool:
    """A ruled visit is not claimed again by a tap."""
    is_open = _is_decided(person, visit) and visit.rule != RULED
    return is_open and not _is_party(person, visit)


def _is_decided(_person: Person, visit: VisitLine) -> bool:
    return visit.rule is not None


def _is_party(person: Person, visit: VisitLine) -> bool:
    return person.staff_id in (visit.host_id, visit.owner_id, *visit.claimants)


def _may_read(person: Person, visit: VisitLine) -> bool:
    """The manager reads every decision's evidence, a party that of a disputed or ruled visit."""
    if MANAGER in person.roles:
        return _is_decided(person, visit)
    return _is_party(person, visit) and (bool(visit.claimants) or visit.rule == RULED)


DEEDS: tuple[tuple[str, What | None, Offer], ...] = (
    ("take_over", What.TAKE_OVER, _is_stood_in_for),
    ("visitor_left", What.FINISH, _is_asked_whether_left),
    ("still_here", What.STAY, _is_asked_whether_left),
    ("owner_found", What.OWNER_FOUND, _receives),
    ("hand_over", What.HAND_OVER, _receives),
    ("family", What.LINK_FAMILY, _may_link_family),
    ("claim_visitor", What.CLAIM, _may_be_claimed),
    ("ruling", What.RULE, _is_decided),
    ("dispute", None, _may_read),
)
"""Each button: its name, what the house's table must allow the person's post, and when it fits."""
