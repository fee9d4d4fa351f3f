"""What the posts at the doors call out: a forced entry (硬闯), and a visitor who walks on (002)."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from broker.site_file import Staff
from shared.messages import Alert, AlertKind, CloseReason, Level, Message, ReportKind
from tests.fakes import FakeClock
from tests.hub_answers import ack, after, alerts, answers, closed, report
from tests.hub_fixtures import PEOPLE, clocked
from tests.register_rows import cells

POSTS = ("gate", "desk", "security", "cleaning", "engineering")
EVERYBODY = replace(
    PEOPLE,
    staff=(
        *PEOPLE.staff,
        *(Staff(id=post, name=f"{post} 一", roles=(post,), pin="7777") for post in POSTS),
    ),
)


@pytest.fixture
def hub(tmp_path: Path, clock: FakeClock) -> Hub:
    return clocked(open_hub(tmp_path, EVERYBODY, Policy(), clock), clock)


def told(hub: Hub, kind: ReportKind, by: str, number: int = 1, **more: object) -> list[Message]:
    return answers(hub, report(kind, by, number, **more))


def escalated(found: list[Message]) -> list[tuple[str | None, str]]:
    return [(each.role, each.title) for each in found if isinstance(each, Alert) and each.ladder]


@pytest.mark.parametrize("who", ["gate", "wu", "li", "cleaning"])
def test_one_tap_calls_security_and_the_manager_at_once(hub: Hub, who: str) -> None:
    found = alerts(told(hub, ReportKind.FORCED_ENTRY, who, post="gate"))
    assert set(found) == {"security", "manager"}
    for alert in found.values():
        assert (alert.level, alert.kind) == (Level.URGENT, AlertKind.TASK)
        assert "门岗有人硬闯" in alert.text
        assert "forces their way in at the gate" in alert.wordings["en"].text


def test_the_manager_is_called_every_time_however_often_it_happens(hub: Hub) -> None:
    for number in range(1, 15):
        found = alerts(told(hub, ReportKind.FORCED_ENTRY, "gate", number))
        assert {"security", "manager"} <= set(found)


def test_of_a_phone_that_raises_alarm_after_alarm_the_manager_hears_once_whose_it_is(
    hub: Hub,
) -> None:
    found = [told(hub, ReportKind.FORCED_ENTRY, "cleaning", number) for number in range(1, 9)]
    sent = [each for some in found for each in some if isinstance(each, Alert)]
    (many,) = [alert for alert in sent if alert.title == "同一部手机一再报警"]
    assert (many.role, "cleaning 一" in many.text) == ("manager", True)
    assert len([alert for alert in sent if alert.role == "security"]) == 8


def test_who_was_sent_on_stands_in_the_register_of_other_visitors(hub: Hub) -> None:
    told(hub, ReportKind.SENT_ON, "gate", 1, post="engineering", place="样板房", note="蓝色工装")
    on = hub.decider.policy.local(hub.clock()).date()
    (line,) = cells(hub, "other_visitors")
    assert line["on"] == on.isoformat()
    assert (line["kind"], line["name"], line["party"]) == ("门口指引", "蓝色工装", 1)
    assert line["whom"] == "样板房 · 工程"


def test_whoever_goes_first_does_not_silence_the_other(hub: Hub) -> None:
    found = alerts(told(hub, ReportKind.FORCED_ENTRY, "gate"))
    over = closed(answers(hub, ack(found["security"], "security")))
    assert over == [(found["security"].alert_id, CloseReason.CLAIMED, "security 一")]


def test_the_gate_goes_where_nobody_of_security_answers(hub: Hub, clock: FakeClock) -> None:
    told(hub, ReportKind.FORCED_ENTRY, "desk", post="desk")
    found = [each for _ in range(12) for each in escalated(after(hub, clock, 15))]
    assert "gate" in [role for role, _ in found]


def test_an_alarm_that_waited_on_a_phone_rings_nowhere(hub: Hub, clock: FakeClock) -> None:
    clock.pass_s(600)
    assert alerts(told(hub, ReportKind.FORCED_ENTRY, "gate")) == {}


def test_the_next_post_hears_how_many_come_where_to_and_what_they_look_like(hub: Hub) -> None:
    sent = report(
        ReportKind.SENT_ON,
        "gate",
        post="engineering",
        place="样板房",
        party_size=3,
        note="蓝色工装，推车",
    )
    found = alerts(answers(hub, sent))
    assert set(found) == {"engineering"}
    alert = found["engineering"]
    assert alert.text == "gate 一请您接应：来人 3 位（非客户），去样板房，特征：蓝色工装，推车"
    assert alert.kind is AlertKind.TASK


def test_without_a_post_the_desk_hears_of_them(hub: Hub) -> None:
    found = alerts(told(hub, ReportKind.SENT_ON, "security"))
    assert found["desk"].text == "security 一请您接应：来人 1 位（非客户）"


def test_a_cleaner_sends_nobody_on(hub: Hub) -> None:
    found = alerts(told(hub, ReportKind.SENT_ON, "cleaning", post="desk"))
    assert "desk" not in found
