"""What is not somebody's to ask changes nothing, and the manager hears of it once."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from broker.handlers.admission import REQUESTS
from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.journal.steps import STEP, Step
from broker.rules.events import CommandTaken, Event
from broker.rules.notices import Unauthorised
from broker.rules.policy import Policy
from broker.rules.state import MANAGER, SiteState
from shared.errors import MessageError
from shared.messages import Ack, ReportKind
from shared.topics import ROUTES, Party
from tests.fakes import FakeClock
from tests.hub_answers import answers, count, report, unauthorised
from tests.requests_of_all import PEOPLE, REPORTS, tries, with_visitors

TOLD_IN = {"journal", "mentions", "alerts", "alert_groups"}
"""The tables that hold the line to the manager, and whom it mentions."""
NOBODY_STANDS_IN = {"take_over"}


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Hub:
    """A site where every post is held by somebody."""
    return open_hub(tmp_path, PEOPLE, Policy(), clock)


def contents(hub: Hub) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the hub's file."""
    db = hub.inbox.db
    tables = [name for name in db.table_names() if not name.startswith("sqlite_")]
    return {name: db.execute(f'select * from "{name}"').fetchall() for name in tables}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in after if after[name] != before.get(name)}


def events_since(hub: Hub, before: int) -> list[Event]:
    rows = hub.inbox.db.execute(
        "select kind, body from journal order by seq limit -1 offset ?", [before]
    ).fetchall()
    assert {kind for kind, _ in rows} <= {STEP, "alert"}
    found = [msgspec.json.decode(body, type=Step).events for kind, body in rows if kind == STEP]
    return [event for step in found for event in step]


def test_every_message_that_a_person_may_publish_is_tried() -> None:
    of_people = {route.message for route in ROUTES if Party.STAFF in route.writers}
    tried = {type(one.message) for one in tries("v-1", "k-1")}
    assert tried == of_people - {route.message for route in ROUTES if route.is_retained}
    assert set(REPORTS) | {"left"} == set(ReportKind)
    assert {*REQUESTS, Ack} >= tried


def test_what_is_not_theirs_to_ask_changes_nothing_and_the_manager_hears_once(hub: Hub) -> None:
    visit_id, alert_id = with_visitors(hub)
    heard: set[tuple[str, str]] = set()
    after = contents(hub)
    for one in [one for one in tries(visit_id, alert_id) if not one.is_theirs]:
        before, state, length = after, hub.decider.state, count(hub, "journal")
        found = answers(hub, one.message)
        after = contents(hub)
        assert changed(before, after) <= TOLD_IN, one.name
        assert unaware(hub.decider.state) == unaware(state), one.name
        told = events_since(hub, length)
        is_first = not heard & {(one.account, what) for what in one.whats}
        assert [type(event) for event in told] == [CommandTaken, Unauthorised] * is_first, one.name
        assert len(found) == len(unauthorised(found)) == is_first, one.name
        heard |= {(event.by, event.what) for event in told if isinstance(event, Unauthorised)}
    assert len(heard) > 300
    before = contents(hub)
    again = [one for one in tries(visit_id, alert_id, "-again") if not one.is_theirs]
    assert [one.name for one in again if answers(hub, one.message)] == []
    assert changed(before, contents(hub)) == set()


def unaware(state: SiteState) -> SiteState:
    """``state`` without what it remembers of attempts."""
    return replace(state, entry=0, now=None, refused=frozenset())


def test_who_left_or_never_was_here_may_ask_for_nothing(hub: Hub) -> None:
    visit_id, alert_id = with_visitors(hub)
    assert not any(one.is_theirs for one in tries(visit_id, alert_id) if one.account == "old")
    before = contents(hub)
    told = answers(hub, report(ReportKind.FINISHED, "ghost", visit_id=visit_id))
    assert [who for who, _ in unauthorised(told)] == [MANAGER]
    assert changed(before, contents(hub)) <= TOLD_IN


@pytest.mark.parametrize(
    "name", sorted({*REPORTS, "left", "look_up", "vip", "ack"} - NOBODY_STANDS_IN)
)
def test_what_is_theirs_is_acted_on(name: str, tmp_path: Path, clock: FakeClock) -> None:
    """By each account that may: none of them is told to the manager as an attempt."""
    hub = open_hub(tmp_path, PEOPLE, Policy(), clock)
    visit_id, alert_id = with_visitors(hub)
    theirs = [
        one for one in tries(visit_id, alert_id) if one.is_theirs and one.name.endswith(f" {name}")
    ]
    assert theirs
    for one in theirs:
        with suppress(MessageError):  # it asks for what is impossible now
            assert unauthorised(answers(hub, one.message)) == [], one.name
        assert hub.decider.state.refused == frozenset(), one.name


def test_a_bar_s_account_ends_no_visit(hub: Hub) -> None:
    visit_id, _ = with_visitors(hub)
    ((told, said),) = unauthorised(
        answers(hub, report(ReportKind.FINISHED, "a-bar", visit_id=visit_id))
    )
    assert (told, "结束接待" in said) == (MANAGER, True)
    assert visit_id in hub.decider.state.visits


def test_what_a_phone_sends_late_is_not_held_against_who_was_the_host(
    hub: Hub, clock: FakeClock
) -> None:
    """Wang did not answer; what he sends after his two minutes is answered, not reported."""
    with_visitors(hub)
    visit = hub.visits.of_check_in("c-2")
    assert visit is not None
    clock.pass_s(125)
    serving = report(ReportKind.SERVING, "wang", visit_id=visit.visit_id)
    found = answers(hub, replace(serving, reported_at=clock()))
    assert unauthorised(found) == []
    assert hub.decider.state.visits[visit.visit_id].host_id == "sun"
