"""Which buttons a page offers for a visit: to whom, and when."""

from dataclasses import replace

from broker.console.site_view import Person, VisitState
from broker.console.visit_deeds import deeds_of
from tests.broker.console.fake_site import CHEN, LI, SUN, ZHAO, busy_morning

SERVED = busy_morning().visits[2]
"""李敏 owns and receives this visitor."""


def deeds(person: Person, **changes: object) -> tuple[str, ...]:
    return deeds_of(person, replace(SERVED, **changes))  # type: ignore[arg-type]


def test_a_host_gives_away_and_a_colleague_claims() -> None:
    assert deeds(LI) == ("owner_found", "hand_over", "family")
    assert deeds(ZHAO) == ("claim_visitor",)
    assert deeds(SUN) == ()


def test_the_manager_rules_and_reads_every_decision() -> None:
    assert deeds(CHEN, state=VisitState.FINISHED) == ("ruling", "dispute")
    assert deeds(CHEN, state=VisitState.FINISHED, rule=None) == ()


def test_host_and_manager_say_whose_family_a_visitor_is_while_they_are_here() -> None:
    assert "family" in deeds(CHEN)
    assert "family" not in deeds(ZHAO)
    assert "family" not in deeds(LI, phone=None, plate=None), "nothing to link"
    assert "family" not in deeds(LI, state=VisitState.FINISHED)


def test_both_sides_of_a_dispute_read_it_and_nobody_claims_twice() -> None:
    assert deeds(ZHAO, claimants=("li", "zhao")) == ("dispute",)
    assert "dispute" in deeds(LI, claimants=("li", "zhao"))
    assert deeds(ZHAO, rule="R15") == (), "it was ruled on"
    assert "dispute" in deeds(LI, rule="R15")


def test_a_departure_is_asked_of_the_host_alone() -> None:
    assert deeds(LI, is_departure_asked=True)[:2] == ("visitor_left", "still_here")
    assert "visitor_left" not in deeds(ZHAO, is_departure_asked=True)


def test_a_visitor_is_taken_over_by_whose_turn_it_is_while_they_are_here() -> None:
    assert deeds(ZHAO, stood_in_for="zhao")[0] == "take_over"
    assert "take_over" not in deeds(LI, stood_in_for="zhao")
    assert "take_over" not in deeds(ZHAO, stood_in_for="zhao", state=VisitState.FINISHED)


def test_a_visit_that_is_over_can_still_be_claimed_and_no_longer_handed_over() -> None:
    assert deeds(LI, state=VisitState.FINISHED) == ()
    assert deeds(ZHAO, state=VisitState.FINISHED) == ("claim_visitor",)
