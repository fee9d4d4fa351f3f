"""Why a visitor was given to one consultant and not to others: a reason for each colleague."""

from collections.abc import Callable
from dataclasses import dataclass

from broker.rules.events import Decided
from broker.rules.line import is_busy, is_long_away, queue
from broker.rules.policy import Policy
from broker.rules.state import SiteState, Visit


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision, and the state of the site just before it."""

    before: SiteState
    policy: Policy
    decided: Decided

    @property
    def visit(self) -> Visit | None:
        """The visit as it stood; None if the decision itself opened it."""
        return self.before.visits.get(self.decided.visit_id)

    def place_of(self, consultant_id: str) -> int | None:
        """Their place in the line then, from 1; None: they were out of it."""
        line = queue(self.before)
        return line.index(consultant_id) + 1 if consultant_id in line else None


Claim = Callable[[Judged, str], bool]


def _is_owned(case: Judged, _me: str) -> bool:
    """An owned visit that used no turn: the owner received, or a colleague for them."""
    return case.decided.ownership.owner_id is not None and case.decided.turn_of is None


def _was_passed(case: Judged, me: str) -> bool:
    return case.visit is not None and me in case.visit.passed


def _is_excused(case: Judged, me: str) -> bool:
    absence = case.before.absent.get(me)
    return absence is not None and absence.is_excused


def _uses_turn(case: Judged, me: str) -> bool:
    return any(visit.turn_of == me for visit in _others(case))


def _others(case: Judged) -> list[Visit]:
    return [visit for key, visit in case.before.visits.items() if key != case.decided.visit_id]


REASONS: tuple[tuple[str, Claim], ...] = (
    ("host", lambda case, me: case.decided.host_id == me),
    ("stood_in", lambda case, me: case.decided.rule == "R24" and case.decided.turn_of == me),
    ("own_customer", lambda case, me: case.decided.owner_id == me),
    ("owned", lambda case, me: _is_owned(case, me)),
    ("no_consultant", lambda case, me: me not in case.before.roster),
    ("closed", lambda case, _me: case.decided.rule == "R20"),
    ("not_here", lambda case, me: me not in case.before.here),
    ("excused", _is_excused),
    ("away", lambda case, me: is_long_away(case.before, case.policy, me, case.decided.at)),
    ("passed", _was_passed),
    ("turn_in_use", _uses_turn),
    ("busy", lambda case, me: is_busy(case.before, me)),
    ("resting", lambda case, me: me in case.before.resting),
    ("make_up", lambda case, _me: case.decided.make_up is not None),
    ("behind", lambda case, me: case.place_of(me) is not None),
)
"""Why the visitor was not theirs: the first that is true. ``host``: the visitor was theirs."""


def reason_for(case: Judged, consultant_id: str) -> str:
    """The key of the reason why the visitor went to ``consultant_id`` or did not."""
    return next((key for key, claim in REASONS if claim(case, consultant_id)), "other")
