"""What becomes of a plan (接待申请): answered, moved, cancelled; who has come stays."""

from collections.abc import Iterable

from msgspec.structs import replace

from broker.rules import commands as c
from broker.rules import notices as n
from broker.rules.plans import is_refused, plan
from broker.rules.proceeding import Proceeding
from broker.rules.state import Expected


def on_answer(case: Proceeding, command: c.AnswerPlan) -> None:
    """The manager approves what was asked for, where its time is still free, or does not."""
    asked = named(case.state.asked, command.booking_id)
    if asked is None or (command.is_approved and is_refused(case, asked, command.by)):
        return
    case.tell(
        n.PlanAnswered(
            at=case.now,
            consultant_id=asked.booked_by,
            expected=asked,
            by=command.by,
            is_approved=command.is_approved,
            reason=command.reason,
        )
    )
    if command.is_approved:
        plan(case, asked, command.by)


def on_move(case: Proceeding, command: c.MovePlan) -> None:
    """Another time, unless it is somebody else's; steps that are done stay done."""
    known = named(case.state.expected, command.booking_id)
    if known is None or known.has_come:
        return
    moved = replace(
        known,
        on=case.policy.local(command.starts_at).date(),
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        is_given_up=False,
    )
    if moved != known and not is_refused(case, moved, command.by):
        case.tell(
            n.PlanMoved(at=case.now, consultant_id=known.host_id, expected=moved, by=command.by)
        )


def on_cancel(case: Proceeding, command: c.CancelPlan) -> None:
    """They do not come: their time, rooms and steps are free."""
    known = named((*case.state.expected, *case.state.asked), command.booking_id)
    if known is not None and not known.has_come:
        case.tell(
            n.PlanCancelled(
                at=case.now,
                consultant_id=known.host_id,
                expected=known,
                by=command.by,
                reason=command.reason,
            )
        )


def named(plans: Iterable[Expected], booking_id: str) -> Expected | None:
    """The plan of this id."""
    return next((each for each in plans if each.booking_id == booking_id), None)
