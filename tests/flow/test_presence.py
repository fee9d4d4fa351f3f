"""Who is there: wills, heartbeats and other signs of life, and what they mean for an alert."""

from msgspec.structs import replace

from broker.handlers.context import Hub
from shared.messages import AckAnswer, NodeState, ReportKind
from tests.fakes import FakeClock
from tests.hub_answers import alerts, answer, answers, host_alerts, report, status, time_passes
from tests.samples import NATURAL


def test_dead_phones_are_not_waited_for(hub: Hub, clock: FakeClock) -> None:
    for staff_id in ("li", "wang", "chen"):
        answers(hub, status(staff_id))
    answers(hub, replace(status("li"), state=NodeState.OFFLINE))
    told = alerts(answers(hub, NATURAL))
    assert told.keys() >= {"li", "wang"}
    assert "manager" not in told  # Wang is there and has twenty seconds
    clock.pass_s(1)
    answers(hub, replace(status("wang"), state=NodeState.OFFLINE))
    assert "manager" in alerts(time_passes(hub))


def test_a_frozen_phone_is_known_within_thirty_seconds(hub: Hub, clock: FakeClock) -> None:
    answers(hub, status("li"))
    clock.pass_s(29)
    assert hub.presence.may_answer("li")
    clock.pass_s(1)
    assert not hub.presence.may_answer("li")


def test_a_second_phone_of_the_same_person_keeps_them_there(hub: Hub, clock: FakeClock) -> None:
    first, other = (replace(status("li"), device_id=name) for name in ("a", "b"))
    answers(hub, first)
    answers(hub, replace(other, battery=0.4, round_trip_ms=12))
    answers(hub, replace(first, state=NodeState.OFFLINE))
    assert hub.presence.may_answer("li")
    seen = hub.presence.sightings()
    assert [(see.status.device_id, hub.presence.is_online(see)) for see in seen] == [
        ("a", False),
        ("b", True),
    ]


def test_a_phone_s_own_clock_is_seen_though_its_page_goes_by_the_hub_s(
    hub: Hub, clock: FakeClock
) -> None:
    for ahead_s, is_seen in ((-3600, True), (2, False), (86_400 * 400, True)):
        answers(hub, replace(status("li"), at=clock(), clock_ahead_s=ahead_s))
        (seen,) = hub.presence.sightings()
        assert seen.clock_off_s == (ahead_s if is_seen else None)


def test_an_answer_is_a_sign_of_life(hub: Hub, clock: FakeClock) -> None:
    answers(hub, replace(status("li"), device_id="a"))
    first = host_alerts(hub)["li"]
    clock.pass_s(25)
    answers(hub, replace(answer(first, "li", AckAnswer.SHOWN), device_id="a"))
    clock.pass_s(25)
    assert hub.presence.may_answer("li")


def test_who_is_away_is_not_waited_for(hub: Hub) -> None:
    answers(hub, report(ReportKind.AWAY, "li"))
    told = alerts(answers(hub, NATURAL))
    assert "wang" in told


def test_a_heartbeat_that_came_late_is_no_new_connection(hub: Hub, clock: FakeClock) -> None:
    answers(hub, status("li"))
    told = alerts(answers(hub, NATURAL))
    clock.pass_s(60)
    assert alerts(answers(hub, status("li"))) == {}
    again = alerts(answers(hub, replace(status("li"), connected_at=clock.moment)))
    assert again["li"].alert_id == told["li"].alert_id
