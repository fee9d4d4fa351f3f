"""Writes every register of a year of 100,000 visits: how long, and how much memory.

python -m tests.bench registers [DAYS [REGISTER …]]
"""

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from broker.console.register_view import RowsWanted
from broker.journal.entries import FILE_NAME, open_read_only
from broker.registers.all_registers import REGISTERS
from broker.registers.columns import FileReading
from broker.registers.csv_file import write_csv
from broker.registers.sheets import Reader, sheet_head, shown_rows
from broker.registers.writer import Writer
from broker.registers.xlsx_file import write_xlsx
from broker.rules.policy import Policy
from broker.wording.decisions import Teller
from tests.bench.table import table
from tests.bench.year_site import DAYS, LAST_DAY, year_folder
from tests.fakes import NINE

LIMIT_S = 20.0
GROWTH_LIMIT_MB = 64
"""More than a day's facts, and what SQLite and the file keep."""
FILES = {"csv": write_csv, "xlsx": write_xlsx}


def main(days: int, names: Sequence[str]) -> int:
    """Measure; 1 if a register takes too long or too much memory."""
    path, failed, lines = year_folder(days) / FILE_NAME, False, []
    print(file=sys.stderr)
    for name in names or REGISTERS:
        for kind in FILES:
            before = _memory_mb()
            count, cpu_s, wall_s = _written(path, name, kind, days)
            grown = _memory_mb() - before
            is_fine = cpu_s <= LIMIT_S and grown <= GROWTH_LIMIT_MB
            failed |= not is_fine
            said = (f"{count:,}", f"{cpu_s:.1f} s", f"{wall_s:.1f} s", f"+{grown} MB")
            lines.append((f"{name} {kind}", *said, "" if is_fine else "too much"))
    print(table(("register", "rows", "CPU", "wall", "memory", ""), lines))
    return int(failed)


def _written(path: Path, name: str, kind: str, days: int) -> tuple[int, float, float]:
    policy, register = Policy(), REGISTERS[name]
    writer = Writer(Teller({}, policy), NINE)
    cpu_s, wall_s = time.process_time(), time.perf_counter()
    with (
        closing(open_read_only(path)) as db,
        tempfile.TemporaryDirectory(dir=path.parent) as folder,
    ):
        first = LAST_DAY - timedelta(days=days - 1)
        asked = FileReading(Database(db), policy, first, LAST_DAY, NINE)
        rows = shown_rows(register, asked, writer, Reader(None), RowsWanted())
        target = Path(folder, f"{name}.{kind}")
        cells = (row.cells for row in rows)
        count = FILES[kind](target, sheet_head(register, writer), cells)
    return count, time.process_time() - cpu_s, time.perf_counter() - wall_s


def _memory_mb() -> int:
    """The most that this process ever took."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS, sys.argv[2:]))
