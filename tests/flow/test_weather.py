"""It rains (天气): one tap tells the posts, and every car that day is met with umbrellas."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.rules.policy import Policy
from shared.file_check import file_of
from shared.messages import Alert, ReportKind
from tests.fakes import FakeClock
from tests.hub_answers import alerts, answers, report
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL, arrival


def text_for(hub: Hub, role: str, number: int) -> str:
    """What this post is told of the next car."""
    return alerts(answers(hub, arrival(f"浙A0000{number}", number, seen_at=hub.clock())))[role].text


@pytest.mark.parametrize(
    ("kind", "need"), [(ReportKind.RAIN, "需要雨伞"), (ReportKind.SUN, "遮阳")]
)
def test_from_then_on_every_car_is_met_with_what_the_weather_asks_for(
    hub: Hub, clock: FakeClock, kind: ReportKind, need: str
) -> None:
    assert need not in text_for(hub, "parking", 1)
    told = alerts(answers(hub, report(kind, "wu")))
    assert {"parking", "door", "desk", "cart"} <= set(told)
    assert not told["parking"].needs_claim
    for number, role in ((2, "parking"), (3, "door")):
        clock.pass_s(60)
        assert need in text_for(hub, role, number)
    answers(hub, report(ReportKind.FAIR, "lin", 2))
    clock.pass_s(60)
    assert need not in text_for(hub, "parking", 4)


def test_it_holds_after_a_restart_and_ends_with_the_day(hub: Hub, clock: FakeClock) -> None:
    answers(hub, report(ReportKind.RAIN, "chen"))
    clock.pass_s(60)
    path = file_of(hub.inbox.db.conn)
    assert path
    hub.inbox.db.conn.close()
    again = open_hub(path.parent, PEOPLE, Policy(), clock)
    assert "雨伞" in text_for(again, "door", 1)
    clock.pass_s(24 * 3600)
    assert "雨伞" not in text_for(again, "door", 2)


def test_a_report_that_waited_in_a_phone_for_hours_is_only_stored(
    hub: Hub, clock: FakeClock
) -> None:
    waited = replace(report(ReportKind.RAIN, "wu"), reported_at=clock() - timedelta(hours=3))
    answers(hub, replace(waited, sent_at=clock()))
    assert "雨伞" not in text_for(hub, "parking", 1)
    hub.inbox.weather.changed()  # as after a restart
    clock.pass_s(60)
    assert "雨伞" not in text_for(hub, "parking", 2)


def test_what_a_visitor_asks_for_is_kept_beside_it(hub: Hub, clock: FakeClock) -> None:
    answers(hub, report(ReportKind.RAIN, "wu"))
    answers(hub, arrival("浙A00001", 1, seen_at=clock()))
    said = replace(NATURAL, plate="浙A00001", needs=("wheelchair",))
    told = [one for one in answers(hub, said) if isinstance(one, Alert) and one.role == "door"]
    assert any("轮椅" in one.text and "雨伞" in one.text for one in told)


def test_a_consultant_makes_no_weather(hub: Hub) -> None:
    answers(hub, report(ReportKind.RAIN, "li"))
    assert "雨伞" not in text_for(hub, "parking", 1)
