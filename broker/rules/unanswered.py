"""Who was called and does not come: passed over, excused, or helped (R6, R23)."""

from broker.rules import notices as n
from broker.rules.make_ups import drop_make_up
from broker.rules.proceeding import Proceeding
from broker.rules.state import Visit


def pass_over(case: Proceeding, visit: Visit, *, is_declined: bool = False) -> None:
    """The host who was called does not come: their turn counts as used (视为成功轮序)."""
    consultant_id = visit.turn_of or ""
    drop_make_up(case, visit)
    case.tell(
        n.PassedOver(
            at=case.now,
            consultant_id=consultant_id,
            visit_id=visit.visit_id,
            called_at=visit.called_at,
            is_declined=is_declined,
        )
    )
    if visit.make_up is None:
        case.rejoin(consultant_id)


def give_up(case: Proceeding, visit: Visit) -> None:
    """The host did not answer in time: a turn counts as used, an owner is helped."""
    if visit.turn_of == visit.host_id:
        pass_over(case, visit)
        return
    case.tell(
        n.Declined(
            at=case.now,
            consultant_id=visit.host_id,
            visit_id=visit.visit_id,
            is_unanswered=True,
        )
    )


def withdraw_call(case: Proceeding, visit: Visit) -> None:
    """The host who was called is excused: they keep their place, the next is called (R23)."""
    drop_make_up(case, visit)
    case.tell(
        n.CallWithdrawn(
            at=case.now,
            consultant_id=visit.turn_of,
            visit_id=visit.visit_id,
            make_up=visit.make_up,
        )
    )
