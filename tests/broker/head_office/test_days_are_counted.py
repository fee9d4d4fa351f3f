"""What a day came to is counted as entries come, and counts the same when it is counted anew."""

from typing import Any

import psycopg
import pytest

from broker.head_office.day_counts import day_counts
from broker.head_office.journal_store import JournalStore
from broker.journal.public_chain import PublicEntry
from tests.broker.backup.office import Office, cars
from tests.broker.head_office.group import Group, ship_all

DAYS = "select day::text, what, count from site_day where count > 0 order by day, what"


def step(seq: int, at: str, public: str) -> PublicEntry:
    return PublicEntry(seq, "", "", 1, at, "step", "v1", public, "")


def test_events_count_on_the_day_at_the_site() -> None:
    told = '{"events": [{"type": "arrived"}, {"type": "checked_in"}, {"type": "other"}]}'
    late, early = "2026-11-23T15:59:59+00:00", "2026-11-23T16:00:00+00:00"
    assert day_counts([step(1, late, told), step(2, early, told)]) == {
        ("2026-11-23", "arrivals"): 1,
        ("2026-11-23", "check_ins"): 1,
        ("2026-11-24", "arrivals"): 1,
        ("2026-11-24", "check_ins"): 1,
    }


@pytest.mark.parametrize("public", ["", "[]", '{"events": 3}', "{", '{"events": [{"type": 1}]}'])
@pytest.mark.parametrize("at", ["", "2026", "2026-11-23T01:00:00", "9999-12-31T23:00:00+00:00"])
def test_what_another_release_wrote_counts_nowhere(public: str, at: str) -> None:
    assert not day_counts([step(1, at, public), step(2, "2026-11-23T01:00:00+00:00", public)])
    assert not day_counts([step(1, at, '{"events": [{"type": "arrived"}]}')])


@pytest.mark.slow
def test_a_restore_takes_back_what_no_longer_stands_and_counting_anew_changes_nothing(
    group: Group, office: Office
) -> None:
    member, backup = group.join(office), office.backup()
    with office.at_work() as hub:
        cars(hub, range(50, 90))
    ship_all(office, member)
    assert counted(group) == {"arrivals": 80}
    assert office.run("restore", str(backup)) == 0
    with office.at_work() as hub:
        cars(hub, range(100, 105))
    ship_all(office, member)
    assert counted(group) == {"arrivals": 45}
    before = group.rows(DAYS)
    with psycopg.connect(group.database_url, autocommit=True) as connection:
        connection.execute("update site_day set count = count + 1")
        JournalStore(connection).recount(member.site)
    assert group.rows(DAYS) == before


def counted(group: Group) -> dict[str, int]:
    rows: list[Any] = group.rows("select what, sum(count)::int from site_day group by what")
    return {what: count for what, count in rows if count}
