"""What a journal says is folded as it stands, also what the rules of today would not write."""

from broker.rules import notices as n
from broker.rules.fold import after
from broker.rules.state import MakeUp, SiteState
from tests.office import MORNING


def test_a_make_up_turn_for_a_visit_that_is_over_is_owed_all_the_same() -> None:
    owed = MakeUp(
        make_up_id="v1/li/1",
        consultant_id="li",
        visit_id="v1",
        cause="R15",
        granted_by="manager",
        granted_at=MORNING,
        expires_on=MORNING.date(),
    )
    granted = n.MakeUpGranted(at=MORNING, consultant_id="li", visit_id="v1", make_up=owed)
    state = after(SiteState(), (granted,))
    assert (state.make_ups, state.visits) == ((owed,), {})
