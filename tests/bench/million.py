"""A journal of a million entries: how long it takes to make, verify, replay and start from it.

python -m tests.bench.million [--entries 1000000]

It is made by real visitors, each decided on, received and gone, and checked by the commands that
an operator runs. Targets: made within 6 minutes, verified in 20 s, replayed in 4 minutes, started
from in 3 s.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from broker.journal.entries import FILE_NAME
from tests.bench.hub_process import hub_toml
from tests.bench.large_site import BUILD, Scratch, journal_folder
from tests.bench.rules import START
from tests.bench.table import table
from tests.site import FROM_THE_TREE, ROOT

AT_MOST_S = {"made": 360.0, "verified": 20.0, "replayed": 240.0, "started from": 3.0}


def main() -> int:
    """Print the seconds; 1 when one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    asked = parser.parse_args()
    took_s = measure(asked.entries)
    rows = [(name, f"{took_s[name]:.1f} s", f"{most:g} s") for name, most in AT_MOST_S.items()]
    print(table([f"{asked.entries:,} entries", "took", "at most"], rows))
    return int(any(took_s[name] > most for name, most in AT_MOST_S.items()))


def measure(entries: int) -> dict[str, float]:
    """Seconds that each step took."""
    made = BUILD / f"journal-{entries}"
    shutil.rmtree(made, ignore_errors=True)
    took_s = {"made": timed_s(partial(journal_folder, entries))}
    print(f"{(made / FILE_NAME).stat().st_size / 2**20:,.0f} MB", flush=True)
    with Scratch(made) as copy, tempfile.TemporaryDirectory() as settings:
        folder = Path(settings)
        for name in ("site.toml", "policy.toml"):
            (folder / name).touch()
        (folder / "hub").symlink_to(copy)
        config = folder / "hub.toml"
        config.write_text(hub_toml(folder, 1, 1, ""))
        took_s["verified"] = timed_s(partial(run, "verify", config))
        took_s["replayed"] = timed_s(partial(run, "replay", config))
        took_s["started from"] = started_s(copy)
    return took_s


def run(command: str, config: Path) -> None:
    """Run a command of ours over the hub of these settings."""
    subprocess.run([*FROM_THE_TREE, command, "--config", str(config)], cwd=ROOT, check=True)


def started_s(folder: Path) -> float:
    """How long a hub's process takes to open its file."""
    words = [sys.executable, "-c", START, str(folder)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout.split()[0])


def timed_s(act: Callable[[], object]) -> float:
    """How long ``act`` takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
