"""Which entries name whom: noted as they are written, and made up for in an older file."""

import pytest

from broker.handlers.context import Hub
from broker.journal import mentions
from tests.erasing import PHONE, PLATE, a_whole_visit, somebody_else
from tests.fakes import FakeClock


def noted(hub: Hub) -> set[tuple[str, int]]:
    return {(row["name"], row["seq"]) for row in hub.inbox.db.query("select * from mentions")}


def test_an_older_file_s_journal_is_entered_as_if_it_had_been_written_today(
    hub: Hub, clock: FakeClock
) -> None:
    somebody_else(hub)
    a_whole_visit(hub, clock)
    before = noted(hub)
    hub.inbox.db.conn.execute("delete from mentions")
    mentions.fill(hub.inbox.db)
    assert noted(hub) == before
    assert {PHONE, PLATE} <= {name for name, _ in before}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"phone":"13900001111"}', "13900001111"),
        ('{"note":"请联系 13900001111。"}', "13900001111"),
        ('{"command":{"plates":["浙B99999"]}}', "浙B99999"),
        ('{"text":"读作 浙B99998，疑似客户车牌 浙B99999，请核对"}', "浙B99999"),
        ('{"text":"粤Z1234港 到访"}', "粤Z1234港"),
        ('{"events":[{"visit_id":"v-1"}]}', "v-1"),
    ],
)
def test_a_number_a_plate_or_a_visit_is_seen_wherever_it_stands(body: str, name: str) -> None:
    assert name in mentions.mentioned(body)


def test_a_plate_that_a_car_may_also_have_is_given_by_nobody() -> None:
    body = '{"plate":"浙B99998","candidates":["浙B99999"]}'
    assert mentions.given(body) == (set(), {"浙B99998"})


def test_no_plate_and_a_torn_one_are_nobody_s() -> None:
    assert mentions.given('[{"plate":"无牌"},{"plate":"浙B12"}]') == (set(), set())
