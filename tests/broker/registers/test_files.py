"""A register's files: page, CSV and Excel hold the same cells, and none of them is a formula."""

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.console.register_view import SheetHead
from broker.handlers.context import Hub
from broker.registers.all_registers import REGISTERS
from broker.registers.csv_file import write_csv
from broker.registers.sheets import sheet_head
from broker.registers.xlsx_file import write_xlsx
from shared.spreadsheet import harmless
from tests.register_rows import hub, rows, writer

__all__ = ["hub"]


def test_page_and_file_hold_the_same_rows_cell_by_cell(hub: Hub, tmp_path: Path) -> None:
    for name, register in REGISTERS.items():
        head, shown = sheet_head(register, writer(hub)), rows(hub, name)
        write_csv(tmp_path / "a.csv", head, (row.cells for row in shown))
        write_xlsx(tmp_path / "a.xlsx", head, (row.cells for row in shown))
        wanted = [list(map(str, head.heads)), *[list(map(str, row.cells)) for row in shown]]
        assert read_xlsx(tmp_path / "a.xlsx") == wanted, name
        assert read_csv(tmp_path / "a.csv") == [
            [str(harmless(cell)) for cell in line] for line in wanted
        ], name


def read_csv(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel takes it for GBK otherwise"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def read_xlsx(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {
        "s",
        "n",
        "inlineStr",
    }
    return [
        ["" if cell.value is None else str(cell.value) for cell in line]
        for line in sheet.iter_rows()
    ]


HEAD = SheetHead("x", "表", ("一", "二"), (10, 10))
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n=+-@,;\"'"),
    max_size=12,
) | st.sampled_from(("<r>&</r>", "<r><t>x</t></r>", "&amp;", " x ", "]]>"))


@settings(max_examples=25)
@given(st.lists(st.tuples(TEXTS.map(lambda text: text or "x"), TEXTS), max_size=4))
def test_no_text_becomes_a_formula_or_changes_in_a_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("texts") / "a.csv"
    write_csv(path, HEAD, lines)
    found = read_csv(path)[1:]
    assert [tuple(line) for line in found] == [tuple(map(harmless, line)) for line in lines]
    for line in found:
        for cell in line:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
            assert not cell.startswith(("\t", "\r", "\n"))
    write_xlsx(path.with_suffix(".xlsx"), HEAD, lines)
    kept = read_xlsx(path.with_suffix(".xlsx"))[1:]
    assert [tuple(line) for line in kept] == lines
