"""The registers' pages over a real file: turned over without a gap, and each reading noted."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from broker.console.people_view import Person
from broker.console.register_view import RowsWanted, SheetAsked, ShownRow
from broker.console.report_view import Bar
from broker.handlers.context import Hub
from broker.queries.archive import HubArchive
from broker.registers import sheet_pages
from shared.messages import Correction, Registration, ReportKind
from tests.broker.console.own_page import HubAtHand
from tests.busy_day import OWNED_PHONE, live_through, report
from tests.fakes import FakeClock
from tests.hub_answers import answers
from tests.hub_site import site_of
from tests.register_rows import cells
from tests.samples import arrival

TODAY = date(2026, 11, 23)
LI = Person("li", "李敏", ("consultant",), "1111")
CHEN = Person("chen", "陈经理", ("manager",), "6666")
WU = Person("wu", "小吴", ("parking",), "3333")


@pytest.fixture
def archive(hub: Hub, clock: FakeClock, tmp_path: Path) -> HubArchive:
    live_through(hub, clock)
    return site_of(hub, tmp_path, HubAtHand(hub)).archive


def asked(name: str, **more: object) -> SheetAsked:
    return SheetAsked(name, TODAY, TODAY, **more)  # type: ignore[arg-type]


def turned_over(archive: HubArchive, name: str, person: Person) -> list[ShownRow]:
    """All rows, page by page."""
    found: list[ShownRow] = []
    page = archive.register(asked(name), person, "zh-CN")
    while page is not None:
        found += page.rows
        if page.next is None:
            break
        page = archive.register(asked(name, begins=page.next), person, "zh-CN")
    return found


def printed(archive: HubArchive, name: str, person: Person) -> list[ShownRow]:
    found = archive.register_rows(asked(name), person, "zh-CN")
    assert found
    return list(found[1])


def correct(hub: Hub, arrival_id: str, plate: str) -> None:
    """The guard says what the plate really is."""
    said = Correction(
        correction_id=f"k-{arrival_id}",
        gate_id="north",
        arrival_id=arrival_id,
        plate=plate,
        corrected_by="north",
        corrected_at=hub.clock(),
    )
    answers(hub, said)


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_and_paper_have_the_same_rows_however_long_a_page_is(
    archive: HubArchive, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sheet_pages, "ROWS_A_PAGE", size)
    for name in ("visits", "rotation"):
        shown = turned_over(archive, name, CHEN)
        assert len(shown) >= 3
        assert shown == printed(archive, name, CHEN)


def test_a_post_is_offered_its_registers_and_refused_the_others(archive: HubArchive) -> None:
    offered = [register.name for register in archive.registers(WU, "zh-CN")]
    assert offered == ["self_drive"]
    assert archive.register(asked("visits"), WU, "zh-CN") is None
    assert archive.register_rows(asked("visits"), WU, "zh-CN") is None
    assert archive.register(asked("no_such"), CHEN, "zh-CN") is None
    assert archive.register_file(asked("visits"), WU, "zh-CN") is None


def test_a_file_has_the_rows_of_the_page_for_its_reader(archive: HubArchive) -> None:
    for person in (CHEN, LI):
        file = archive.register_file(asked("visits"), person, "zh-CN")
        assert file
        head, *rows = openpyxl.load_workbook(BytesIO(file)).worksheets[0].values
        shown = [row.cells for row in printed(archive, "visits", person)]
        assert [tuple("" if cell is None else cell for cell in row) for row in rows] == shown
        assert head[:3] == ("日期", "到访时间", "客户")


def test_reading_the_public_register_is_a_look_up(hub: Hub, archive: HubArchive) -> None:
    page = archive.register(asked("visits", wanted=RowsWanted(text="张女士")), LI, "zh-CN")
    assert page is not None
    assert [row.cells[2] for row in page.rows] == ["张女士"]
    noted = cells(hub, "look_ups")[-1]
    assert (noted["who"], noted["what"], noted["looked_for"]) == (
        *("李敏", "查看登记"),
        "来访登记本",
    )
    entry = Registration(
        registration_id="r-9", staff_id="li", registered_at=hub.clock(), phone=OWNED_PHONE
    )
    shown = hub.inbox.db.execute("select registration_id from looked_up_registrations").fetchall()
    assert len(shown) == 1
    answers(hub, entry)  # 王强's customer: refused, whatever they looked at


def test_the_reports_of_a_day_and_of_the_week_agree(archive: HubArchive) -> None:
    day = archive.day_report(TODAY, "zh-CN")
    week = archive.week_report(date(2026, 11, 17), TODAY, "zh-CN")
    assert [row.total for row in week.rows] == list(day.numbers)
    assert all(sum(row.days) == row.total.value for row in week.rows)
    assert not day.is_over
    visits = next(number.value for number in day.numbers if number.title == "到访客户")
    assert sum(bar.value for bar in day.charts[0].bars) == visits
    assert {person.name for person in day.people} >= {"李敏", "王强"}
    assert any(post.role == "parking" for post in day.posts)


def test_the_month_s_report_is_by_channel_and_says_what_was_misread_and_who_rang(
    hub: Hub, archive: HubArchive
) -> None:
    answers(hub, arrival("浙A0B001", 77))
    correct(hub, "a-77", "浙A08001")
    (visit_id, *_) = hub.decider.state.visits
    report(hub, ReportKind.WISHES, "wang", visit_id=visit_id, source="friend")
    for _ in range(2):
        report(hub, ReportKind.FORCED_ENTRY, "lin", post="gate")
    month = archive.month_report(date(2026, 11, 1), date(2026, 11, 30), "zh-CN")
    week = archive.week_report(date(2026, 11, 17), TODAY, "zh-CN")
    assert month.numbers == tuple(row.total for row in week.rows), "nothing happened before"
    value = {number.kind or number.register: number.value for number in month.numbers}
    assert sum(row.visits for row in month.channels) == value["visits"]
    assert sum(row.received for row in month.channels) == value["diary"]
    assert sum(row.new for row in month.channels) == value["new"]
    assert all(row.visits == value[row.kind] for row in month.channels if row.kind != "open")
    assert sum(bar.value for bar in month.charts[0].bars) == value["visits"]
    assert (month.reader.corrected, month.reader.confused) == (
        1,
        (Bar("B→8", 1, "self_drive", "misread_B→8"),),
    )
    assert month.reader.cars == value["self_drive"] > 1
    assert [(row.name, row.roles, row.count) for row in month.alarms] == [("小林", ("door",), 2)]
    assert [bar.value for bar in month.charts[1].bars] == [1], "how a visitor heard of the house"
