"""Writes a register for Excel: typed text cells, a frozen head, filters, widths."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellStringTuple, Worksheet

from broker.console.register_view import Cell, SheetHead

MOST_ROWS = 1_048_576
"""Of a sheet, its head included; more rows go on in another sheet."""
LONGEST_CELL = 32_767
LONGEST_NAME = 31
_OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
_column = cache(xl_col_to_name)


class _TextSheet(Worksheet):
    """A sheet nearly all of whose cells are plain text: a year's million take half the time.

    The library takes a text that begins and ends like its own mark-up for such, and the file cannot
    be opened then; here it is text like any other.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if not isinstance(cell, CellStringTuple):
            super()._write_cell(row, col, cell)
            return
        text, style = cell.string, cell.format._get_xf_index()
        if not text.isprintable() or "_x" in text:
            text = self._escape_control_characters(text)
        self.fh.write(
            f'<c r="{_column(col)}{row + 1}" s="{style}" t="inlineStr">'
            f'<is><t xml:space="preserve">{escape(text)}</t></is></c>'
        )


def write_xlsx(path: Path, head: SheetHead, rows: Iterable[tuple[Cell, ...]]) -> int:
    """Write the file; the number of rows. What it keeps meanwhile lies in the same folder."""
    count = 0
    with xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": str(path.parent)}) as book:
        text = book.add_format({"num_format": "@", "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1, "text_wrap": True})
        sheet, at = _sheet(book, head, bold, text, 1), 1
        for row in rows:
            if at == MOST_ROWS:
                _end(sheet, head, at)
                sheet, at = _sheet(book, head, bold, text, count // (MOST_ROWS - 1) + 1), 1
            _write(sheet, at, row, text)
            at, count = at + 1, count + 1
        _end(sheet, head, at)
    return count


def _sheet(
    book: xlsxwriter.Workbook, head: SheetHead, bold: Format, text: Format, number: int
) -> Worksheet:
    name = head.title[: LONGEST_NAME - 4] + (f" {number}" if number > 1 else "")
    sheet = book.add_worksheet(name, _TextSheet)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{head.title.replace('&', '&&')}")
    sheet.set_footer("&R&P / &N")
    for column, width in enumerate(head.widths):
        sheet.set_column(column, column, width + 2, text)
    _write(sheet, 0, head.heads, bold)
    return sheet


def _write(sheet: Worksheet, at: int, row: tuple[Cell, ...], text: Format) -> None:
    for column, cell in enumerate(row):
        if cell == "":
            continue  # a cell that is not there is empty too, and a year has a million of them
        if isinstance(cell, str):
            sheet.write_string(at, column, cell[:LONGEST_CELL], text)
        else:
            sheet.write_number(at, column, cell)


def _end(sheet: Worksheet, head: SheetHead, rows: int) -> None:
    sheet.autofilter(0, 0, rows - 1, len(head.heads) - 1)
