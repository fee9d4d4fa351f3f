"""Make-up turns (补接): granted for a turn that a visit cost, carried, taken back (R12)."""

from datetime import date

from broker.rules import notices as n
from broker.rules.proceeding import Proceeding
from broker.rules.state import MANAGER, MakeUp, Visit


def grant_make_up(case: Proceeding, consultant_id: str, visit_id: str, cause: str) -> None:
    """Grant a turn ahead of the line for the turn that a visit cost, once a visit (R12)."""
    if consultant_id in case.visit(visit_id).made_up:
        return
    make_up = MakeUp(
        make_up_id=f"{visit_id}/{consultant_id}/{case.state.entry}",
        consultant_id=consultant_id,
        visit_id=visit_id,
        cause=cause,
        granted_by=MANAGER if cause == "R15" else "rules",
        granted_at=case.now,
        expires_on=case.policy.local(case.now).date(),
    )
    case.tell(
        n.MakeUpGranted(
            at=case.now, consultant_id=consultant_id, visit_id=visit_id, make_up=make_up
        )
    )


def unused(case: Proceeding, visit_id: str, consultant_id: str | None) -> MakeUp | None:
    """The make-up turn that they were granted for this visit and have not used."""
    for make_up in case.state.make_ups:
        if (make_up.visit_id, make_up.consultant_id) == (visit_id, consultant_id):
            return make_up
    return None


def drop_make_up(case: Proceeding, visit: Visit) -> None:
    """The host does not receive after all: the make-up turn granted for it falls away."""
    make_up = unused(case, visit.visit_id, visit.turn_of)
    if make_up is not None:
        case.tell(
            n.MakeUpExpired(
                at=case.now,
                consultant_id=make_up.consultant_id,
                visit_id=visit.visit_id,
                make_up_id=make_up.make_up_id,
            )
        )


def revoke_make_up(case: Proceeding, visit_id: str, consultant_id: str) -> None:
    """What the make-up turn was granted for is taken back, and it with it (R12)."""
    if make_up := unused(case, visit_id, consultant_id):
        case.tell(
            n.MakeUpRevoked(
                at=case.now,
                consultant_id=consultant_id,
                visit_id=visit_id,
                make_up_id=make_up.make_up_id,
            )
        )


def carry_or_end(case: Proceeding, make_up: MakeUp, on: date) -> None:
    """An unused make-up turn is good for one more working day (R12)."""
    who, name = make_up.consultant_id, make_up.make_up_id
    is_first_day = make_up.expires_on == case.policy.local(make_up.granted_at).date()
    if case.policy.is_make_up_carried and is_first_day:
        case.tell(n.MakeUpCarried(at=case.now, consultant_id=who, make_up_id=name, expires_on=on))
    else:
        case.tell(n.MakeUpExpired(at=case.now, consultant_id=who, make_up_id=name))
