"""A table of customers is read as people make it, and what cannot be taken is named."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from broker.importing.customer_rows import RowReader, Wrong
from broker.importing.table_file import rows_of
from broker.importing.table_heads import COLUMNS, head, template
from broker.local.questions import ListedCustomer
from broker.rules.policy import Policy
from tests.customer_tables import DAY, TITLES, csv_of
from tests.fakes import NINE
from tests.hub_fixtures import PEOPLE

CONSULTANTS = tuple(person for person in PEOPLE.staff if "consultant" in person.roles)
READER = RowReader(CONSULTANTS, Policy(), NINE)
GOOD = {"consultant": "王强", "phone": "13900000001"}


def excel_of(path: Path, *rows: list[str | float]) -> None:
    """An Excel file with one sheet; numbers are numbers there."""
    lines, whole = [], list[list[str | float]]([list(TITLES), *rows])
    for row in whole:
        cells = (
            f"<c><v>{cell!r}</v></c>"
            if isinstance(cell, float)
            else f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for cell in row
        )
        lines.append(f"<row>{''.join(cells)}</row>")
    space = "http://schemas.openxmlformats.org"
    sheet = (
        f'<worksheet xmlns="{space}/spreadsheetml/2006/main">'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )
    office = f"{space}/officeDocument/2006/relationships"
    book = (
        f'<workbook xmlns="{space}/spreadsheetml/2006/main" xmlns:r="{office}"><sheets>'
        '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    relations = (
        f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    root = (
        f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("_rels/.rels", root)
        packed.writestr("xl/workbook.xml", book)
        packed.writestr("xl/_rels/workbook.xml.rels", relations)
        packed.writestr("xl/worksheets/sheet1.xml", sheet)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_as_excel_in_china_saves_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "客户.csv"
    path.write_bytes(csv_of(["王强", DAY, "张", "13900000001", "浙A00001"]).encode(encoding))
    ((number, cells),) = rows_of(path)
    assert number == 2
    assert cells == {
        "consultant": "王强",
        "received_on": DAY,
        "name": "张",
        "phone": "13900000001",
        "plates": "浙A00001",
    }


def test_numbers_of_an_excel_file_are_the_numbers_that_were_typed(tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsx"
    first: list[str | float] = ["王强", "2026-11-10", "张", 13900000001.0, "浙A00001"]
    excel_of(path, first, ["李敏", "", "", "+852 9123 4567", ""])
    read = [READER.read("imp-1", number, cells) for number, cells in rows_of(path)]
    phones = [each.phone for each in read if isinstance(each, ListedCustomer)]
    assert phones == ["13900000001", "+85291234567"]


def test_an_excel_file_may_have_a_heading_over_all_columns_dates_and_formulas(
    tmp_path: Path,
) -> None:
    path = tmp_path / "客户.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range(0, 0, 0, 4, "西湖雅苑客户登记表")
        sheet.write(2, 0, "制表：前台")
        sheet.write_row(3, 0, TITLES)
        sheet.write_row(4, 0, ["王强", "", "张"])
        sheet.write_datetime(4, 1, date(2026, 11, 3), day)
        sheet.write_formula(4, 3, "=13900000000+1", value=13900000001)
        sheet.write_row(6, 0, ["李敏", 46329, "李", "13900000002"])
        sheet.write_row(7, 0, ["", "2026-11-03", "赵", 13900000003])
    read = {number: READER.read("imp-1", number, cells) for number, cells in rows_of(path)}
    first, no_day, nobody_s = read[5], read[7], read[8]
    assert isinstance(first, ListedCustomer)
    assert (first.phone, first.at.date().isoformat()) == ("13900000001", "2026-11-03")
    assert isinstance(no_day, Wrong)
    assert (no_day.row, no_day.why.key) == (7, "import.bad_day")
    assert isinstance(nobody_s, Wrong)
    assert (nobody_s.row, nobody_s.why.key) == (8, "import.consultant_none")


@pytest.mark.parametrize("language", ["zh-CN", "en", "zh-TW"])
def test_the_empty_form_is_understood_and_its_example_is_nobody(
    language: str, tmp_path: Path
) -> None:
    path = tmp_path / "form.csv"
    path.write_text(template(language), encoding="utf-8", newline="")
    ((number, cells),) = rows_of(path)
    assert set(cells) == set(COLUMNS)
    assert READER.read("imp-1", number, cells) is None
    assert head("phone", language)


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("phone", "1.38E+10", "import.by_excel"),
        ("phone", "1.38e10", "import.by_excel"),
        ("phone", "12345", None),
        ("consultant", "谁", "import.consultant_none"),
        ("consultant", "", "import.consultant_none"),
        ("received_on", "2026-13-40", "import.bad_day"),
        ("received_on", "昨天", "import.bad_day"),
        ("received_on", "2030-01-01", "import.day_not_past"),
        ("received", "也许", "import.yes_or_no"),
        ("plates", "浙A0000000000000000000", None),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_with_its_row(
    column: str, value: str, why: str | None
) -> None:
    read = READER.read("imp-1", 7, {**GOOD, column: value})
    assert isinstance(read, Wrong)
    assert (read.row, read.column, read.value) == (7, column, value)
    assert why is None or read.why.key == why
    assert read.why.in_language("zh-CN")


@pytest.mark.parametrize(
    "written", ["2026-11-03", "2026/11/3", "2026年11月3日", "2026.11.03 00:00"]
)
def test_a_day_is_understood_as_people_write_it(written: str) -> None:
    read = READER.read("imp-1", 2, {**GOOD, "received_on": written})
    assert isinstance(read, ListedCustomer)
    assert read.at == datetime(2026, 11, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
