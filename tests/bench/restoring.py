"""A backup of a long journal made, restored and proved: how long each takes.

    python -m tests.bench.restoring [--entries 100000]

Target: restored in two minutes.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from broker.backup.drill import drill
from broker.backup.making import make_backup
from broker.backup.site_folders import SiteFolders
from broker.site_key.key import FILE_NAME, make_key
from tests.bench.large_site import Scratch, journal_folder
from tests.fakes import NINE

RESTORED_IN_S = 120.0


def main() -> int:
    """Print the times; 1 if the drill takes too long or fails."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--entries", type=int, default=100_000)
    asked = parser.parse_args()
    with Scratch(journal_folder(asked.entries)) as hub, tempfile.TemporaryDirectory() as folder:
        config, disk = Path(folder, "config"), Path(folder, "disk")
        config.mkdir()
        disk.mkdir()
        (config / "hub.toml").touch()
        key = make_key(config / FILE_NAME)
        begun = time.perf_counter()
        backup = make_backup(SiteFolders(config, hub), "bench", key, disk, NINE)
        size_mb, plain_mb = (path.stat().st_size / 1e6 for path in (backup, hub / "hub.sqlite3"))
        made_s = time.perf_counter() - begun
        print(f"made and checked in {made_s:.1f} s: {size_mb:.1f} MB of {plain_mb:.1f} MB")
        begun = time.perf_counter()
        status = drill(backup, key, NINE, print)
        took_s = time.perf_counter() - begun
    print(f"restored and proved in {took_s:.1f} s, at most {RESTORED_IN_S:.0f}")
    return int(status != 0 or took_s > RESTORED_IN_S)


if __name__ == "__main__":
    sys.exit(main())
