"""What the hub held for the time, kept beside its file (``clock.json``).

A stopwatch goes on when the hub is started again, so a restart loses no second, whatever the
machine's clock shows by then. Only the machine's own start begins a new stopwatch.
"""

import logging
from datetime import datetime
from pathlib import Path

import msgspec

from broker.site_clock.reckoning import Held
from shared.replacing import replace_file

log = logging.getLogger(__name__)

FILE_NAME = "clock.json"
WORTH_KEEPING_S = 1.0
"""A card wears out: what changed by less is not written again."""


class KeptTime(msgspec.Struct, frozen=True, kw_only=True):
    """``Held`` as the file has it, and whose stopwatch it goes by."""

    boot: str | None
    at: datetime
    running_s: float
    since: datetime
    is_trace: bool
    is_confirmed: bool
    refused_s: float | None = None

    def held(self) -> Held:
        """What the hub held."""
        return Held(
            at=self.at,
            running_s=self.running_s,
            since=self.since,
            is_trace=self.is_trace,
            is_confirmed=self.is_confirmed,
            refused_s=self.refused_s,
        )

    def goes_on(self, boot: str | None, running_s: float) -> bool:
        """Whether the stopwatch still counts on from then."""
        return boot is not None and boot == self.boot and running_s >= self.running_s


class ClockFile:
    """Owns the file; belongs to the hub's thread."""

    def __init__(self, path: Path, boot: str | None) -> None:
        self._path, self._boot = path, boot
        self._written: KeptTime | None = None

    def keep(self, held: Held) -> None:
        """Write ``held`` if it is worth it; a full disk costs no more than the note."""
        kept = KeptTime(
            boot=self._boot,
            at=held.at,
            running_s=held.running_s,
            since=held.since,
            is_trace=held.is_trace,
            is_confirmed=held.is_confirmed,
            refused_s=held.refused_s,
        )
        if self._written is not None and _is_same(self._written, kept):
            return
        self._written = kept
        try:
            replace_file(self._path, msgspec.json.encode(kept))
        except OSError as error:
            log.warning("%s: cannot be written: %s", self._path, error)


def read_kept(path: Path) -> KeptTime | None:
    """What the file tells; None if there is none, or it can't be read: then the journal tells."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=KeptTime)
    except (OSError, msgspec.DecodeError, UnicodeError):
        return None


def _is_same(written: KeptTime, kept: KeptTime) -> bool:
    flags = ("since", "is_trace", "is_confirmed")
    if any(getattr(written, name) != getattr(kept, name) for name in flags):
        return False
    if not _is_near(written.refused_s, kept.refused_s):
        return False
    return abs((written.held().time(kept.running_s) - kept.at).total_seconds()) < WORTH_KEEPING_S


def _is_near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < WORTH_KEEPING_S
