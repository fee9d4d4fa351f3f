"""Nobody answers for ten minutes: what is open then, on every phone and on the console."""

from collections import Counter
from pathlib import Path

import pytest

from broker.alerts.life import AlertGroup
from broker.alerts.what_is_asked import CAR_WORDS
from broker.handlers.announce import NO_VISIT
from shared.messages import Alert
from tests.unanswered import CARS, UnansweredSite, nobody_answers


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> UnansweredSite:
    return nobody_answers(tmp_path_factory.mktemp("unanswered"))


def test_a_car_that_nobody_answers_tells_every_post_once(site: UnansweredSite) -> None:
    told = Counter(
        (alert.visit_id, alert.role)
        for alert in site.told
        if isinstance(alert, Alert)
        and alert.role
        and not alert.repeat
        and alert.title != "无人接待"
    )
    cars = {group.subject for group in open_groups(site) if group.about in CAR_WORDS}
    for visit_id in cars:
        assert told[visit_id, "manager"] == 1
        assert told[visit_id, "parking"] == 1
        assert told[visit_id, "door"] == 1


def open_groups(site: UnansweredSite) -> list[AlertGroup]:
    visits = {alert.visit_id for alert in site.told if isinstance(alert, Alert)}
    return [group for visit in visits for group in site.hub.alert_groups.open_of(visit)]


def test_the_console_has_one_card_a_visit(site: UnansweredSite, tmp_path: Path) -> None:
    cards = site.view(tmp_path).alerts
    visits = [card.visit_id for card in cards if card.visit_id != NO_VISIT]
    assert visits
    assert len(visits) == len(set(visits)) <= CARS


def test_a_car_s_alerts_are_over_at_its_check_in_and_after_ten_minutes(
    site: UnansweredSite,
) -> None:
    checked_in = {visit.visit_id for visit in site.hub.decider.state.in_house if visit.ownership}
    assert checked_in
    about = {group.about for group in open_groups(site) if group.subject in checked_in}
    assert not about & CAR_WORDS
    site.wait(600)
    assert {group.about for group in open_groups(site)} & CAR_WORDS == set()
