"""Reads the rows of a table: CSV in UTF-8, UTF-16 or GBK, or the first sheet of an Excel file."""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from broker.importing.table_heads import CUSTOMERS_FORM, TableForm, columns_of, head
from shared.errors import OperatorError
from shared.words import DEFAULT_LANGUAGE

EXCEL = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
MOST_ROWS = 200_000
MOST_BYTES = 64 << 20
LONGEST_CELL = 1_000
TITLES_WITHIN = 10
"""Above the titles may stand what the table is called, who made it and when."""
Cells = dict[str, str]
"""The texts of a row, by column."""


def rows_of(path: Path, form: TableForm = CUSTOMERS_FORM) -> tuple[tuple[int, Cells], ...]:
    """Each row that is not empty, with its number in the file.

    Raises:
        OperatorError: the file cannot be read, or lacks a column that is needed.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise OperatorError("error.import_size", path=path, most=MOST_BYTES >> 20)
        raw = path.read_bytes()
    except OSError as error:
        raise OperatorError("error.import_file", path=path, problem=error.strerror) from error
    lines = _of_excel(raw, path) if path.suffix.lower() in EXCEL else _of_csv(raw, path)
    numbered = enumerate(lines, start=1)
    begun = islice((line for _, line in numbered if any(line)), TITLES_WITHIN)
    found_titles = (columns_of(line, form) for line in begun)
    where = next((where for where in found_titles if _suffices(where, form)), None)
    if where is None:
        wanted = ", ".join(head(column, DEFAULT_LANGUAGE) for column in form.columns)
        raise OperatorError("error.import_columns", path=path, columns=wanted)
    found = tuple(
        (number, {column: line[place] for place, column in where.items() if place < len(line)})
        for number, line in numbered
        if any(line)
    )
    if len(found) > MOST_ROWS:
        raise OperatorError("error.import_rows", path=path, count=len(found), most=MOST_ROWS)
    return found


def _suffices(where: dict[int, str], form: TableForm) -> bool:
    """Whether these are the titles: all that are needed, and one that says who is meant."""
    there = {*where.values()}
    return there >= {*form.needed} and bool(there & {*form.keys})


def _of_excel(raw: bytes, path: Path) -> Iterator[list[str]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        rows: Iterable[Sequence[object]] = book.get_sheet_by_index(0).to_python(
            skip_empty_area=False
        )
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise OperatorError("error.import_excel", path=path) from error
    for row in rows:
        yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    """A cell as somebody would have typed it; a number without the point that Excel gives it."""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()[:LONGEST_CELL]


def _of_csv(raw: bytes, path: Path) -> Iterator[list[str]]:
    text = _decoded(raw, path)
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=between):
            yield [cell.strip()[:LONGEST_CELL] for cell in row]
    except csv.Error as error:
        raise OperatorError("error.import_file", path=path, problem=error) from error


def _decoded(raw: bytes, path: Path) -> str:
    is_wide = raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OperatorError("error.import_encoding", path=path)
