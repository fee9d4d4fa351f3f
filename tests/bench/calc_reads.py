"""Writes each register's Excel file and lets LibreOffice read it back, cell by cell.

python -m tests.bench calc_reads
"""

import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from broker.handlers.context import Hub
from broker.hub.opening import open_hub
from broker.registers.all_registers import REGISTERS
from broker.registers.sheets import sheet_head
from broker.registers.xlsx_file import write_xlsx
from broker.rules.policy import Policy
from tests.busy_day import live_through
from tests.fakes import FakeClock
from tests.hub_fixtures import PEOPLE
from tests.register_rows import rows, writer

PROGRAMS = ("soffice", "libreoffice")
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
"""With commas and quotation marks, in UTF-8, each cell as it is shown."""
WITHIN_S = 120


def main() -> int:
    """Read them back; 1 if a cell is another than was written, 2 without LibreOffice."""
    program = next(filter(None, map(which, PROGRAMS)), None)
    if program is None:
        print("LibreOffice is missing; on Debian: apt install libreoffice-calc-nogui")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock()
        hub = open_hub(Path(folder, "hub"), PEOPLE, Policy(), clock)
        live_through(hub, clock)
        wanted = {name: _written(hub, name, Path(folder)) for name in REGISTERS}
        _convert(program, Path(folder))
        wrong = [problem for name in wanted for problem in _differences(name, wanted, Path(folder))]
    cells = sum(len(line) for lines in wanted.values() for line in lines)
    print("\n".join([*wrong, f"{len(wanted)} registers, {cells} cells, {len(wrong)} wrong"]))
    return int(bool(wrong))


def _written(hub: Hub, name: str, folder: Path) -> list[list[str]]:
    head, shown = sheet_head(REGISTERS[name], writer(hub)), rows(hub, name)
    write_xlsx(folder / f"{name}.xlsx", head, (row.cells for row in shown))
    return [list(map(str, head.heads)), *(list(map(str, row.cells)) for row in shown)]


def _convert(program: str, folder: Path) -> None:
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    files = map(str, sorted(folder.glob("*.xlsx")))
    command = [program, profile, "--headless", "--convert-to", AS_CSV, "--outdir", str(folder)]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=WITHIN_S)


def _differences(name: str, wanted: dict[str, list[list[str]]], folder: Path) -> Iterator[str]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    if len(found) != len(wanted[name]):
        yield f"{name}: {len(found)} lines instead of {len(wanted[name])}"
    for number, (read, line) in enumerate(zip(found, wanted[name], strict=False), 1):
        if read != line:
            yield f"{name}, line {number}: {read} instead of {line}"


if __name__ == "__main__":
    sys.exit(main())
