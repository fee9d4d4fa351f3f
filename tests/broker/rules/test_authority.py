"""Who may do what: every post, everything that may be asked, every relation to the visit."""

from itertools import product

import pytest

from broker.rules.authority import ACCESS, Actor, What, holds_a_post, may, may_at_post
from broker.rules.command_base import Consultant
from broker.rules.state import MANAGER, SiteState, Visit
from tests.expected_authority import EXPECTED, POSTS, RELATIONS, is_expected
from tests.fakes import NINE


def case_of(relation: str) -> tuple[Visit, SiteState]:
    """A visit to which ``me`` stands in this relation, and the state around it."""
    visit = Visit(
        visit_id="v-1",
        arrived_at=NINE,
        entry=1,
        host_id="me" if relation == "host" else "other",
        owner_id="me" if relation == "owner" else None,
        turn_of="me" if relation == "stood_in_for" else "other",
        passed=("me",) if relation == "called_before" else (),
    )
    return visit, SiteState(here=frozenset({"me"} if relation == "present" else ()))


def test_everything_that_may_be_asked_is_decided() -> None:
    assert set(ACCESS) == set(What) == {What(what) for what in EXPECTED}


@pytest.mark.parametrize("what", What)
def test_each_post_may_do_what_is_its_own_and_nothing_else(what: What) -> None:
    for post, relation in product(POSTS, RELATIONS):
        visit, state = case_of(relation)
        actor = Actor("me", (post,))
        found = may(what, actor, visit, state, is_asked=relation == "asked")
        assert found is is_expected(what, post, relation), (post, relation)


@pytest.mark.parametrize("what", What)
def test_a_post_that_may_do_a_thing_with_some_visit_is_known(what: What) -> None:
    for post in POSTS:
        expected = any(is_expected(what, post, relation) for relation in RELATIONS)
        assert may_at_post(what, (post,)) is expected, post


@pytest.mark.parametrize("what", What)
def test_of_an_unknown_visit_nobody_is_host_or_owner(what: What) -> None:
    for post in POSTS:
        found = may(what, Actor("me", (post,)), None, SiteState())
        assert found is is_expected(what, post, "none"), post


@pytest.mark.parametrize("what", What)
def test_who_left_the_company_or_holds_no_post_may_do_nothing(what: What) -> None:
    left = SiteState(
        roster={"me": Consultant(id="me", name="李敏", has_left=True)}, here=frozenset({"me"})
    )
    visit, _ = case_of("host")
    for post in POSTS:
        assert not may(what, Actor("me", (post,)), visit, left, is_asked=True)
    assert not may(what, Actor("me", ()), visit, SiteState(), is_asked=True)
    assert not holds_a_post(Actor("me", ()), SiteState())


def test_two_posts_of_one_person_may_do_what_either_may() -> None:
    both = Actor("me", ("bar", "gate"))
    assert may(What.SERVE, both, None, SiteState())
    assert may(What.NAME_CAR, both, None, SiteState())
    assert not may(What.RULE, both, None, SiteState())


def test_where_the_manager_receives_each_manager_is_the_host() -> None:
    visit = Visit(visit_id="v-1", arrived_at=NINE, entry=1, host_id=MANAGER)
    assert may(What.ORDER, Actor("chen", (MANAGER,)), visit, SiteState())
    assert not may(What.ORDER, Actor("li", ("consultant",)), visit, SiteState())


def test_whose_turn_it_is_and_who_receives_takes_nothing_over() -> None:
    visit = Visit(visit_id="v-1", arrived_at=NINE, entry=1, host_id="me", turn_of="me")
    assert not may(What.TAKE_OVER, Actor("me", ("consultant",)), visit, SiteState())
