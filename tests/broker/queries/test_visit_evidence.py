"""What the hub's file tells of a disputed visit: the evidence, the decisions past, the conduct."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from broker.console.dispute_view import Mark, Search, Topic, VisitEvidence
from broker.console.patterns_view import Conduct, Patterns, is_unusual
from broker.handlers.context import Hub
from broker.queries.overview import HubSite
from shared.messages import (
    Answer3,
    CheckIn,
    Ground,
    LookUp,
    Registration,
    ReportKind,
    StaffReport,
)
from tests.fakes import NINE, FakeClock
from tests.hub_answers import ack, alerts, answers
from tests.samples import NATURAL, arrival

PHONE, PLATE = "13900139000", "浙A12345"
REASON = "客户出示了名片"


def report(hub: Hub, kind: ReportKind, by: str, **more: object) -> None:
    number = len(hub.inbox.db.execute("select 1 from messages").fetchall())
    bare = StaffReport(report_id=f"s-{number}", staff_id=by, kind=kind, reported_at=hub.clock())
    answers(hub, replace(bare, **more))


def entered(hub: Hub, by: str, **keys: object) -> None:
    number = len(hub.inbox.db.execute("select 1 from messages").fetchall())
    bare = Registration(registration_id=f"r-{number}", staff_id=by, registered_at=hub.clock())
    answers(hub, replace(bare, **keys))


def looked_up(hub: Hub, by: str, **keys: object) -> None:
    number = len(hub.inbox.db.execute("select 1 from messages").fetchall())
    bare = LookUp(look_up_id=f"l-{number}", staff_id=by, asked_at=hub.clock())
    answers(hub, replace(bare, **keys))


def checked_in(hub: Hub, check_in: CheckIn = NATURAL) -> str:
    """The id of the visit whose host has come."""
    told = alerts(answers(hub, check_in))
    ((visit_id, host),) = hub.inbox.db.execute(
        "select visit_id, host_id from visits where check_in_id = ?", [check_in.check_in_id]
    ).fetchall()
    if host in told:
        answers(hub, ack(told[host], host))
    return str(visit_id)


def dispute(site: HubSite, visit_id: str, language: str = "zh-CN") -> VisitEvidence:
    found = site.archive.dispute(visit_id, language)
    assert found is not None
    return found


@pytest.fixture
def claimed(hub: Hub, clock: FakeClock) -> str:
    """李敏 receives a natural visitor in a car; 王强 looks the plate up and claims the visitor."""
    answers(hub, arrival(PLATE))
    clock.pass_s(60)
    visit_id = checked_in(hub, replace(NATURAL, arrival_id="a-1", phone=PHONE, consented_at=NINE))
    clock.pass_s(60)
    looked_up(hub, "wang", plate=PLATE)
    clock.pass_s(60)
    report(hub, ReportKind.CLAIM, "wang", visit_id=visit_id, evidence=Ground.CARD)
    return visit_id


def test_a_claim_opens_a_dispute_with_the_evidence_of_both_sides(
    site: HubSite, claimed: str
) -> None:
    found = dispute(site, claimed)
    assert (found.is_open, found.ruling, found.can_be_ruled_on) == (True, None, True)
    assert (found.host, found.phone, found.plate) == ("李敏", PHONE, PLATE)
    assert (found.arrived_at, found.checked_in_at) == (NINE, NINE)
    assert {claim.consultant: claim.ground for claim in found.claims}["王强"] == "card"
    assert found.answers is not None
    assert (found.answers.first_visit, found.answers.contacted) == (Answer3.YES, Answer3.NO)
    topics = [line.topic for line in found.timeline]
    for topic in (Topic.GATE, Topic.CHECK_IN, Topic.DECISION, Topic.LOOK_UP, Topic.CLAIM):
        assert topic in topics
    assert [line.at for line in found.timeline] == sorted(line.at for line in found.timeline)


def test_the_timeline_never_shows_a_phone_or_plate_whole(site: HubSite, claimed: str) -> None:
    told = " ".join(line.text for line in dispute(site, claimed).timeline)
    assert "浙A·1**45" in told
    assert PHONE not in told
    assert PLATE not in told


def test_both_sides_are_parties_and_a_passer_by_is_not(
    hub: Hub, site: HubSite, claimed: str
) -> None:
    found = dispute(site, claimed)
    assert {found.host_id, *found.parties} == {"li", "wang"}


def test_a_ruling_is_told_with_its_reason_and_closes_the_dispute(
    hub: Hub, site: HubSite, claimed: str
) -> None:
    ruling = {"visit_id": claimed, "for_staff_id": "wang", "reason": REASON}
    report(hub, ReportKind.RULING, "chen", **ruling)
    found = dispute(site, claimed)
    assert found.ruling is not None
    assert (found.ruling.consultant, found.ruling.reason) == ("王强", REASON)
    assert (found.is_open, found.owner_id) == (False, "wang")
    assert found.timeline[-1].at == found.ruling.at
    assert {"li", "wang"} <= {found.host_id, *found.parties}


def test_the_register_is_read_by_the_earliest_entry_and_by_the_phone(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    entered(hub, "wang", plates=(PLATE,), channel="walk_in")
    clock.pass_s(3600)
    entered(hub, "li", phone=PHONE, channel="phone")
    clock.pass_s(3600)
    answers(hub, arrival(PLATE, seen_at=clock()))
    check_in = replace(
        NATURAL, arrival_id="a-1", phone=PHONE, consented_at=clock(), checked_in_at=clock()
    )
    found = dispute(site, checked_in(hub, check_in))
    assert {reading.by: reading.consultant for reading in found.readings} == {
        "earliest": "王强",
        "phone": "李敏",
    }
    assert [(entry.consultant, entry.channel, entry.keys) for entry in found.entries] == [
        ("王强", "walk_in", ("plate",)),
        ("李敏", "phone", ("phone",)),
    ]
    assert found.is_open
    assert found.owner_id == "li", "a phone stands above a plate"


def test_an_entry_after_the_arrival_is_shown_and_does_not_count(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    answers(hub, arrival(PLATE))
    clock.pass_s(60)
    entered(hub, "wang", plates=(PLATE,))
    found = dispute(site, checked_in(hub, replace(NATURAL, arrival_id="a-1")))
    assert [(entry.consultant, Mark.LATE in entry.marks) for entry in found.entries] == [
        ("王强", True)
    ]
    assert [(reading.by, reading.consultant) for reading in found.readings] == [("phone", None)]


def test_a_look_up_by_name_that_showed_the_customer_is_part_of_the_evidence(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    entered(hub, "wang", phone=PHONE, surname="王")
    clock.pass_s(60)
    looked_up(hub, "li", name="王")
    clock.pass_s(60)
    check_in = replace(NATURAL, phone=PHONE, consented_at=clock(), checked_in_at=clock())
    lines = dispute(site, checked_in(hub, check_in)).timeline
    assert [line.text for line in lines if line.topic is Topic.LOOK_UP] == ["李敏查询了王。"]


def test_the_evidence_is_told_in_the_reader_s_language(site: HubSite, claimed: str) -> None:
    told = [line.text for line in dispute(site, claimed, "en").timeline]
    assert any("looked up" in text for text in told)
    told = [line.text for line in dispute(site, claimed, "zh-TW").timeline]
    assert any("查詢" in text for text in told)


def test_a_car_without_a_decision_has_no_evidence_page(hub: Hub, site: HubSite) -> None:
    answers(hub, arrival(PLATE))
    ((visit_id,),) = hub.inbox.db.execute("select visit_id from visits").fetchall()
    assert site.archive.dispute(visit_id, "zh-CN") is None
    assert site.archive.dispute("nobody", "zh-CN") is None


def found(site: HubSite, **search: object) -> list[str]:
    lines = site.archive.decisions(Search(**search), "zh-CN").lines  # type: ignore[arg-type]
    return [line.visit_id for line in lines]


def test_decisions_are_found_by_day_consultant_and_what_a_mask_shows(
    site: HubSite, claimed: str
) -> None:
    assert found(site) == [claimed]
    assert found(site, on=date(2026, 11, 23)) == [claimed]
    assert found(site, on=date(2026, 11, 22)) == []
    assert (found(site, staff_id="li"), found(site, staff_id="chen")) == ([claimed], [])
    for plate in ("45", "浙A1", "浙A·1**45", PLATE, "浙A19945"):
        assert found(site, plate=plate) == [claimed], "the middle is hidden and not compared"
    assert found(site, plate="234") == []
    (line,) = site.archive.decisions(Search(), "zh-CN").lines
    assert (line.is_disputed, line.is_ruled, line.host) == (True, False, "李敏")


def test_a_consultant_finds_the_disputes_in_which_they_are_a_party(
    hub: Hub, site: HubSite, claimed: str
) -> None:
    other = checked_in(hub, replace(NATURAL, check_in_id="c-2", seq=2, checked_in_at=hub.clock()))
    assert set(found(site)) == {claimed, other}
    assert found(site, only_disputed=True) == [claimed]
    for who, expected in (("li", [claimed]), ("wang", [claimed]), ("zhao", [])):
        assert found(site, party_id=who) == expected


def test_after_thirty_days_a_decision_stands(site: HubSite, claimed: str, clock: FakeClock) -> None:
    clock.pass_s(timedelta(days=31).total_seconds())
    assert found(site) == []
    assert dispute(site, claimed).can_be_ruled_on is False


def patterns(site: HubSite, first: int = 23, last: int = 23) -> Patterns:
    return site.archive.patterns(date(2026, 11, first), date(2026, 11, last))


def test_a_look_up_before_a_claim_shows_with_its_trail(site: HubSite, claimed: str) -> None:
    seen = patterns(site)
    people = {person.staff_id: person for person in seen.people}
    wang = people["wang"]
    assert (wang.looked_up, wang.claimed, wang.looked_then_claimed) == (1, 1, 1)
    (trail,) = seen.trails
    assert (trail.consultant, trail.looked_up_by, trail.visit_id) == ("王强", "王强", claimed)
    assert trail.looked_up_at < trail.then_at
    assert (people["li"].received, people["li"].natural) == (1, 1)


def test_a_look_up_before_an_entry_shows_with_its_trail(
    hub: Hub, site: HubSite, clock: FakeClock
) -> None:
    looked_up(hub, "wang", phone=PHONE)
    clock.pass_s(60)
    entered(hub, "wang", phone=PHONE)
    seen = patterns(site)
    assert seen.people[0].looked_then_entered == 1
    assert [(trail.consultant, trail.visit_id) for trail in seen.trails] == [("王强", None)]


def test_only_the_days_that_were_asked_for_count(
    hub: Hub, site: HubSite, claimed: str, clock: FakeClock
) -> None:
    assert patterns(site, 22, 22).people == ()
    clock.pass_s(timedelta(days=3).total_seconds())
    looked_up(hub, "li", phone=PHONE)
    assert [person.staff_id for person in patterns(site, 26, 26).people] == ["li"]
    assert {person.staff_id for person in patterns(site, 20, 26).people} == {"li", "wang"}


def test_what_somebody_tried_and_may_not_do_is_counted(
    hub: Hub, site: HubSite, claimed: str
) -> None:
    report(hub, ReportKind.RULING, "wang", visit_id=claimed, for_staff_id="wang", reason="mine")
    people = {person.staff_id: person for person in patterns(site).people}
    assert people["wang"].unauthorised == 1


def test_a_range_is_cut_to_a_month(site: HubSite) -> None:
    seen = site.archive.patterns(date(2020, 1, 1), date(2026, 11, 23))
    assert (seen.first, seen.last) == (date(2026, 10, 24), date(2026, 11, 23))


def test_a_share_is_unusual_against_the_colleagues_and_not_after_few_visits() -> None:
    wang = Conduct("wang", "王强", received=8, named=6)
    li = Conduct("li", "李敏", received=10, named=2)
    few = Conduct("zhao", "赵磊", received=2, named=2)
    everybody = (wang, li, few)
    assert [is_unusual(person, everybody, "named") for person in everybody] == [True, False, False]
