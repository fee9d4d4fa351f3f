"""The demo begins with the visitors of its last days, who checked in by themselves."""

from datetime import timedelta
from pathlib import Path

import pytest

from broker.handlers.context import Hub
from broker.handlers.table import let_time_pass
from broker.hub.demo_days import live_last_days
from broker.hub.opening import open_hub
from broker.journal.entries import FILE_NAME
from broker.journal.verify import problems
from broker.launch.demo import POLICY, site_toml
from broker.rules.policy import Policy
from broker.site_file import SitePeople, first_people
from shared.config import read_config
from tests.fakes import NINE, FakeClock
from tests.hub_answers import count, line
from tests.hub_fixtures import PEOPLE
from tests.register_rows import TODAY, rows

DAYS = 3
EVERY_DAY = {
    *("visits", "self_drive", "rotation", "calls", "diary", "wishes", "other_visitors"),
    *("feedback", "repairs", "cases", "look_ups"),
}
NINE_IN_THE_EVENING = NINE + timedelta(hours=12)


def demo_people(folder: Path) -> SitePeople:
    (folder / "site.toml").write_text(site_toml(NINE), encoding="utf-8")
    return first_people(folder / "site.toml")[0]


def demo_policy(folder: Path) -> Policy:
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    return read_config(Policy, folder / "policy.toml")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """The demo's hub at its first start, in the evening."""
    folder, clock = tmp_path_factory.mktemp("demo"), FakeClock(NINE_IN_THE_EVENING)
    people, policy = demo_people(folder), demo_policy(folder)
    live_last_days(folder, people, policy, clock)
    opened = open_hub(folder, people, policy, clock)
    let_time_pass(opened)
    return opened


def test_every_visitor_of_the_last_days_has_rows_in_the_registers(hub: Hub) -> None:
    for name in EVERY_DAY:
        on_days = [
            len(rows(hub, name, first=day, last=day))
            for day in (TODAY - timedelta(days=ago) for ago in (3, 1, 0))
        ]
        assert all(on_days), f"{name}: {on_days}"
    assert len(rows(hub, "visits", first=TODAY - timedelta(days=DAYS), last=TODAY)) == 9


def test_customers_of_three_days_ago_are_to_be_called_today(hub: Hub) -> None:
    due = rows(hub, "follow_ups", first=TODAY - timedelta(days=DAYS), last=TODAY)
    texts = [" ".join(map(str, row.cells)) for row in due]
    assert len([text for text in texts if TODAY.isoformat() in text]) >= 3, texts


def test_the_line_stands_as_on_the_first_morning_and_nobody_is_called(hub: Hub) -> None:
    assert line(hub) == ("li", "wang", "zhao")
    assert hub.decider.state.in_house == ()
    assert count(hub, "visits") == 9


def test_the_journal_of_these_days_is_whole(tmp_path: Path) -> None:
    live_last_days(tmp_path, demo_people(tmp_path), Policy(), FakeClock(NINE))
    assert list(problems(tmp_path / FILE_NAME)) == []


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    people, clock = demo_people(tmp_path), FakeClock(NINE)
    open_hub(tmp_path, people, Policy(), clock).inbox.db.conn.close()
    live_last_days(tmp_path, people, Policy(), clock)
    assert count(open_hub(tmp_path, people, Policy(), clock), "visits") == 0


def test_other_people_than_the_demo_s_get_no_invented_visitors(tmp_path: Path) -> None:
    live_last_days(tmp_path, PEOPLE, Policy(), FakeClock(NINE))
    assert list(tmp_path.iterdir()) == []
