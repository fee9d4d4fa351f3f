"""A manager finds people, visits, customers and settings by a piece of what they remember."""

import pytest
from msgspec.structs import replace

from broker.handlers.table import handle
from tests.fakes import NINE
from tests.samples import NATURAL
from tests.settings_rig import Manager, SettingsRig


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("李", "person", "李敏"),
        ("limin", "person", "李敏"),
        ("8000", "customer", "138****8000"),
        ("13800138000", "customer", "138****8000"),
        ("保护", "place", "接待后保护（天）"),
        ("节假日", "place", "节假日"),
    ],
)
def test_a_piece_is_enough(manager: Manager, text: str, kind: str, shown: str) -> None:
    page = manager.get(f"/find?part=1&q={text}").text
    assert f'data-testid="found-{kind}"' in page
    assert shown in page
    assert "<html" not in page


def test_a_visit_of_today_is_found_by_its_plate_guest_and_host(
    rig: SettingsRig, manager: Manager
) -> None:
    told = replace(NATURAL, phone="13900000001", surname="司马", consented_at=NINE)
    handle(rig.hub, told)
    visit = rig.hub.visits.of_check_in(NATURAL.check_in_id)
    assert visit is not None
    host = rig.hub.people.names()[visit.host_id or ""]
    for text in ("司马", "0001", host):
        page = manager.get(f"/find?q={text}").text
        assert f"/dispute/{visit.visit_id}" in page, text
    rig.pass_s(86_400)
    assert "/dispute/" not in rig.manager().get("/find?q=司马").text


def test_numbers_and_plates_are_masked_and_odd_texts_find_nothing(manager: Manager) -> None:
    assert "13800138000" not in manager.get("/find?part=1&q=13800138000").text
    for text in ("", " ", "%", "_", '"', "'", "0", "x" * 500, "*", "\x00", "a OR b", "“”"):
        answer = manager.client.get("/find", query_string={"q": text, "part": "1"})
        assert answer.status_code == 200, text
        assert 'data-testid="found-customer"' not in answer.text, text
