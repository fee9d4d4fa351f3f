"""The owner is away and a colleague receives: the owner is phoned first, and each hears of it."""

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.journal.entries import entries
from broker.journal.explain import story
from broker.rules import commands
from shared.messages import Alert, Answer3, ReportKind, StaffReport
from tests.hub_answers import alerts, answers
from tests.samples import NATURAL

RETURNING = replace(
    NATURAL, phone="13800138000", is_first_visit=Answer3.NO, consented_at=NATURAL.checked_in_at
)
"""张女士, whom 王强 owns."""


def received_for_wang(hub: Hub) -> dict[str, Alert]:
    """The host's call, and what the owner is told."""
    hub.decider.take(commands.Away(at=hub.clock(), consultant_id="wang"))
    raised = [alert for alert in answers(hub, RETURNING) if isinstance(alert, Alert)]
    return {
        alert.staff_id: alert
        for alert in raised
        if alert.staff_id == "wang" or (alert.staff_id and alert.needs_claim)
    }


def called(hub: Hub, alert: Alert, name: str, *, is_reached: bool) -> StaffReport:
    return StaffReport(
        report_id=name,
        staff_id="li",
        kind=ReportKind.CALLED_OWNER,
        reported_at=hub.clock(),
        visit_id=alert.visit_id,
        is_reached=is_reached,
    )


def told_of(hub: Hub, alert: Alert) -> str:
    return "\n".join(story(entries(hub.inbox.db.conn), alert.visit_id, "zh-CN"))


def test_who_receives_for_an_owner_who_is_away_is_asked_to_phone_first(hub: Hub) -> None:
    told = received_for_wang(hub)
    assert "请先致电归属顾问王强" in told["li"].text
    assert {"owner_reached", "owner_silent"} <= set(told["li"].actions)


def test_the_owner_hears_who_receives_for_them_and_that_the_customer_stays_theirs(
    hub: Hub,
) -> None:
    told = received_for_wang(hub)
    assert "由李敏协助接待，客户仍归您" in told["wang"].text
    assert not told["wang"].needs_claim


def test_each_call_is_on_record_with_what_came_of_it(hub: Hub) -> None:
    call = received_for_wang(hub)["li"]
    answers(hub, called(hub, call, "s-1", is_reached=False))
    answers(hub, called(hub, call, "s-2", is_reached=True))
    said = told_of(hub, call)
    assert "李敏已致电归属顾问王强，无人接听" in said
    assert "李敏已致电归属顾问王强，已接通" in said


def test_an_owner_who_receives_is_phoned_by_nobody(hub: Hub) -> None:
    told = alerts(answers(hub, RETURNING))
    assert "致电" not in told["wang"].text
    assert "owner_reached" not in told["wang"].actions
    answers(hub, called(hub, told["wang"], "s-1", is_reached=True))
    assert "致电归属顾问王强" not in told_of(hub, told["wang"]), "李敏 has no part in it"
