"""What people do on a random day: honestly, by mistake, and to get ahead of their colleagues."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from broker.rules import commands as c
from broker.rules.policy import END_OF_LINE, KEEP_ORDER, Policy
from broker.rules.state import Visit
from shared.messages import Answer3, Evidence
from tests.days import customer_moves
from tests.days.scene import Move, Scene
from tests.office import Office

WAITS_S = (0, 0, 1, 30, 60, 119, 120, 121, 300, 1800)
LONG_WAITS_S = (*WAITS_S, 8 * 3600, 20 * 3600, 15 * 86400)


def _check_in(scene: Scene) -> c.Command:
    move, first_visit, family, contacted = scene.move, *scene.move.answers
    cars = [
        visit.visit_id for visit in scene.office.state.visits.values() if visit.ownership is None
    ]
    return c.CheckIn(
        at=scene.office.now,
        visit_id=cars[0] if cars and move.a % 2 else f"v{scene.number}",
        phone=scene.phone if move.b < 8 else None,
        plate=scene.plate if move.b in (1, 5, 9) else None,
        surname=scene.surname if move.a % 3 else None,
        first_visit=first_visit,
        family=family,
        contacted=contacted,
        named=scene.who if move.b % 3 == 0 else None,
        family_named=scene.other if move.a % 5 == 0 else None,
        evidence=tuple(Evidence)[move.a % len(Evidence)],
        is_own_phone=move.b == 7,
    )


def _take_back_skip(scene: Scene) -> c.Command | None:
    skips = scene.office.state.skips
    if not skips:
        return None
    skip = skips[scene.move.a % len(skips)]
    return c.TakeBackSkip(
        at=scene.office.now,
        visit_id=skip.visit_id,
        consultant_id=skip.consultant_id,
        reason="扶客户",
    )


def _ack(scene: Scene) -> c.Command | None:
    visit = scene.visit
    if visit is None:
        return None
    is_theirs = visit.host_id in scene.office.state.roster
    who = visit.host_id if visit.host_id and is_theirs else scene.who
    return c.Ack(at=scene.office.now, consultant_id=who, visit_id=visit.visit_id)


def _of_visit(
    make: Callable[[Scene, Visit], c.Command | None],
) -> Callable[[Scene], c.Command | None]:
    return lambda scene: make(scene, scene.visit) if scene.visit else None


def _pass_on(scene: Scene, visit: Visit) -> c.Command | None:
    who = visit.host_id if visit.host_id in scene.office.state.roster else None
    if who is None:
        return None
    return c.PassOn(at=scene.office.now, consultant_id=who, visit_id=visit.visit_id)


def _help(scene: Scene, visit: Visit) -> c.Command | None:
    if visit.host_id not in scene.office.state.roster or visit.host_id is None:
        return None
    return c.Help(
        at=scene.office.now,
        visit_id=visit.visit_id,
        for_id=visit.host_id,
        consultant_id=scene.who if scene.move.b % 3 else None,
    )


def _take_over(scene: Scene, visit: Visit) -> c.Command:
    who = visit.turn_of or scene.who
    return c.TakeOver(at=scene.office.now, visit_id=visit.visit_id, consultant_id=who)


COMMANDS: dict[str, Callable[[Scene], c.Command | None]] = {
    "arrive": lambda s: c.Arrive(at=s.office.now, visit_id=f"v{s.number}", plate=s.plate),
    "depart": lambda s: c.Depart(at=s.office.now, plate=s.plate),
    "check_in": _check_in,
    "ack": _ack,
    "finish": _of_visit(lambda s, visit: c.Finish(at=s.office.now, visit_id=visit.visit_id)),
    "met": _of_visit(lambda s, visit: c.Met(at=s.office.now, visit_id=visit.visit_id, by="door")),
    "still_here": _of_visit(lambda s, visit: c.StillHere(at=s.office.now, visit_id=visit.visit_id)),
    "away": lambda s: c.Away(at=s.office.now, consultant_id=s.who),
    "excused": lambda s: c.Away(at=s.office.now, consultant_id=s.who, is_excused=True),
    "back": lambda s: c.Back(at=s.office.now, consultant_id=s.who),
    "join": lambda s: c.Join(at=s.office.now, consultant_id=s.who),
    "leave": lambda s: c.Leave(at=s.office.now, consultant_id=s.who),
    "stand_in": lambda s: c.StandIn(at=s.office.now, consultant_id=s.who, for_id=s.other),
    "take_over": _of_visit(_take_over),
    "take_back_skip": _take_back_skip,
    "pass_on": _of_visit(_pass_on),
    "help": _of_visit(_help),
    "give_away": customer_moves.owner_found("host"),
    "manager_finds": customer_moves.owner_found("manager"),
    "want": customer_moves.owner_found("self"),
    "claim": _of_visit(
        lambda s, visit: c.ClaimVisitor(
            at=s.office.now, visit_id=visit.visit_id, consultant_id=s.who, ground=s.ground
        )
    ),
    "hand_over": _of_visit(
        lambda s, visit: c.HandOver(at=s.office.now, visit_id=visit.visit_id, consultant_id=s.other)
    ),
    "rule": _of_visit(
        lambda s, visit: c.Rule(
            at=s.office.now, visit_id=visit.visit_id, consultant_id=s.who, reason="证据"
        )
    ),
    "rule_on_past": customer_moves.rule_on_past,
    "register": customer_moves.register,
    "register_visitor": customer_moves.register_visitor,
    "release": lambda s: c.ReleaseEntries(at=s.office.now, consultant_id=s.who),
    "look_up": customer_moves.look_up,
    "book": customer_moves.book,
    "leaves_company": lambda s: c.LeavesCompany(at=s.office.now, consultant_id=s.who),
    "give_customers": customer_moves.give_customers,
    "not_theirs": lambda s: c.Attempt(at=s.office.now, by=s.who, what="finish"),
    "close_day": lambda s: c.CloseDay(at=s.office.now),
    "tick": lambda s: c.Tick(at=s.office.now),
}
"""For each kind of move the command that it stands for; None: there is nothing to do it to."""

OFTEN = {"check_in": 8, "finish": 4, "ack": 4, "register": 2, "register_visitor": 2, "back": 2}
OFTEN |= {"give_away": 3, "tick": 2, "arrive": 2, "stand_in": 2}
KINDS = tuple(kind for kind in COMMANDS for _ in range(OFTEN.get(kind, 1)))


def command_of(move: Move, office: Office, number: int) -> c.Command | None:
    """The command that ``move`` stands for in this office now; None where there is none."""
    return COMMANDS[move.kind](Scene(move, office, number))


@dataclass(frozen=True, slots=True)
class Day:
    """How many consultants, under which rules, and what happens; it may last into the next day."""

    staff: int
    policy: Policy
    moves: tuple[Move, ...]


def _moves(waits_s: tuple[int, ...]) -> st.SearchStrategy[Move]:
    return st.builds(
        Move,
        kind=st.sampled_from(KINDS),
        wait_s=st.sampled_from(waits_s),
        a=st.integers(0, 11),
        b=st.integers(0, 11),
        answers=st.tuples(*(st.sampled_from(tuple(Answer3)) for _ in range(3))),
    )


policies = st.builds(
    Policy,
    after_reception=st.sampled_from((END_OF_LINE, KEEP_ORDER)),
    must_meet_within_s=st.sampled_from((0, 0, 180)),
    bulk_per_hour=st.sampled_from((2, 20)),
    stand_ins_a_day=st.sampled_from((0, 2)),
)
days = st.builds(
    Day,
    staff=st.integers(2, 6),
    policy=policies,
    moves=st.lists(_moves(WAITS_S) | _moves(LONG_WAITS_S), min_size=5, max_size=60).map(tuple),
)
