"""Which entries name whom: noted when written; for an older file, noted when it is opened."""

import msgspec
import pytest

from broker.handlers.context import Hub
from broker.journal import mentions
from broker.journal.hiding import ERASED
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


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"visit_id": "v-1", "shown": [], "plate": None}, {"v-1"}),
        ({"shown": ["r-1", "r-2"], "registration_id": "r-3"}, {"r-1", "r-2", "r-3"}),
        ({"visit_id": 'v"1', "note": 'no "visit_id":"v-2" here'}, {'v"1'}),
        ({"note": '","visit_id":"v-2', "check_in_id": "c\\"}, {"c\\"}),
        ({'a"visit_id': "v-2", "\\visit_id": "v-3"}, set()),
        ({"guest": {"arrival_id": "a-1", "more": [{"visit_id": "v-1"}]}}, {"a-1", "v-1"}),
        ({"visit_id": "", "plates": None, "kind": "visit_id"}, set()),
    ],
)
def test_ids_are_read_from_their_fields_whatever_a_text_beside_them_says(
    said: dict[str, object], named: set[str]
) -> None:
    assert mentions.mentioned(msgspec.json.encode(said).decode()) == named


def test_a_plate_that_a_car_may_also_have_is_given_by_nobody() -> None:
    body = '{"plate":"浙B99998","candidates":["浙B99999"]}'
    assert mentions.given(body) == (set(), {"浙B99998"})


def test_no_plate_and_a_torn_one_are_nobody_s() -> None:
    assert mentions.given('[{"plate":"无牌"},{"plate":"浙B12"}]') == (set(), set())


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("浙B99999", True),
        ("浙B9999", False),
        ("浙AD12345", True),
        ("AB99999", False),
        ("13900001111", False),
    ],
)
def test_a_whole_plate_is_given_and_a_shorter_or_foreign_text_is_none(
    value: str, kept: bool
) -> None:
    assert (mentions.given(f'{{"plate":"{value}"}}')[1] == {value}) is kept


@pytest.mark.parametrize("digits", ["1390000111", "139000011112", "23900001111", "12900001111"])
def test_what_is_no_mobile_number_is_nobody_s(digits: str) -> None:
    assert digits not in mentions.mentioned(f'{{"note":"{digits}"}}')
    assert mentions.given(f'{{"phone":"{digits}"}}') == (set(), set())


def test_what_the_erasing_put_in_a_plate_s_place_is_no_plate() -> None:
    assert mentions.given(f'{{"plate":"{ERASED}0123456789ab"}}') == (set(), set())


def test_only_the_entries_that_name_somebody_are_found_and_in_order(hub: Hub) -> None:
    for seq, body in ((7, '{"phone":"13900001111"}'), (3, '{"plate":"浙B99999"}'), (5, '{"a":1}')):
        mentions.note(hub.inbox.db, seq, mentions.mentioned(body))
    names = ["13900001111", "浙B99999"]
    assert mentions.entries_that_mention(hub.inbox.db, names) == [3, 7]
    mentions.forget(hub.inbox.db, 7, names)
    assert mentions.entries_that_mention(hub.inbox.db, names) == [3]
