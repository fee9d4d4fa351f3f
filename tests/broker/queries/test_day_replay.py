"""A day again, moment by moment: the line, the visits, who was told what."""

from datetime import date, timedelta

from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.queries.overview import HubSite
from broker.rules.line import queue
from shared.messages import ReportKind, StaffReport
from tests.fakes import NINE, FakeClock
from tests.hub_answers import after, answers
from tests.samples import NATURAL, arrival

TODAY = NINE.date()


def away(hub: Hub, who: str) -> None:
    told = StaffReport(report_id=f"a-{who}", staff_id=who, kind=ReportKind.AWAY, reported_at=NINE)
    answers(hub, replace(told, reported_at=hub.clock()))


def test_the_day_goes_by_again_as_it_went(hub: Hub, site: HubSite, clock: FakeClock) -> None:
    before = queue(hub.decider.state)
    answers(hub, arrival())
    after(hub, clock, 60)
    answers(hub, NATURAL)
    after(hub, clock, 125)
    away(hub, before[0])
    found = site.archive.day_replay(TODAY, "zh-CN")
    frames = found.frames
    assert [frame.at for frame in frames] == sorted(frame.at for frame in frames)
    kinds = [frame.kind for frame in frames]
    assert {"fact", "decision", "notice", "alert"} <= set(kinds)
    lines = [frame.line for frame in frames if frame.line is not None]
    names = {"li": "李敏", "wang": "王强"}
    assert [name for name, _ in lines[-1]] == [names[who] for who in queue(hub.decider.state)]
    assert dict(lines[-1])[names[before[0]]] in {"away", "receiving"}
    decided = kinds.index("decision")
    shown = next(frame.visits for frame in frames[decided:] if frame.visits is not None)
    assert [visit.state for visit in shown][-1] in {"called", "serving"}
    assert not any("浙A12345" in frame.text for frame in frames), "plates are masked"


def test_what_happened_later_does_not_change_a_day_and_other_days_are_empty(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    answers(hub, NATURAL)
    before = site.archive.day_replay(TODAY, "en").frames
    after(hub, clock, 86_400)
    away(hub, "li")
    kept = site.archive.day_replay(TODAY, "en").frames
    assert kept[: len(before)] == before
    assert all(frame.at < hub.decider.policy.start_of(TODAY + timedelta(1)) for frame in kept)
    assert site.archive.day_replay(TODAY - timedelta(9), "en").frames == ()
    assert any("leaves" in each.text for each in site.archive.day_replay(hub_day(hub), "en").frames)


def hub_day(hub: Hub) -> date:
    return hub.decider.policy.local(hub.clock()).date()
