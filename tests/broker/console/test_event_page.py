"""Event days by page: guests from a list as people paste it, and who came."""

import pytest

from broker.console.event_list import LineError, read_guests
from broker.console.event_view import Invited
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_events import FakeEvents
from tests.broker.console.fake_site import FakeSite

HOSTS = {"李敏": "li", "王强": "wang"}
GIVEN = {
    "name": "交付日",
    "on": "2026-11-24",
    "times": "10:30、09：00",
    "minutes": "45",
    "places": "2",
    "guests": "周女士，138 0000 0001，李敏\n\n13800000002\t浙A00005",
}


@pytest.fixture
def events(site: FakeSite) -> FakeEvents:
    return site.events


@pytest.mark.parametrize(
    ("line", "guest"),
    [
        ("周女士 13800000001", Invited("周女士", "13800000001", None)),
        ("13800000001,周女士,王强", Invited("周女士", "13800000001", None, "wang")),
        ("周女士\t+86 138-0000-0001\t浙a·00005", Invited("周女士", "13800000001", "浙A00005")),
        ("王强；浙A00005", Invited("王强", None, "浙A00005")),
        ("周女士、１３８００００００１１", Invited("周女士", "13800000011", None)),
        ("=cmd|13800000001", Invited("=cmd", "13800000001", None)),
        ("周女士 138 0000 0001，李敏", Invited("周女士", "13800000001", None, "li")),
        ("周女士 +852 9123 4567 李敏", Invited("周女士", "+85291234567", None, "li")),
        ("周女士 浙A 00005", Invited("周女士", None, "浙A00005")),
        ("John Smith 13800000001", Invited("John Smith", "13800000001", None)),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, guest: Invited) -> None:
    assert read_guests(f"\n{line}\n", HOSTS) == (guest,)


@pytest.mark.parametrize("odd", ["周女士", "周女士 1234567890123456789", "、、", "10:00"])
def test_a_line_that_names_nobody_is_told_by_its_number(odd: str) -> None:
    with pytest.raises(LineError) as told:
        read_guests(f"周女士 13800000001\n{odd}", HOSTS)
    assert told.value.line == 2


def test_a_list_is_sent_with_its_times_in_order(manager: Browser, events: FakeEvents) -> None:
    answer = manager.post("/events/new", **GIVEN)
    assert answer.status_code == 303
    (asked,) = events.asked
    assert [f"{at:%H:%M %z}" for at in asked.starts] == ["09:00 +0800", "10:30 +0800"]
    assert (asked.minutes, asked.places, asked.by) == (45, 2, "chen")
    assert [guest.host_id for guest in asked.guests] == ["li", None]


@pytest.mark.parametrize(
    "odd",
    [
        *({"on": "2026-11-22"}, {"on": ""}, {"on": "9999-99-99"}, {"times": ""}),
        *({"times": "25:00"}, {"times": "早上"}, {"times": "-1:30"}, {"places": "0"}),
        *({"places": "viele"}, {"minutes": "1"}, {"name": " "}, {"guests": ""}),
        {"guests": "周女士"},
    ],
)
def test_what_is_no_event_is_said_and_stays_typed(
    manager: Browser, events: FakeEvents, odd: dict[str, str]
) -> None:
    answer = manager.post("/events/new", **(GIVEN | odd))
    assert answer.status_code == 409
    assert 'data-testid="problem"' in answer.text
    assert events.asked == []


def test_too_many_guests_are_said(manager: Browser, events: FakeEvents) -> None:
    events.is_full = True
    answer = manager.post("/events/new", **GIVEN)
    assert answer.status_code == 409
    assert "还差 3 个" in answer.text
    assert "周女士" in answer.text


def test_the_report_says_who_came_and_who_did_not(manager: Browser, consultant: Browser) -> None:
    assert "邀请 3 · 到场 1 · 未到 1" in manager.get("/events").text
    page = manager.get("/events/2026-11-23?name=交付<日>").text
    assert "邀请 3 · 到场 1 · 未到 1 · 已取消 1" in page
    assert "周&lt;女士&gt;" in page
    assert page.count('data-testid="invitation"') == 1
    assert "1/20" in page
    assert manager.get("/events/2026-11-23?name=another").status_code == 404
    assert consultant.get("/events").status_code == 403
