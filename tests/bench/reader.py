"""How many plates are read right, and how fast, on a folder of photos with labels.

    python -m tests.bench.reader [--photos DIR] [--labels CSV] [--crop] [--engine NAME] [--misses]

``CSV`` has the columns ``file`` and ``plate``; a photo counts when its best reading is exactly the
label. Without arguments: the demo's own drawings, which says little about real photos.
"""

import argparse
import csv
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from gate import reader
from gate.picture import read_picture
from gate.reader import open_engine
from gate.reading import Engine
from shared.errors import OperatorError

DEMO = Path(reader.__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class Result:
    """One photo: what it says, what was read first, how long it took."""

    name: str
    label: str
    text: str
    found: int
    took_ms: float


def labels_in(path: Path) -> list[tuple[str, str]]:
    """File name (without folder) and plate of each row that has a plate."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return [(Path(row["file"]).name, row["plate"]) for row in rows if row["plate"]]


def read_all(
    engine: Engine, folder: Path, labels: list[tuple[str, str]], *, is_crop: bool
) -> list[Result]:
    """Read every labelled photo; one that cannot be opened counts as not read."""
    results = []
    for number, (name, label) in enumerate(labels, start=1):
        print(f"\r{number}/{len(labels)}", end="", file=sys.stderr)
        try:
            image = read_picture(folder / name)
        except OperatorError as error:
            print(f"\r{error}", file=sys.stderr)
            results.append(Result(name, label, "", 0, 0.0))
            continue
        started = time.perf_counter()
        one = engine.read_crop(image) if is_crop else None
        found = ([one] if one else []) if is_crop else engine.read(image)
        took_ms = (time.perf_counter() - started) * 1000
        results.append(Result(name, label, found[0].plate if found else "", len(found), took_ms))
    print(file=sys.stderr)
    return results


def report(results: list[Result]) -> str:
    """The figures as a table of one row."""
    total = len(results)
    exact = sum(one.text == one.label for one in results)
    tail = sum(one.text[1:] == one.label[1:] for one in results)
    none = sum(not one.text for one in results)
    took = sorted(one.took_ms for one in results if one.took_ms)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{'photos':>8} {'exact':>8} {'no prov.':>8} {'nothing':>8} "
        f"{'median':>9} {'p95':>9} {'memory':>9}\n"
        f"{total:8} {exact / total:8.1%} {tail / total:8.1%} {none / total:8.1%} "
        f"{median(took):6.1f} ms {took[int(len(took) * 0.95)]:6.1f} ms {memory_mb:6.0f} MB"
    )


def main() -> int:
    """Print the table, and with ``--misses`` what was read wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=DEMO)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--crop", action="store_true")
    parser.add_argument("--engine", default="yingbin")
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    labels = labels_in(asked.labels or asked.photos / "plates.csv")
    engine = open_engine(asked.engine)
    results = read_all(engine, asked.photos, labels, is_crop=asked.crop)
    for one in results if asked.misses else ():
        if one.text != one.label:
            print(f"{one.name}: {one.label} read as {one.text or 'nothing'}")
    print(report(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
