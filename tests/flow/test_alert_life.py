"""An alert through the hub: who is asked next, who wins, what a restart remembers."""

from datetime import timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.journal.replay import replay
from broker.journal.verify import problems
from broker.rules.events import Decided
from broker.rules.policy import Policy
from broker.wording.decisions import Teller
from shared.messages import (
    AckAnswer,
    Alert,
    AlertClosed,
    CloseReason,
    Message,
    ReportKind,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import (
    ack,
    after,
    alerts,
    answer,
    answers,
    closed,
    count,
    host_alerts,
    hosts,
    journal_files,
    line,
    phones_come_online,
    report,
    status,
    time_passes,
    visitor,
)
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL, arrival


def rung(found: list[Message], about: str = "") -> list[tuple[str, int]]:
    """The person or role of each alert, and which repeat it was."""
    return [
        (message.staff_id or message.role or "", message.repeat)
        for message in found
        if isinstance(message, Alert) and about in message.title
    ]


def test_nobody_answers_then_it_rings_anew_a_colleague_is_asked_and_the_manager(
    hub: Hub, clock: FakeClock
) -> None:
    first = host_alerts(hub)["li"]
    assert after(hub, clock, 9) == []
    (again,) = after(hub, clock, 1)
    assert first.trace_id == "c-1"  # what rings anew was raised by time
    assert again == replace(first, repeat=1, trace_id=None)
    second = alerts(after(hub, clock, 10))
    assert second.keys() == {"wang", "li"}
    assert second["wang"].actions == ("stand_in", "pass_on", "seat")
    assert (second["wang"].instead_of, second["li"].repeat) == ("李敏", 2)
    last = alerts(after(hub, clock, 20))
    assert last.keys() == {"manager", "li", "wang"}
    assert "李敏未应答" in last["manager"].text


def test_a_stand_in_receives_the_turn_stays_and_all_others_fall_silent(
    hub: Hub, clock: FakeClock
) -> None:
    first = host_alerts(hub)["li"]
    told = alerts(after(hub, clock, 40))
    found = answers(hub, ack(told["wang"], "wang"))
    ended = {alert_id for alert_id, _, _ in closed(found)}
    assert {first.alert_id, told["wang"].alert_id, told["manager"].alert_id} <= ended
    assert {(reason, name) for _, reason, name in closed(found)} == {(CloseReason.CLAIMED, "王强")}
    assert hosts(found) == ["王强"]
    assert line(hub) == ("wang",)  # only Wang's own place; the turn is Li's
    assert answers(hub, ack(first, "li"))[0] == next(
        message
        for message in found
        if isinstance(message, AlertClosed) and message.alert_id == first.alert_id
    )


def test_a_stand_in_by_report_ends_the_call_too(hub: Hub) -> None:
    first = host_alerts(hub)["li"]
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    found = answers(hub, report(ReportKind.STAND_IN, "wang", visit_id=visit.visit_id))
    assert (first.alert_id, CloseReason.CLAIMED, "王强") in closed(found)


def test_a_manager_who_goes_in_person_ends_the_call_and_the_turn_stays_used(
    hub: Hub, clock: FakeClock
) -> None:
    first = host_alerts(hub)["li"]
    told = alerts(after(hub, clock, 40))
    found = answers(hub, ack(told["manager"], "chen"))
    assert (first.alert_id, CloseReason.CLAIMED, "陈经理") in closed(found)
    assert hosts(found) == ["陈经理"]
    assert after(hub, clock, 300) == []
    assert line(hub) == ("wang",)


def test_who_cannot_go_says_so_and_the_next_is_called_at_once(hub: Hub) -> None:
    phones_come_online(hub, "wang")
    first = host_alerts(hub)["li"]
    found = answers(hub, answer(first, "li", AckAnswer.PASS_ON))
    assert hosts(found) == ["王强"]
    assert (first.alert_id, CloseReason.PASSED_ON, "李敏") in closed(found)
    assert line(hub) == ("li",)  # the turn counts as used


def test_an_owner_who_cannot_go_keeps_the_customer_and_another_hosts(hub: Hub) -> None:
    phones_come_online(hub, "li")
    known = replace(NATURAL, phone="13800138000", consented_at=NINE)
    first = alerts(answers(hub, known))["wang"]
    assert first.ack_due_at == NINE + timedelta(seconds=Policy().absent_after_s)
    found = answers(hub, answer(first, "wang", AckAnswer.PASS_ON))
    assert hosts(found) == ["李敏"]
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.owner_id, visit.host_id) == ("wang", "li")


def test_an_owner_who_does_not_answer_is_helped_and_uses_no_turn(
    hub: Hub, clock: FakeClock
) -> None:
    known = replace(NATURAL, phone="13800138000", consented_at=NINE)
    answers(hub, known)
    told = alerts(after(hub, clock, 20))
    assert told["li"].title == "请协助接待"
    found = answers(hub, ack(told["li"], "li"))
    assert hosts(found) == ["李敏"]
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert (visit.owner_id, visit.host_id, visit.is_turn_used) == ("wang", "li", False)
    assert visit.decision is not None
    decided = msgspec.json.decode(visit.decision, type=Decided)
    assert "协助接待，不占轮次" in Teller(hub.people.names(), hub.decider.policy).decision(decided)


def test_the_next_in_line_prepares_for_a_car_when_who_was_to_is_called_elsewhere(
    hub: Hub, clock: FakeClock
) -> None:
    before = alerts(answers(hub, arrival("浙C11111")))
    assert before["li"].title == "轮到您，请准备"
    found = [*answers(hub, NATURAL), *after(hub, clock, 1)]
    (prepares,) = [
        message
        for message in found
        if isinstance(message, Alert) and message.visit_id == before["li"].visit_id
    ]
    assert (prepares.staff_id, prepares.title) == ("wang", "轮到您，请准备")
    assert (prepares.level, prepares.instead_of) == ("normal", "李敏")


def test_a_post_that_does_not_answer_is_helped_by_its_neighbour(hub: Hub, clock: FakeClock) -> None:
    told = alerts(answers(hub, arrival()))
    for who in ("door", "li"):
        answers(hub, ack(told[who], {"door": "lin", "li": "li"}[who]))
    told = alerts(answers(hub, arrival("浙A54321", 2)))
    answers(hub, ack(told["door"], "lin"))
    found = after(hub, clock, 20)
    helped = [message for message in found if isinstance(message, Alert) and message.role == "door"]
    assert helped[0].instead_of == "停车场礼宾"
    assert "请引导停车" in helped[0].text
    ends = closed(answers(hub, ack(helped[0], "lin")))
    assert (told["parking"].alert_id, CloseReason.CLAIMED, "小林") in ends


def test_shown_is_kept_once_and_stops_nothing(hub: Hub, clock: FakeClock) -> None:
    first = host_alerts(hub)["li"]
    before = count(hub, "journal")
    for _ in range(3):
        assert answers(hub, answer(first, "li", AckAnswer.SHOWN)) == []
    assert count(hub, "journal") == before + 1
    assert rung(after(hub, clock, 10)) == [("li", 1)]


def test_a_phone_that_shows_what_is_over_is_told_so(hub: Hub) -> None:
    told = alerts(answers(hub, NATURAL))
    answers(hub, ack(told["li"], "li"))
    found = answers(hub, answer(told["door"], "lin", AckAnswer.SHOWN))
    assert closed(found) == [(told["door"].alert_id, CloseReason.CLAIMED, "李敏")]


def test_one_of_a_post_who_cannot_go_leaves_it_to_a_colleague(hub: Hub, clock: FakeClock) -> None:
    told = alerts(answers(hub, arrival()))
    parking = told["parking"]
    assert answers(hub, answer(parking, "wu", AckAnswer.PASS_ON)) == []
    assert parking.alert_id not in {
        message.alert_id for message in answers(hub, status("wu")) if isinstance(message, Alert)
    }
    found = answers(hub, answer(parking, "zhao", AckAnswer.PASS_ON))
    assert rung(found, "请协助") == [("door", 0)]


def test_a_restart_goes_on_from_the_stored_moments(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    host_alerts(hub)
    clock.pass_s(45)  # the hub was away: second and manager were due
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    found = time_passes(again)
    assert sorted(rung(found)) == [("li", 1), ("manager", 0), ("wang", 0)]
    assert after(again, clock, 34) == []
    assert sorted(rung(after(again, clock, 1))) == [("li", 2), ("manager", 1), ("wang", 1)]


def test_nothing_that_is_over_rings_again_after_a_restart(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    told = host_alerts(hub)
    answers(hub, ack(told["li"], "li"))
    again = open_hub(tmp_path, PEOPLE, Policy(), clock)
    assert after(again, clock, 300) == []
    found = answers(again, replace(status("li"), connected_at=clock.moment))
    assert rung(found) == []


def test_the_journal_tells_every_step_and_can_be_played_again(
    hub: Hub, clock: FakeClock, tmp_path: Path
) -> None:
    first = host_alerts(hub)["li"]
    answers(hub, answer(first, "li", AckAnswer.SHOWN))
    after(hub, clock, 10)
    told = alerts(after(hub, clock, 30))
    answers(hub, answer(told["wang"], "wang", AckAnswer.PASS_ON))
    answers(hub, ack(told["manager"], "chen"))
    answers(hub, visitor(2))
    kinds = [row["kind"] for row in hub.inbox.db.query("select kind from journal")]
    assert kinds.count("escalated") >= 2
    assert {"alert", "alert_closed", "ack"} <= set(kinds)
    path = journal_files(hub, tmp_path)
    assert list(problems(path)) == []
    assert replay(path, print) == 0


def test_a_manager_who_passes_an_alert_on_asks_nothing_of_the_rules(hub: Hub) -> None:
    for number in (1, 2, 3):
        told = alerts(answers(hub, visitor(number)))
    assert told["manager"].title == "无人接待"  # the third waits: no host, and no call of one
    assert answers(hub, answer(told["manager"], "chen", AckAnswer.PASS_ON)) == []
