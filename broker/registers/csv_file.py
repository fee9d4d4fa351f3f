"""Writes a register as CSV that Excel opens: UTF-8 with BOM, and no cell is a formula."""

import csv
from collections.abc import Iterable
from pathlib import Path

from broker.console.register_view import Cell, SheetHead
from shared.spreadsheet import harmless


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
