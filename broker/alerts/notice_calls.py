"""Who is told of the rules' notices, and how loudly (提醒)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from broker.alerts.calls import Call, Guest, Value
from broker.rules import notices as n
from broker.rules.events import snake_case
from broker.rules.notices import Notice
from broker.rules.state import MANAGER
from shared.messages import Level


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom the visit of a notice concerns."""

    host_id: str | None = None
    owner_id: str | None = None
    sides: tuple[str | None, ...] = ()
    """Everybody else who received, owned or claimed the visitor until now."""


NOBODY = Concerned()

People: TypeAlias = Callable[[Any, Concerned], Iterable[str | None]]
"""The persons who are told of a notice, by id."""


def _consultant(notice: Notice, _concerned: Concerned) -> Iterable[str | None]:
    return (notice.consultant_id,)


def _nobody(_notice: Notice, _concerned: Concerned) -> Iterable[str | None]:
    return ()


def _host(notice: Notice, concerned: Concerned) -> Iterable[str | None]:
    return (concerned.host_id or notice.consultant_id,)


def _host_and_owner(_notice: n.Claimed, concerned: Concerned) -> Iterable[str | None]:
    return (concerned.host_id, concerned.owner_id)


def _claimants(notice: n.DisputeOpened, concerned: Concerned) -> Iterable[str | None]:
    claimed = (claim.owner_id for claim in notice.claims)
    return (notice.consultant_id, *claimed, concerned.host_id)


def _both_sides(notice: n.Ruled, concerned: Concerned) -> Iterable[str | None]:
    return (notice.consultant_id, *concerned.sides, concerned.host_id)


def _giver_and_receiver(notice: n.Transferred, concerned: Concerned) -> Iterable[str | None]:
    return (notice.consultant_id, notice.from_id, *concerned.sides)


def _receivers(notice: n.CustomersHandedOver, _concerned: Concerned) -> Iterable[str | None]:
    return (given.consultant_id for given in notice.given)


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of a kind of notice, and how loudly; ``actions``: the buttons that answer it."""

    roles: tuple[str, ...] = ()
    people: People = _consultant
    level: Level = Level.NORMAL
    actions: tuple[str, ...] = ("claim",)
    are_people_rung: bool = True
    """False: the persons hear of it quietly, because only the post has something to do."""


_QUIETLY = Level.INFO
AT_THE_DOOR = ("gate", "door", "steward")
"""They meet whoever comes while the house is kept for a VIP."""
KEPT_ACTIONS = ("let_in", "turned_away")
_READ = ("dispute",)
"""Opens the evidence of the visit."""

NOTICES: Mapping[type[Notice], Told] = {
    n.PassedOver: Told((MANAGER,)),
    n.Declined: Told((MANAGER,), _nobody, _QUIETLY),
    n.SkipTakenBack: Told(level=_QUIETLY),
    n.TurnGivenBack: Told((MANAGER,), level=_QUIETLY),
    n.StandInTurnUsed: Told((MANAGER,), level=_QUIETLY),
    n.CallWithdrawn: Told(level=_QUIETLY),
    n.MakeUpGranted: Told(level=_QUIETLY),
    n.MakeUpCarried: Told(level=_QUIETLY),
    n.MakeUpExpired: Told(level=_QUIETLY),
    n.MakeUpRevoked: Told((MANAGER,), level=_QUIETLY),
    n.LateEntry: Told((MANAGER,)),
    n.BulkRegistration: Told((MANAGER,)),
    n.ContradictsAnswers: Told((MANAGER,), level=_QUIETLY),
    n.Orphaned: Told((MANAGER,), _nobody),
    n.LeftCompany: Told((MANAGER,), _nobody, _QUIETLY),
    n.CustomersHandedOver: Told((MANAGER,), _receivers, _QUIETLY),
    n.EntriesReleased: Told(level=_QUIETLY),
    n.Claimed: Told((MANAGER,), _host_and_owner, _QUIETLY, _READ),
    n.Unauthorised: Told((MANAGER,), _nobody, _QUIETLY),
    n.DepartureAsked: Told((), _host, actions=("visitor_left", "still_here")),
    n.LookThenClaim: Told((MANAGER,), _nobody),
    n.DisputeOpened: Told((MANAGER,), _claimants, actions=("claim", *_READ), are_people_rung=False),
    n.Ruled: Told((MANAGER,), _both_sides, _QUIETLY, _READ),
    n.Refused: Told((MANAGER,)),
    n.Escalated: Told((MANAGER, "steward"), level=Level.URGENT),
    n.KeysCorrected: Told((MANAGER,)),
    n.Transferred: Told((MANAGER,), _giver_and_receiver, _QUIETLY, _READ),
    n.AppointmentMissed: Told(level=_QUIETLY),
    n.TurnedAway: Told(AT_THE_DOOR, _nobody, actions=KEPT_ACTIONS),
    n.SlotOffered: Told(("steward",), _nobody, actions=("let_in",)),
    n.OfferLapsed: Told(("steward",), _nobody, _QUIETLY),
    n.KeptInVain: Told((MANAGER,)),
    n.PlanAsked: Told((MANAGER,), _nobody),
    n.PlanAnswered: Told(),
    n.PlanMoved: Told(("steward",)),
    n.PlanCancelled: Told(("steward",)),
}
"""Who is told of each notice."""

LASTING = frozenset(
    snake_case(kind.__name__) for kind in {*NOTICES} - {n.Escalated, n.DepartureAsked}
)
"""The alerts of notices that stay true whoever receives now, and when the visit is over."""

UNTOLD: Mapping[type[Notice], str] = {
    n.Registered: "whoever enters a customer sees it on the page",
    n.LookedUp: "it is on record; a warning would tell who is watched",
    n.MakeUpUsed: "the call that uses it says so",
    n.TurnRests: "the line and the list of calls show it, also when the day begins at midnight",
    n.TurnResumes: "whoever made the last call sees it in the line",
    n.FinishedInside: "where no camera sees cars leave, every reception ends so",
    n.LeftOpen: "the manager is told of all of them at once",
}
"""The notices that ring nowhere by themselves, and why."""


def calls_of_notice(notice: Notice, concerned: Concerned = NOBODY) -> Iterator[Call]:
    """Who is told of ``notice``: posts first, then the persons whom it concerns, each once."""
    told = NOTICES.get(type(notice))
    if told is None:
        return
    is_refusal = isinstance(notice, n.Refused) and notice.rule != "R24"
    is_about_a_car = is_refusal and notice.consultant_id is None
    is_house_kept = isinstance(notice, n.Refused) and notice.is_house_kept
    people = dict.fromkeys(told.people(notice, concerned))
    doors = AT_THE_DOOR if is_house_kept else ("gate",)
    roles = (*told.roles, *(doors if is_about_a_car else ()))
    if told.people is _host and MANAGER in people:
        roles = (MANAGER,)
    words = snake_case(type(notice).__name__)
    call = Call(
        words,
        level=told.level,
        notice=notice,
        actions=KEPT_ACTIONS if is_house_kept else told.actions,
    )
    for role in dict.fromkeys(roles):
        yield replace(call, role=role)
    level = told.level if told.are_people_rung else _QUIETLY
    for staff_id in people:
        if staff_id not in (None, MANAGER):
            yield replace(call, staff_id=staff_id, level=level)


def calls_of_left_open(guests: tuple[Guest, ...]) -> Iterator[Call]:
    """The manager hears of all visits that nobody finished before the day ended."""
    if guests:
        names = tuple(guest.as_known_to(MANAGER) for guest in guests)
        fields: Mapping[str, Value] = {"count": str(len(guests)), "guests": names}
        yield Call("left_open", MANAGER, level=_QUIETLY, fields=fields)
