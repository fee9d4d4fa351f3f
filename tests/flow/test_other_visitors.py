"""Service visitors (施工 送货 找人 物业): kept, announced, and missed at closing."""

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.handlers.table import let_time_pass
from shared.messages import Alert, Level, Message
from tests.fakes import NINE, FakeClock
from tests.hub_answers import alerts, answers, count
from tests.samples import COURIER, COURIER_LEFT

UNTIL_CLOSING_S = 9.5 * 3600


def in_the_house(hub: Hub) -> list[str]:
    return [visit.name for visit in hub.others.since(NINE) if visit.left_at is None]


def closing_alerts(hub: Hub) -> list[str]:
    """What the manager hears about service visitors who did not check out."""
    let_time_pass(hub)
    rows = hub.outbox.waiting(100)
    hub.outbox.forget([row.row for row in rows])
    found = [row.message for row in rows if isinstance(row.message, Alert)]
    return [alert.text for alert in found if alert.title == "尚未离场"]


def test_whom_a_service_visitor_looks_for_is_told_quietly(hub: Hub) -> None:
    told = alerts(answers(hub, COURIER))
    assert told.keys() == {"wang"}
    assert (told["wang"].level, told["wang"].needs_claim) == (Level.INFO, False)
    assert "送货 赵师傅（2 人，37 号）" in told["wang"].text


@pytest.mark.parametrize("whom", ["老李头", None, "xiao"])
def test_for_somebody_whom_we_do_not_know_the_door_is_told(hub: Hub, whom: str | None) -> None:
    assert alerts(answers(hub, replace(COURIER, whom=whom))).keys() == {"door"}


def test_a_second_delivery_keeps_and_tells_nothing_more(hub: Hub) -> None:
    answers(hub, COURIER)
    assert answers(hub, COURIER) == []
    assert count(hub, "service_visits") == 1


def test_who_came_long_ago_is_kept_and_rings_nowhere(hub: Hub, clock: FakeClock) -> None:
    clock.pass_s(121)
    assert answers(hub, COURIER) == []
    assert in_the_house(hub) == ["赵师傅"]


def test_who_left_is_in_the_house_no_more_and_is_noted_once(hub: Hub) -> None:
    for message in (COURIER, COURIER_LEFT, COURIER_LEFT):
        answers(hub, message)
    assert in_the_house(hub) == []
    kinds = hub.inbox.db.query("select kind from journal where subject_id = 's-1' order by seq")
    assert [row["kind"] for row in kinds] == ["ServiceVisit", "ServiceVisitEnd"]


def test_the_leaving_may_be_told_before_the_coming(hub: Hub) -> None:
    """Two tablets, one of them without a network for a while."""
    found: list[Message] = [*answers(hub, COURIER_LEFT), *answers(hub, COURIER)]
    assert found == []
    assert in_the_house(hub) == []


def test_at_closing_the_manager_hears_once_who_is_still_in(hub: Hub, clock: FakeClock) -> None:
    answers(hub, COURIER)
    assert closing_alerts(hub) == []
    clock.pass_s(UNTIL_CLOSING_S - 1)
    assert closing_alerts(hub) == []
    clock.pass_s(1)
    (text,) = closing_alerts(hub)
    assert "赵师傅（2 人，37 号） 09:00 到" in text
    clock.pass_s(60)
    assert closing_alerts(hub) == []


def test_who_left_in_time_is_not_missed_at_closing(hub: Hub, clock: FakeClock) -> None:
    for message in (COURIER, COURIER_LEFT):
        answers(hub, message)
    clock.pass_s(UNTIL_CLOSING_S + 60)
    assert closing_alerts(hub) == []


def test_a_hub_that_was_off_at_closing_tells_the_next_morning(hub: Hub, clock: FakeClock) -> None:
    answers(hub, COURIER)
    clock.pass_s(24 * 3600 - 1800)
    assert len(closing_alerts(hub)) == 1
