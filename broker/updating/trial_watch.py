"""Whether a release on trial works: its services start, and its doctor finds nothing new wrong."""

import json
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from broker.updating.services import standing_of

MOST_FAILED_STARTS = 3
LIMIT_S = 180.0
"""On a Pi a service may take 90 s to start; the doctor listens for two heartbeats."""
_LOOK_EVERY_S = 0.5
_DOCTOR_AT_MOST_S = 120.0
_NO_DOCTOR = "doctor"
_NOT_OURS = ("backup.", "phones.", "cameras.", "delay.", "heads.", "wear.")
"""What may go wrong at any moment, whatever release runs."""


class Complaint(NamedTuple):
    """Why a release is taken back: a sentence's key, and what it names."""

    why: str
    detail: str = ""


def wrong_findings(program: Path, config: Path) -> frozenset[str]:
    """What the doctor of the release ``program`` finds wrong with the site."""
    try:
        done = subprocess.run(
            [program, "--lang", "en", "doctor", "--json", "--config", config],
            capture_output=True,
            text=True,
            timeout=_DOCTOR_AT_MOST_S,
            check=False,
        )
        checks = json.loads(done.stdout)["checks"]
        found = (
            f"{check['check']}.{finding['key']}"
            for check in checks
            for finding in check["findings"]
            if finding["is_wrong"]
        )
        return frozenset(name for name in found if not name.startswith(_NOT_OURS))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return frozenset({_NO_DOCTOR})


def watch(
    program: Path, config: Path, units: tuple[str, ...], known: frozenset[str]
) -> Complaint | None:
    """Wait until the release ``program`` has proved itself; None: it has.

    ``known``: what the doctor had found before, which is not this release's fault.
    """
    give_up_at = time.monotonic() + LIMIT_S
    while True:
        standing = standing_of(units)
        if standing.failed_starts >= MOST_FAILED_STARTS:
            return Complaint("update.why_starts", str(standing.failed_starts))
        complaint = Complaint("update.why_not_up")
        if standing.is_up:
            new = wrong_findings(program, config) - known
            if not new and standing_of(units) == standing:
                return None
            complaint = Complaint("update.why_doctor", ", ".join(sorted(new)))
        if time.monotonic() > give_up_at:
            return complaint
        time.sleep(_LOOK_EVERY_S)
