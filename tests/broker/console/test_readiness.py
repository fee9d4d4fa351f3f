"""What a new site still lacks, and who is missing before it opens."""

from dataclasses import replace

from broker.console.readiness import first_steps, unconnected, unmanned
from broker.console.site_view import Overview
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_site import CHEN, LI, SUN, FakeSite, busy_morning


def done(view: Overview, *people: object) -> list[str]:
    return [step.name for step in first_steps(view, people) if step.is_done]  # type: ignore[arg-type]


def test_a_new_site_lacks_all_and_a_working_one_is_told_of_nothing() -> None:
    assert done(Overview()) == []
    assert done(Overview(), CHEN, LI) == ["people"]
    morning = busy_morning()
    tablet = next(node for node in morning.nodes if node.node_id == "lobby")
    nodes = tuple(replace(node, is_online=True) for node in (*morning.nodes, tablet))
    assert first_steps(replace(morning, nodes=nodes), (CHEN, LI)) == ()


def test_posts_that_nobody_holds_and_phones_that_are_off_are_named() -> None:
    assert "parking" not in unmanned((CHEN, LI, SUN))
    assert unmanned((CHEN, LI, SUN))[:2] == ("gate", "door")
    assert [line.staff_id for line in unconnected(busy_morning())] == ["sun"]


def test_the_page_shows_both(manager: Browser, site: FakeSite) -> None:
    page = manager.get("/settings").text
    assert 'data-testid="step-tablet"' in page
    assert 'data-testid="unmanned"' in page
    assert "孙立" in page
    assert site.people()
