"""Cases (事项): enquiries, complaints, repairs … one mechanism with two promises in working time.

A promise is kept or broken once, and stays so: reopening begins new ones, and closing forgets none.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from broker.rules.case_classes import CLASSES, CallBack
from broker.rules.working_time import NOTHING, WorkingTime


class State(StrEnum):
    """Where a case stands."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    WAITING = "waiting"
    """For the customer: its clock rests."""
    SOLVED = "solved"
    CALLED_BACK = "called_back"
    CLOSED = "closed"


class Act(StrEnum):
    """What somebody does with a case."""

    ACKNOWLEDGE = "acknowledge"
    WAIT = "wait"
    RESUME = "resume"
    SOLVE = "solve"
    CALL_BACK = "call_back"
    CLOSE = "close"
    REOPEN = "reopen"
    PROMISE = "promise"
    """Another time is agreed with the customer."""
    NOTE = "note"


WORKING = frozenset({State.NEW, State.ACKNOWLEDGED})
OPEN = WORKING | {State.WAITING}
MAY_FOLLOW: Mapping[Act, frozenset[State]] = {
    Act.ACKNOWLEDGE: frozenset({State.NEW}),
    Act.WAIT: WORKING,
    Act.RESUME: frozenset({State.WAITING}),
    Act.SOLVE: OPEN,
    Act.CALL_BACK: frozenset({State.SOLVED, State.CLOSED}),
    Act.CLOSE: frozenset({State.SOLVED, State.CALLED_BACK}),
    Act.REOPEN: frozenset({State.SOLVED, State.CALLED_BACK, State.CLOSED}),
    Act.PROMISE: OPEN,
    Act.NOTE: frozenset(State),
}
"""In which state each act makes sense; in any other it changes nothing."""


class PromiseKept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A promise that is over: what was due when, and when it was done."""

    what: str
    """``acknowledge`` or ``solve``."""
    due_at: datetime
    done_at: datetime

    @property
    def is_late(self) -> bool:
        """Whether it was broken."""
        return self.done_at > self.due_at


class CaseLife(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case, as its steps made it."""

    case_id: str
    kind: str
    opened_at: datetime
    state: State = State.NEW
    acknowledge_by: datetime | None = None
    """None: it was acknowledged."""
    solve_by: datetime | None = None
    """None: it was solved, or its clock rests."""
    left: timedelta = NOTHING
    """Of the promise to solve, while the case waits for the customer."""
    kept: tuple[PromiseKept, ...] = ()
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    reopened: int = 0
    is_on_the_spot: bool = False
    """Solved while the customer stood there."""
    is_sensitive: bool = False
    is_anonymous: bool = False
    is_call_back_due: bool = False
    called_back_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether anybody still works on it."""
        return self.state in OPEN

    @property
    def was_late(self) -> bool:
        """Whether any of its promises was broken, ever."""
        return any(kept.is_late for kept in self.kept)

    def overdue(self, at: datetime) -> tuple[str, ...]:
        """Which promises are broken at ``at`` and not yet done."""
        due = {"acknowledge": self.acknowledge_by, "solve": self.solve_by}
        return tuple(what for what, by in due.items() if by is not None and by < at)

    def was_overdue(self, at: datetime) -> bool:
        """Whether a promise was broken and not yet done at ``at``, whatever was done since."""
        return bool(self.overdue(at)) or any(one.due_at < at <= one.done_at for one in self.kept)


class CaseMove(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody did with a case."""

    act: Act
    at: datetime
    by_when: datetime | None = None
    """Of another promise: until when."""
    is_on_the_spot: bool = False
    is_sensitive: bool = False


def opened(
    case_id: str, kind: str, at: datetime, office: WorkingTime, *, is_anonymous: bool = False
) -> CaseLife:
    """A new case with its promises."""
    bare = CaseLife(case_id=case_id, kind=kind, opened_at=at, is_anonymous=is_anonymous)
    return _promised(bare, at, office)


def after(
    case: CaseLife, step: CaseMove, office: WorkingTime, draw: Callable[[], bool]
) -> CaseLife:
    """The case after ``step``; the same, if it makes no sense now. ``draw``: whether a solved case
    of a class that is sampled is called back."""
    if case.state not in MAY_FOLLOW[step.act]:
        return case
    return _ACTS[step.act](case, step, office, draw)


def _promised(case: CaseLife, at: datetime, office: WorkingTime) -> CaseLife:
    row = CLASSES[case.kind]
    return replace(
        case,
        acknowledge_by=office.due(at, row.acknowledge_within),
        solve_by=office.due(at, row.solve_within),
    )


def _acknowledge(case: CaseLife, step: CaseMove, *_: object) -> CaseLife:
    return replace(_done(case, "acknowledge", step.at), state=State.ACKNOWLEDGED)


def _wait(case: CaseLife, step: CaseMove, office: WorkingTime, _draw: object) -> CaseLife:
    """Asking the customer is an answer too; the clock of the other promise rests."""
    asked = _done(case, "acknowledge", step.at)
    left = office.passed(step.at, asked.solve_by) if asked.solve_by else NOTHING
    late = asked.solve_by if asked.solve_by is not None and asked.solve_by < step.at else None
    return replace(asked, state=State.WAITING, left=left, solve_by=late)


def _resume(case: CaseLife, step: CaseMove, office: WorkingTime, _draw: object) -> CaseLife:
    solve_by = case.solve_by or office.due(step.at, case.left)
    return replace(case, state=State.ACKNOWLEDGED, solve_by=solve_by, left=NOTHING)


def _solve(
    case: CaseLife, step: CaseMove, office: WorkingTime, draw: Callable[[], bool]
) -> CaseLife:
    resting = case.solve_by or office.due(step.at, case.left)
    done = _done(replace(case, solve_by=resting), "acknowledge", step.at)
    solved = replace(
        _done(done, "solve", step.at),
        state=State.SOLVED,
        solved_at=step.at,
        left=NOTHING,
        is_on_the_spot=step.is_on_the_spot,
        is_sensitive=case.is_sensitive or step.is_sensitive,
    )
    return replace(solved, is_call_back_due=_is_to_be_called(solved, draw))


def is_excepted(case: CaseLife) -> bool:
    """Whether nobody is called back about it, whatever was drawn (001)."""
    return case.is_anonymous or case.is_on_the_spot or case.is_sensitive


def _is_to_be_called(case: CaseLife, draw: Callable[[], bool]) -> bool:
    """Never twice, and never the three exceptions."""
    if case.called_back_at or is_excepted(case):
        return False
    rule = CLASSES[case.kind].call_back
    return rule is CallBack.ALWAYS or (rule is CallBack.SAMPLED and draw())


def _call_back(case: CaseLife, step: CaseMove, *_: object) -> CaseLife:
    """What was closed before somebody called stays closed."""
    if not case.is_call_back_due:
        return case
    state = State.CLOSED if case.state is State.CLOSED else State.CALLED_BACK
    return replace(case, state=state, called_back_at=step.at, is_call_back_due=False)


def _close(case: CaseLife, step: CaseMove, *_: object) -> CaseLife:
    return replace(case, state=State.CLOSED, closed_at=step.at)


def _reopen(case: CaseLife, step: CaseMove, office: WorkingTime, _draw: object) -> CaseLife:
    """Both promises begin anew; what was late stays late."""
    anew = replace(
        case,
        state=State.NEW,
        solved_at=None,
        closed_at=None,
        is_on_the_spot=False,
        is_call_back_due=False,
        reopened=case.reopened + 1,
    )
    return _promised(anew, step.at, office)


def _promise(case: CaseLife, step: CaseMove, office: WorkingTime, _draw: object) -> CaseLife:
    """A promise that is broken already stays broken."""
    if step.by_when is None:
        return case
    if case.state is State.WAITING:
        return replace(case, left=office.passed(step.at, step.by_when))
    broken = case.solve_by is not None and case.solve_by < step.at
    noted = _done(case, "solve", step.at) if broken else case
    return replace(noted, solve_by=step.by_when)


def _done(case: CaseLife, what: str, at: datetime) -> CaseLife:
    """The promise is over; nothing, if it was over before."""
    name = f"{what}_by"
    due_at = getattr(case, name)
    if due_at is None:
        return case
    kept = PromiseKept(what=what, due_at=due_at, done_at=at)
    return replace(case, kept=(*case.kept, kept), **{name: None})


_ACTS: Mapping[Act, Callable[[CaseLife, CaseMove, WorkingTime, Callable[[], bool]], CaseLife]] = {
    Act.ACKNOWLEDGE: _acknowledge,
    Act.WAIT: _wait,
    Act.RESUME: _resume,
    Act.SOLVE: _solve,
    Act.CALL_BACK: _call_back,
    Act.CLOSE: _close,
    Act.REOPEN: _reopen,
    Act.PROMISE: _promise,
    Act.NOTE: lambda case, *_: case,
}
"""What each act makes of a case."""
