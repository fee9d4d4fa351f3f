"""Several sites, real head offices and a database that are killed, a network that harms batches."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest

from broker.head_office.backlog_places import (
    BACKLOGS_AT_ONCE,
    BACKLOGS_IN_LINE,
    BacklogPlaces,
    NoRoomError,
)
from broker.shipping.way_up import WayUp
from tests.bench.head_office.group_round import group_round
from tests.bench.head_office.offices import differing, join_all
from tests.bench.head_office.simulated_site import SimulatedSite, simulated_sites
from tests.broker.head_office.group import Group
from tests.postgres import Postgres
from tests.waiting import eventually

pytestmark = pytest.mark.slow

WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"


def test_no_kill_and_no_cut_loses_an_entry_of_any_site_or_stores_one_twice(
    group: Group, database: Postgres, tmp_path: Path
) -> None:
    with group_round(database, tmp_path, sites=8, instances=2, seed=1) as round_:
        crowd = round_.break_everything(4000, kills=2)
        assert crowd.problems == []
        assert sum(way.harmed for way in crowd.ways) > 5
        assert len(round_.come_back(0.5, 300, per_s=30, for_s=1)) > 5
        assert differing(group.database_url, round_.sites) == []


def test_a_simulated_site_counts_what_it_made_ahead_once() -> None:
    (site,) = simulated_sites(1, seed=1)
    site.owed = 250
    assert site.batch(after=1).from_seq == 101
    assert site.batch().from_seq == 1  # where neither arrived, it begins again
    assert (site.made, site.owed) == (200, 50)


def test_what_happens_now_is_stored_while_backlogs_fill_their_places(group: Group) -> None:
    *late, live = sites = simulated_sites(BACKLOGS_AT_ONCE + BACKLOGS_IN_LINE + 1, seed=2)
    join_all(group.database_url, sites)
    for site in sites:
        site.owed = 20 if site is live else 150
    with psycopg.connect(group.database_url) as other, ThreadPoolExecutor() as pool:
        names = [site.name for site in late]
        other.execute("select 1 from site where site = any (%s) for update", [names])
        waiting = [pool.submit(sent, group, site) for site in late]
        assert eventually(lambda: group.rows(WAITING) == [(BACKLOGS_AT_ONCE,)])
        assert sent(group, live) == 20
        other.rollback()
        assert [one.result() for one in waiting] == [100] * len(late)


def sent(group: Group, site: SimulatedSite) -> int:
    """How far the site is stored then."""
    with closing(WayUp(group.url, token=site.token)) as way:
        return way.send(site.name, site.batch()).stored_through


def test_a_backlog_that_finds_the_line_full_must_come_again() -> None:
    places = BacklogPlaces(at_once=1, in_line=0)
    for _ in range(2):
        with ExitStack() as taken:
            taken.enter_context(places.place(is_backlog=True))
            taken.enter_context(places.place(is_backlog=False))
            with pytest.raises(NoRoomError):
                taken.enter_context(places.place(is_backlog=True))
