"""Whom an owner has to call: due by the third day, put off with a reason, overdue, closed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.console.follow_up_view import FollowUpLine
from broker.handlers.context import Hub
from broker.handlers.table import let_time_pass
from broker.journal.hub_file import HubFile
from broker.personal.dossier import of_phone
from broker.personal.erasure import Eraser
from broker.queries.overview import HubSite
from broker.rules.line import Note, places_called
from broker.rules.notices import Ruled
from broker.rules.policy import Policy
from shared.errors import MessageError
from shared.messages import Outcome, ReportKind, StaffReport
from tests.entered import enter
from tests.fakes import FakeClock
from tests.hub_answers import answers
from tests.hub_site import site_of

OWN = "received-today"


@pytest.fixture
def customer(hub: Hub, clock: FakeClock) -> str:
    """李敏 received a customer today."""
    enter(hub, OWN, "13800000001", clock(), owner="li")
    return OWN


@pytest.fixture
def called_late(hub: Hub, clock: FakeClock, customer: str) -> Hub:
    """The hub, four days after the reception."""
    assert customer
    clock.moment += timedelta(days=4)
    return hub


def says(hub: Hub, kind: ReportKind, by: str = "li", **more: object) -> None:
    number = len(hub.inbox.db.execute("select 1 from messages").fetchall())
    bare = StaffReport(
        report_id=f"s-{number}",
        staff_id=by,
        kind=kind,
        reported_at=hub.clock(),
        registration_id=OWN,
    )
    answers(hub, replace(bare, **more))


def line(site: HubSite, owner: str = "li") -> FollowUpLine:
    (found,) = site.follow_ups(owner, "zh-CN")
    return found


@pytest.mark.parametrize(
    ("days", "stage", "over"),
    [(0, "later", 0), (2, "later", 0), (3, "today", 0), (4, "overdue", 1), (9, "overdue", 6)],
)
def test_a_customer_is_called_by_the_end_of_the_third_day(
    site: HubSite, clock: FakeClock, customer: str, days: int, stage: str, over: int
) -> None:
    clock.moment += timedelta(days=days)
    found = line(site)
    assert (found.stage, found.days_over) == (stage, over)
    assert found.due_on is not None
    assert found.due_on.isoformat() == "2026-11-26"
    assert (found.visitor, found.phone) == ("周女士", "13800000001")


@pytest.mark.parametrize(
    ("outcome", "stage", "due"),
    [
        (Outcome.AGAIN, "later", "2026-12-04"),
        (Outcome.COMING, "later", "2026-11-30"),
        (Outcome.NO_ANSWER, "later", "2026-11-28"),
        (Outcome.REACHED, "no_next_step", None),
    ],
)
def test_one_tap_says_what_came_of_it_and_what_comes_next(
    site: HubSite, called_late: Hub, outcome: Outcome, stage: str, due: str | None
) -> None:
    says(called_late, ReportKind.FOLLOWED_UP, outcome=outcome)
    found = line(site)
    assert (found.stage, found.outcome) == (stage, outcome)
    assert (found.due_on.isoformat() if found.due_on else None) == due


@pytest.mark.parametrize("outcome", [Outcome.NOT_INTERESTED, Outcome.BOUGHT])
def test_after_the_end_nobody_is_called_and_nothing_is_overdue(
    hub: Hub, site: HubSite, clock: FakeClock, customer: str, outcome: Outcome
) -> None:
    says(hub, ReportKind.FOLLOWED_UP, outcome=outcome)
    clock.moment += timedelta(days=9)
    assert site.follow_ups("li", "zh-CN") == ()


def test_a_call_is_put_off_with_a_reason_and_comes_back(
    hub: Hub, site: HubSite, clock: FakeClock, customer: str
) -> None:
    clock.moment += timedelta(days=4)
    says(hub, ReportKind.SNOOZED, days=2, reason="客户出差")
    found = line(site)
    assert (found.stage, found.reason) == ("later", "客户出差")
    clock.moment += timedelta(days=3)
    assert (line(site).stage, line(site).days_over) == ("overdue", 1)
    with pytest.raises(MessageError):
        says(hub, ReportKind.SNOOZED, days=2)


def test_another_reception_starts_anew(
    hub: Hub, site: HubSite, clock: FakeClock, customer: str
) -> None:
    says(hub, ReportKind.FOLLOWED_UP, outcome=Outcome.BOUGHT)
    clock.moment += timedelta(days=5)
    enter(hub, "again", "13800000001", clock(), owner="li")
    assert line(site).stage == "later"


def test_the_list_is_the_owner_s_alone(hub: Hub, site: HubSite, customer: str) -> None:
    with pytest.raises(MessageError):
        says(hub, ReportKind.FOLLOWED_UP, by="wang", outcome=Outcome.BOUGHT)
    assert line(site).stage == "later", "nothing changed"
    owners = [found.owner_name for found in site.follow_ups(None, "zh-CN")]
    assert owners.count("李敏") == 1


def test_when_the_protection_is_over_the_customer_is_nobody_s_to_call(
    site: HubSite, clock: FakeClock, customer: str
) -> None:
    clock.moment += timedelta(days=17)
    assert site.follow_ups("li", "zh-CN") == ()


def overrule(hub: Hub) -> None:
    ruled = Ruled(at=hub.clock(), reason="x", overrules=(OWN,), keys=("13800000001",))
    hub.register.note(ruled)


def overrule_wholly(hub: Hub) -> None:
    hub.register.note(Ruled(at=hub.clock(), reason="x", overrules=(OWN,)))


def erase(hub: Hub) -> None:
    eraser = Eraser(HubFile(hub.inbox.db.conn), hub.journal, hub.decider)
    eraser.erase([of_phone(hub.inbox.db, "13800000001")], "operator", hub.clock())


def enter_again(hub: Hub) -> None:
    enter(hub, "again", "13800000001", hub.clock() + timedelta(days=1), owner="li")


@pytest.mark.parametrize("change", [overrule, overrule_wholly, erase, enter_again])
def test_a_list_that_is_remembered_shows_every_change_at_once(
    hub: Hub, site: HubSite, tmp_path: Path, customer: str, change: Callable[[Hub], None]
) -> None:
    assert customer
    before = site.follow_ups("li", "zh-CN")
    assert len(before) == 1
    with hub.decider.atomic():
        change(hub)
    after = site.follow_ups("li", "zh-CN")
    assert after != before
    assert after == site_of(hub, tmp_path).follow_ups("li", "zh-CN"), "as if read anew"


def waits_for_turn(hub: Hub) -> tuple[list[str], list[str]]:
    """Whom the line shows as resting, and who is called next, in order."""
    let_time_pass(hub)
    state = hub.decider.state
    noted = [row.consultant_id for row in hub.visits.line() if row.note is Note.RESTING]
    return noted, [place.consultant_id for place in places_called(state)]


def test_where_the_manager_chose_it_overdue_calls_let_others_go_first_until_they_are_done(
    hub: Hub, called_late: Hub, clock: FakeClock
) -> None:
    usual, called = waits_for_turn(hub)
    assert usual == []
    assert called[0] == "li"
    hub.decider.use(Policy(overdue_follow_ups_rest_the_turn=True))
    assert waits_for_turn(hub) == (["li"], [*called[1:], "li"]), "the place in the line is kept"
    says(hub, ReportKind.SNOOZED, days=1, reason="客户出差")
    assert waits_for_turn(hub) == ([], called)
    clock.moment += timedelta(days=2)
    assert waits_for_turn(hub)[0] == ["li"], "put off is not done"
    hub.decider.use(Policy())
    assert waits_for_turn(hub) == ([], called), "chosen otherwise, nobody's turn rests"
