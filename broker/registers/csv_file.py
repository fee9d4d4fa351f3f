"""Writes a register as CSV that Excel opens: UTF-8 with BOM, and no cell is a formula."""

import csv
from collections.abc import Iterable
from pathlib import Path
from unicodedata import normalize

from broker.console.register_view import Cell, SheetHead

_BEGINS_A_FORMULA = frozenset("=+-@")
"""Also where they are full-width, as a Chinese keyboard types them."""
_UNSEEN = "\ufeff\u200b"
"""Characters besides blanks that a spreadsheet may skip before it looks for a formula."""


def write_csv(path: Path, head: SheetHead, rows: Iterable[tuple[Cell, ...]]) -> int:
    """Write the file; the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(harmless, head.heads))
        for row in rows:
            writer.writerow(map(harmless, row))
            count += 1
    return count


def harmless(cell: Cell) -> Cell:
    """``cell``, with an apostrophe before what a spreadsheet would take for a formula."""
    if not isinstance(cell, str):
        return cell
    begins = normalize("NFKC", cell.lstrip().lstrip(_UNSEEN).lstrip()[:1])
    return f"'{cell}" if begins in _BEGINS_A_FORMULA or cell[:1] in ("\t", "\r", "\n") else cell
