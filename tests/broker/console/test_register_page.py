"""The registers' pages: chosen, searched, turned over, printed; test_routes says who gets in."""

from datetime import date

import pytest

from broker.console.register_view import PagePlace, RowsWanted
from tests.broker.console.conftest import Browser
from tests.broker.console.fake_archive import FakeArchive
from tests.broker.console.fake_site import FakeSite

TODAY = date(2026, 11, 23)


@pytest.fixture
def archive(site: FakeSite) -> FakeArchive:
    return site.archive


def test_the_console_and_the_phone_lead_to_the_registers(
    manager: Browser, consultant: Browser
) -> None:
    assert 'href="/registers"' in manager.get("/").text
    assert 'href="/registers"' in consultant.get("/handheld").text
    assert 'href="/registers/visits"' in consultant.get("/registers").text


def test_a_register_is_today_s_unless_other_days_are_asked_for(
    manager: Browser, archive: FakeArchive
) -> None:
    manager.get("/registers/visits")
    manager.get("/registers/visits?from=2026-11-01&to=2026-11-20&q=%20赵&who=li&only=natural")
    manager.get("/registers/visits?from=2026-11-20&to=2026-11-01")
    manager.get("/registers/visits?from=nonsense&to=1492-01-01&at=2026-11-23&skip=-4")
    days = [(asked.first, asked.last) for asked in archive.asked]
    assert days[0] == (TODAY, TODAY)
    assert days[1] == (date(2026, 11, 1), date(2026, 11, 20))
    assert days[2] == (date(2026, 11, 1), date(2026, 11, 1))
    assert days[3] == (TODAY, TODAY)
    assert archive.asked[1].wanted == RowsWanted("赵", "li", "natural")
    assert archive.asked[3].begins == PagePlace(TODAY, 0)


def test_all_rows_that_are_asked_for_come_as_a_file_named_for_its_days(
    manager: Browser, archive: FakeArchive
) -> None:
    page = manager.get("/registers/visits?from=2026-11-01&q=赵").text
    assert "/registers/visits/file?from=2026-11-01" in page
    with manager.get("/registers/visits/file?from=2026-11-01&to=2026-11-20&q=赵") as answer:
        assert answer.data == b"rows"
        name = answer.headers["Content-Disposition"]
    assert name == "attachment; filename=visits_2026-11-01_2026-11-20.xlsx"
    assert archive.asked[-1].wanted.text == "赵"


def test_more_than_a_year_is_cut_to_a_year(manager: Browser, archive: FakeArchive) -> None:
    manager.get("/registers/visits?from=2001-01-01&to=2026-11-23")
    (asked,) = archive.asked
    assert (asked.last - asked.first).days == 365


def test_the_page_shows_the_rows_and_leads_on_with_the_same_search(manager: Browser) -> None:
    page = manager.get("/registers/visits?q=赵&only=natural").text
    assert "139****0001" in page
    assert "&lt;赵女士&gt;" in page
    assert "<赵女士>" not in page
    assert "at=2026-11-23" in page
    assert "skip=50" in page
    assert "only=natural" in page
    assert 'href="/dispute/v2"' in page


def test_only_the_manager_is_led_to_the_evidence(consultant: Browser) -> None:
    assert "/dispute/v2" not in consultant.get("/registers/visits").text


def test_the_paper_has_all_rows_its_head_in_the_table_and_a_place_to_sign(
    manager: Browser,
) -> None:
    paper = manager.get("/registers/visits/print").text
    assert paper.count("139****0001") == 3
    head = paper[paper.index("<thead>") : paper.index("</thead>")]
    assert "来访登记本" in head
    assert "2026-11-23" in head
    assert "登记人" in paper
    assert "陈静 打印于 2026-11-23 09:00" in paper


def test_a_register_that_is_not_theirs_or_not_there_is_refused(
    manager: Browser, consultant: Browser
) -> None:
    assert manager.get("/registers/no_such").status_code == 403
    assert consultant.get("/registers/look_ups").status_code == 403


def test_each_number_of_the_day_s_report_opens_the_rows_behind_it(manager: Browser) -> None:
    page = manager.get("/reports/day?on=2026-11-20").text
    for address in (
        "/registers/visits?from=2026-11-20&amp;to=2026-11-20",
        "/registers/visits?only=natural&amp;from=2026-11-20&amp;to=2026-11-20",
    ):
        assert address in page
    for words in ("李敏", "水吧", "已送达", "后来的裁决", "2026-11-29 裁决归属王强", "09:15"):
        assert words in page
    assert "今天还没有结束" in page


def test_the_week_s_report_has_the_days_and_their_sum(
    manager: Browser, archive: FakeArchive
) -> None:
    page = manager.get("/reports/week?to=2026-11-23").text
    assert archive.ranges == [(date(2026, 11, 17), TODAY)]
    assert "/reports/day?on=2026-11-17" in page
    assert "合计" in page
    manager.get("/reports/week?from=2020-01-01&to=2026-11-23")
    assert archive.ranges[1] == (date(2026, 10, 24), TODAY)


def test_the_month_s_report_opens_the_rows_behind_its_numbers(
    manager: Browser, archive: FakeArchive
) -> None:
    page = manager.get("/reports/month?month=2026-02").text
    assert archive.ranges == [(date(2026, 2, 1), date(2026, 2, 28))]
    assert "/registers/visits?only=natural&amp;from=2026-02-01&amp;to=2026-02-28" in page
    assert "/reports/month?month=2026-01" in page
    for words in ("7.5%", "8→B", "门岗", "老周", "尚未判客"):
        assert words in page
    manager.get("/reports/month?month=nonsense")
    assert archive.ranges[1] == (date(2026, 11, 1), date(2026, 11, 30))
