"""Spouse, parents and children are one party: linked once, whose customer one is, all are (F27)."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.journal.entries import entries
from broker.journal.replay import play
from broker.rules.facts import Keys
from broker.rules.policy import Policy
from shared.messages import Answer3, CheckIn, ReportKind, StaffReport
from tests.fakes import FakeClock
from tests.hub_answers import answers
from tests.hub_fixtures import PEOPLE
from tests.samples import NATURAL

WIFE, HUSBAND = "13800138000", "13900000001"
"""张女士, whom 王强 owns; and her husband, who was never here."""


def check_in(name: str, phone: str, **said: object) -> CheckIn:
    return replace(
        NATURAL, check_in_id=name, phone=phone, consented_at=NATURAL.checked_in_at, **said
    )


def decided(hub: Hub, asked: CheckIn) -> tuple[str | None, str | None, str]:
    answers(hub, asked)
    visit = hub.visits.of_check_in(asked.check_in_id)
    assert visit is not None
    return visit.owner_id, visit.rule, visit.flags


def links(hub: Hub, visit_id: str, staff_id: str) -> None:
    moment = hub.clock()
    report = StaffReport(
        report_id=f"f-{staff_id}",
        staff_id=staff_id,
        kind=ReportKind.FAMILY,
        reported_at=moment,
        visit_id=visit_id,
        phone=WIFE,
    )
    answers(hub, report)


def test_who_names_the_phone_of_the_family_goes_to_the_family_s_owner(hub: Hub) -> None:
    said = check_in("c-1", HUSBAND, family_visited=Answer3.YES, family_phone=WIFE)
    assert decided(hub, said) == ("wang", "R6", "returning family")


def test_the_link_is_kept_for_the_next_visit(hub: Hub, clock: FakeClock) -> None:
    decided(hub, check_in("c-1", HUSBAND, family_visited=Answer3.YES, family_phone=WIFE))
    clock.pass_s(timedelta(days=1).total_seconds())
    later = replace(check_in("c-2", HUSBAND), checked_in_at=clock(), consented_at=clock())
    assert decided(hub, later) == ("wang", "R6", "returning family")


@pytest.mark.parametrize(("staff_id", "is_linked"), [("chen", True), ("li", True), ("wu", False)])
def test_host_and_manager_link_and_nobody_else(
    hub: Hub, clock: FakeClock, staff_id: str, is_linked: bool
) -> None:
    answers(hub, check_in("c-1", HUSBAND))
    visit = hub.visits.of_check_in("c-1")
    assert visit is not None
    assert visit.host_id == "li"
    links(hub, visit.visit_id, staff_id)
    clock.pass_s(timedelta(days=1).total_seconds())
    later = replace(check_in("c-2", HUSBAND), checked_in_at=clock(), consented_at=clock())
    assert (decided(hub, later)[2] == "returning family") is is_linked


def test_a_site_may_count_each_of_them_alone(tmp_path: Path, clock: FakeClock) -> None:
    hub = open_hub(tmp_path, PEOPLE, Policy(is_family_one_party=False), clock)
    said = check_in("c-1", HUSBAND, family_visited=Answer3.YES, family_phone=WIFE)
    assert decided(hub, said)[1] == "R11"


def test_one_s_own_registration_stands_above_the_family_s(hub: Hub, clock: FakeClock) -> None:
    moment = clock() - timedelta(days=3)
    with hub.decider.atomic():
        (hers,) = hub.register.find(Keys(phone=WIFE))
        hub.register.add(
            replace(
                hers,
                registration_id="his",
                consultant_id="li",
                phone=HUSBAND,
                plates=(),
                registered_at=moment,
                received_at=moment,
            )
        )
    said = check_in("c-1", HUSBAND, family_visited=Answer3.YES, family_phone=WIFE)
    assert decided(hub, said) == ("li", "R6", "returning")


def test_a_replay_decides_the_same(hub: Hub) -> None:
    decided(hub, check_in("c-1", HUSBAND, family_visited=Answer3.YES, family_phone=WIFE))
    played = play(entries(hub.inbox.db.conn))
    assert played.difference is None
    assert played.decisions == 1
