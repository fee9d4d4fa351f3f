"""Our reader beside every other that pip brings (7 GB), one table.

    python -m tests.bench.peers [--photos DIR --labels CSV] [--crops DIR --crop-labels CSV]
        [--only yingbin,rapidocr] [--threads 1,2] [--limit N] [--json FILE]

Each peer runs in an environment of its own under build/peers, which the first run makes: together
about 7 GB, most of it for EasyOCR. Without folders: the demo's own drawings.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.bench.labels import Labelled, labelled_in
from tests.bench.peers.measure import Measured, measure
from tests.bench.peers.roster import PEERS
from tests.bench.peers.rows import as_table, figures
from tests.bench.reader import DEMO


def main() -> int:
    """Print a table for the photos and one for the crops."""
    asked = _parser().parse_args()
    peers = [peer for peer in PEERS if asked.only is None or peer.name in asked.only.split(",")]
    threads = [int(count) for count in asked.threads.split(",")]
    sets: list[tuple[str, list[Labelled]]] = []
    if asked.photos or not asked.crops:
        photos = asked.photos or DEMO
        labels = asked.labels or photos / "plates.csv"
        sets.append(("photos", labelled_in(photos, labels, asked.limit)))
    if asked.crops:
        labels = asked.crop_labels or asked.crops / "plates.csv"
        sets.append(("crops", labelled_in(asked.crops, labels, asked.limit)))
    told = {}
    for what, pictures in sets:
        measured: list[Measured] = []
        with tempfile.TemporaryDirectory() as folder:
            for count in threads:
                is_crop = what == "crops"
                measured += measure(peers, pictures, count, Path(folder), is_crop=is_crop)
        print(f"\n{len(pictures)} {what}\n{as_table(measured)}")
        told[what] = figures(measured)
    if asked.json:
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--crops", type=Path)
    parser.add_argument("--crop-labels", type=Path)
    parser.add_argument("--only")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--json", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
