"""An update robbed of its power at each of its points in turn: the site works after every one.

    python -m tests.bench update_power_cut

``tests/broker/updating`` tries every fourth point.
"""

import tempfile
import time
from pathlib import Path

from tests.bench.table import table
from tests.broker.updating.machine import machine_in
from tests.broker.updating.power_cuts import WAYS, make_key, points_survived, start_first


def main() -> None:
    """Both ways of an update: a release that works, and one that is taken back."""
    rows = []
    for way in WAYS:
        began, survived = time.monotonic(), 0
        with tempfile.TemporaryDirectory() as folder, machine_in(Path(folder, "m")) as machine:
            key = make_key(Path(folder))
            start_first(machine, key)
            for point in points_survived(machine, key, way, each=slice(None)):
                survived += 1
                print(f"{way.kind}: {point}", flush=True)
        rows.append((way.kind, str(survived), f"{time.monotonic() - began:.0f} s"))
    print(table(("release", "power cuts survived", "took"), rows))


if __name__ == "__main__":
    main()
