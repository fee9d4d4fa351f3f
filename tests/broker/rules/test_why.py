"""为什么是我, 为什么不是我: one reason a colleague, from how the site stood before the decision."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.decider import SNAPSHOT_EVERY
from broker.handlers.context import Hub
from broker.journal.past import latest_decision
from broker.rules import commands as c
from broker.rules.events import Decided
from broker.rules.fold import apply
from broker.rules.policy import Policy
from broker.rules.state import SiteState
from broker.rules.why import REASONS, Judged, reason_for
from shared.messages import ReportKind, StaffReport
from tests.fakes import FakeClock
from tests.hub_answers import answers
from tests.office import Office
from tests.samples import NATURAL, arrival


def reasons(office: Office, visit_id: str, *who: str) -> list[str]:
    """The reason that each of ``who`` is given for the last decision on this visit."""
    state, judged = SiteState(), None
    for taken in office.journal:
        for event in taken.events:
            if isinstance(event, Decided) and event.visit_id == visit_id:
                judged = Judged(state, office.policy, event)
            state = apply(state, event)
    assert judged is not None
    return [reason_for(judged, consultant) for consultant in who]


def test_the_first_in_line_was_called_and_who_stands_behind_is_told_so() -> None:
    office = Office()
    office.check_in("v1")
    assert reasons(office, "v1", "li", "wang", "zhao", "menwei") == [
        *("host", "behind", "behind", "no_consultant")
    ]


def test_a_known_customer_is_the_owner_s_whoever_is_first() -> None:
    office = Office()
    office.known("wang")
    office.check_in("v1", phone="13800138000")
    assert reasons(office, "v1", "wang", "li") == ["host", "owned"]


def test_an_owner_who_is_away_hears_that_the_customer_stays_theirs() -> None:
    office = Office()
    office.known("wang")
    office.take(c.Away(at=office.now, consultant_id="wang"))
    office.check_in("v1", phone="13800138000")
    assert office.host("v1") == "li"
    assert reasons(office, "v1", "li", "wang", "zhao") == ["host", "own_customer", "owned"]


def test_a_turn_in_use_and_a_customer_of_one_s_own_are_told_apart() -> None:
    office = Office()
    office.known("wang")
    office.check_in("v1")
    office.check_in("v2", phone="13800138000")
    office.check_in("v3")
    assert reasons(office, "v3", "zhao", "li", "wang") == ["host", "turn_in_use", "busy"]


def test_whose_calls_are_overdue_is_told_so_and_receives_when_nobody_else_is_free() -> None:
    office = Office(policy=Policy(overdue_follow_ups_rest_the_turn=True), order=("li", "wang"))
    office.take(c.FollowUpsOverdue(at=office.now, consultant_ids=("li", "nobody")))
    office.check_in("v1")
    assert reasons(office, "v1", "wang", "li") == ["host", "resting"]
    office.check_in("v2")
    assert reasons(office, "v2", "li") == ["host"]


def test_leave_a_walk_and_a_day_that_ended_are_told_apart() -> None:
    office = Office(order=("li", "wang", "zhao", "chen"))
    office.take(c.Away(at=office.now, consultant_id="li", is_excused=True))
    office.take(c.Away(at=office.now, consultant_id="wang"))
    office.take(c.Leave(at=office.now, consultant_id="zhao"))
    office.wait(121)
    office.check_in("v1")
    assert reasons(office, "v1", "chen", "li", "wang", "zhao") == [
        *("host", "excused", "away", "not_here")
    ]


def test_who_was_called_and_did_not_come_is_told_so() -> None:
    office = Office()
    office.check_in("v1")
    office.wait(121)
    assert office.host("v1") == "wang"
    assert reasons(office, "v1", "li", "wang", "zhao") == ["passed", "host", "behind"]


def test_a_stand_in_leaves_turn_and_customer_with_who_was_called() -> None:
    office = Office()
    office.check_in("v1")
    office.take(c.StandIn(at=office.now, consultant_id="zhao", for_id="li"))
    assert reasons(office, "v1", "zhao", "li") == ["host", "stood_in"]


def test_a_make_up_turn_goes_before_the_line() -> None:
    office = Office()
    office.known("zhao", phone="13900139000")
    office.check_in("v1")
    office.take(c.OwnerFound(at=office.now, visit_id="v1", consultant_id="zhao"))
    office.take(c.Finish(at=office.now, visit_id="v1"))
    assert office.check_in("v2").host_id == "li"
    assert reasons(office, "v2", "li", "wang") == ["host", "make_up"]


def test_outside_the_hours_the_line_is_not_asked() -> None:
    office = Office(policy=Policy(open="10:00", duty=("zhao",)))
    office.check_in("v1")
    assert reasons(office, "v1", "zhao", "li") == ["host", "closed"]


def test_each_reason_has_a_test_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [key for key, _ in REASONS if f'"{key}"' not in text] == []


def test_the_moment_of_a_decision_is_read_back_from_the_journal(hub: Hub) -> None:
    answers(hub, arrival("浙A88888"))
    answers(hub, NATURAL)
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    judged = latest_decision(hub.inbox.db, visit.visit_id)
    assert judged is not None
    assert judged.decided.host_id == "li"
    assert (judged.place_of("li"), judged.place_of("wang")) == (1, 2)
    assert [reason_for(judged, consultant) for consultant in ("li", "wang")] == ["host", "behind"]


def test_a_decision_that_another_visit_brought_about_is_found_too(
    hub: Hub, clock: FakeClock
) -> None:
    """A visitor who waited goes to whoever is free next: that step names somebody else's visit."""
    for number in ("1", "2", "3"):
        answers(hub, replace(NATURAL, check_in_id=f"c-{number}", seq=int(number)))
    waits = hub.visits.of_check_in("c-3")
    assert waits is not None
    first = latest_decision(hub.inbox.db, waits.visit_id)
    assert first is not None
    assert (first.decided.rule, reason_for(first, "li")) == ("R25", "turn_in_use")
    done = StaffReport(
        report_id="r-1", staff_id="li", kind=ReportKind.FINISHED, reported_at=clock()
    )
    answers(hub, done)
    then = latest_decision(hub.inbox.db, waits.visit_id)
    assert then is not None
    assert (then.decided.host_id, reason_for(then, "wang")) == ("li", "turn_in_use")


@pytest.mark.parametrize("visit_id", ["nobody", "%", ""])
def test_a_visit_that_nobody_knows_has_no_reason(hub: Hub, visit_id: str) -> None:
    answers(hub, NATURAL)
    assert latest_decision(hub.inbox.db, visit_id) is None


def test_behind_a_long_journal_the_reason_is_rebuilt_from_the_last_snapshot(
    hub: Hub, clock: FakeClock
) -> None:
    for _ in range(SNAPSHOT_EVERY // 2 + 5):
        clock.pass_s(1)
        with hub.decider.atomic():
            hub.decider.take(c.Away(at=clock(), consultant_id="wang"))
            hub.decider.take(c.Back(at=clock(), consultant_id="wang"))
    assert hub.inbox.db.table("snapshots").count == 1
    answers(hub, replace(NATURAL, checked_in_at=clock()))
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    judged = latest_decision(hub.inbox.db, visit.visit_id)
    assert judged is not None
    assert reason_for(judged, "wang") == "behind"
