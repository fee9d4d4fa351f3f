"""What a new site still lacks, and who is missing before it opens."""

from dataclasses import replace
from datetime import date, timedelta

from msgspec.structs import replace as replace_struct

from broker.console.first_view import Begun
from broker.console.readiness import coverage, first_steps
from broker.console.site_view import Overview, Person
from broker.rules.policy import Policy, SpecialDay
from broker.rules.shifts import LeaveDays, Shift, Shifts, Week
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_site import CHEN, LI, SUN, FakeSite, busy_morning
from tests.fakes import NINE

MONDAY = date(2026, 11, 23)
NOTHING = Begun()


def done(view: Overview, *people: Person, begun: Begun = NOTHING) -> list[str]:
    steps = first_steps(view, people, begun, is_branded=False)
    return [step.name for step in steps if step.is_done]


def test_a_new_site_lacks_all_and_a_working_one_is_told_of_nothing() -> None:
    assert done(Overview()) == []
    assert done(Overview(), CHEN, LI) == ["people"]
    morning = busy_morning()
    tablet = next(node for node in morning.nodes if node.node_id == "lobby")
    nodes = tuple(replace(node, is_online=True) for node in (*morning.nodes, tablet))
    begun = Begun(has_read=NINE, has_rung=True, has_received=True)
    steps = ["people", "phone", "tablet", "camera", "plate", "alert", "visit"]
    assert done(replace(morning, nodes=nodes), CHEN, LI, begun=begun) == steps
    ready = replace(begun, has_key=True)
    assert first_steps(Overview(), (CHEN,), ready, is_branded=False) == ()


def test_posts_that_nobody_holds_and_phones_that_are_off_are_named() -> None:
    found = coverage(busy_morning(), (CHEN, LI, SUN), Policy(), MONDAY)
    assert "parking" not in found.unmanned
    assert found.unmanned[:2] == ("gate", "door")
    assert [line.staff_id for line in found.unconnected] == ["sun"]


def test_who_is_off_is_not_missed_and_their_post_is() -> None:
    off = Shifts(weeks=(Week(staff_id="sun", days="234567"),))
    leave = (LeaveDays(leave_id="l", staff_id="li", first=MONDAY, last=MONDAY),)
    policy = Policy(shifts=replace_struct(off, leaves=leave))
    found = coverage(busy_morning(), (CHEN, LI, SUN), policy, MONDAY)
    assert [(person.staff_id, shift) for person, shift in found.away] == [
        ("li", Shift.LEAVE),
        ("sun", Shift.OFF),
    ]
    assert {"consultant", "parking"} <= set(found.unmanned)
    assert found.unconnected == ()
    assert coverage(busy_morning(), (CHEN, LI, SUN), policy, MONDAY + timedelta(1)).away == ()


def test_on_a_closed_day_nothing_is_missing() -> None:
    policy = Policy(special_days=(SpecialDay(on=MONDAY),))
    found = coverage(busy_morning(), (CHEN, LI, SUN), policy, MONDAY)
    assert found.is_closed
    assert not found.lacks


def test_the_page_shows_both(manager: Browser, site: FakeSite) -> None:
    page = manager.get("/settings").text
    assert 'data-testid="step-tablet"' in page
    assert 'data-testid="unmanned"' in page
    assert "孙立" in page
    assert site.people()
