"""How many plates are read right, and how fast, on a folder of photos with labels.

    python -m tests.bench.reader [--photos DIR] [--labels CSV] [--crop] [--engine NAME]
        [--threads N] [--limit N] [--misses] [--sheet FILE.png]

``CSV`` has the columns ``file`` and ``plate``; a photo counts when its best reading is exactly the
label. Without arguments: the demo's own drawings, which says little about real photos.
"""

import argparse
import resource
import sys
from pathlib import Path

import gate
from gate.reader.readers import open_engine
from tests.bench.contact_sheet import sheet_of_misses
from tests.bench.labels import labelled_in
from tests.bench.reading import read_all
from tests.bench.scores import Outcome, score
from tests.bench.table import table

DEMO = Path(gate.__file__).parent / "demo"


def report(outcomes: list[Outcome]) -> str:
    """The figures as a table of one row."""
    found = score(outcomes)
    nothing = sum(not outcome.answers for outcome in outcomes) / len(outcomes)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    head = ("photos", "exact", "among", "no prov.", "per char.", "nothing", "false a photo")
    row = (
        str(found.pictures),
        f"{found.exact:.1%}",
        f"{found.among:.1%}",
        f"{found.without_province:.1%}",
        f"{found.per_character:.2%}",
        f"{nothing:.1%}",
        f"{found.false:.3f}",
    )
    times = (f"{found.median_ms:.1f} ms", f"{found.p95_ms:.1f} ms", f"{memory_mb:.0f} MB")
    return table((*head, "median", "p95", "memory"), [(*row, *times)])


def main() -> int:
    """Print the table, and what was read wrong where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=DEMO)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--crop", action="store_true")
    parser.add_argument("--engine", default="yingbin")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    labels = asked.labels or asked.photos / "plates.csv"
    pictures = labelled_in(asked.photos, labels, asked.limit)
    engine = open_engine(asked.engine, threads=asked.threads)
    outcomes = read_all(engine, pictures, is_crop=asked.crop)
    misses = [outcome for outcome in outcomes if not outcome.is_exact]
    for miss in misses if asked.misses else ():
        print(f"{miss.picture.path.name}: {miss.picture.plate} read as {miss.first or 'nothing'}")
    if asked.sheet:
        sheet_of_misses(misses, asked.sheet)
        print(f"{asked.sheet}: {len(misses)} photos that were not read exactly")
    print(report(outcomes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
