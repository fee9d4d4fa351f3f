"""How long a table of 100,000 customers takes: tried, entered all together, and taken back.

    python -m tests.bench.importing [--customers N]

Against a running hub, by the command that a site types. Fails above 60 s.
"""

import argparse
import io
import json
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from broker.importing.import_command import main as import_customers
from broker.launch.demo import site_toml
from shared.clock import now
from shared.command_line import Terminal
from tests.site import running_site

WITHIN_S = 60.0
NAMES = ("李敏", "王强", "赵磊")


def write_table(path: Path, count: int) -> None:
    """So many customers, each with a phone, every third with a plate."""
    lines = ["置业顾问,姓名,手机,车牌"]
    for number in range(count):
        plate = f"浙C{number:05d}" if number % 3 == 0 and number < 100_000 else ""
        lines.append(f"{NAMES[number % 3]},客,1390{number:07d},{plate}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def run(data: Path, *words: str) -> tuple[float, str]:
    """How long the command took, and what it said."""
    said, began = io.StringIO(), time.monotonic()
    with redirect_stdout(said):
        status = import_customers([*words, "--data", str(data)], Terminal("en"))
    assert status == 0, said.getvalue()
    return time.monotonic() - began, said.getvalue()


def main() -> int:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, table = Path(folder, "site"), Path(folder, "customers.csv")
        (data / "config").mkdir(parents=True)
        (data / "config" / "site.toml").write_text(site_toml(now()), encoding="utf-8")
        write_table(table, asked.customers)
        with running_site(data):
            tried_s, _ = run(data, "customers", str(table), "--dry-run")
            entered_s, said = run(data, "customers", str(table), "--json")
            steps = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
            import_id = said.split("yingbin import undo ")[1].split()[0]
            back_s, _ = run(data, "undo", import_id)
    print(f"{asked.customers} customers: tried in {tried_s:.1f} s, entered in {entered_s:.1f} s ")
    print(f"({len(steps) - 1} words of progress), taken back in {back_s:.1f} s")
    return int(entered_s > WITHIN_S)


if __name__ == "__main__":
    sys.exit(main())
