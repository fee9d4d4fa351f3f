"""Writes the journal of some visitors into a folder: ``python -m tests.arm.journal FOLDER``."""

import sys
from pathlib import Path

from broker.hub.opening import open_hub
from tests.bench.large_site import PEOPLE, POLICY, serve
from tests.fakes import FakeClock

VISITORS = 60


def write(folder: Path) -> None:
    """A hub's file below ``folder``, as ``yingbin verify --data`` looks for it."""
    hub = open_hub(folder / "hub", PEOPLE, POLICY, FakeClock())
    serve(hub, range(VISITORS), known=VISITORS // 3)
    hub.journal.seal()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
