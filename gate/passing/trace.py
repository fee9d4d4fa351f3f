"""Why was this not read? Keeps the last refusals with their pictures, and lists them:
``python -m gate.passing.trace --data DIR``.
"""

import logging
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import msgspec
import numpy as np

from gate.camera.frame import Image
from gate.camera.images import as_jpeg
from gate.passing.refusal import Corners, OnRefused, Reason, Refusal, place_of
from gate.passing.tally import Tally
from shared.command_line import terminal_of
from shared.ids import new_id
from shared.words import read_words

log = logging.getLogger(__name__)

SHOWN_PX = 640
"""The largest width of a kept picture."""
AROUND_WIDTHS = 6.0
"""How many widths of the plate are shown: the car around it tells which plate it was."""
LEAST_PX = 320
BOX_COLOUR = (0, 215, 255)


class TraceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One refusal as it is kept beside its picture ``<entry_id>.jpg``."""

    entry_id: str
    reason: Reason
    seen_at: datetime
    width_px: int
    plate: str | None = None
    told_as: str | None = None
    """The id of the message, where it was reported."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The last ``most`` refusals in one folder, none older than ``days``."""

    path: Path
    days: int
    most: int
    tally: Tally = field(default_factory=Tally)

    def keep(self, refusal: Refusal) -> bool:
        """Write ``refusal``; False when the disk refuses, which never holds up the gate."""
        self.tally.note(refusal)
        entry = TraceEntry(
            entry_id=new_id(refusal.seen_at),
            reason=refusal.reason,
            seen_at=refusal.seen_at,
            width_px=refusal.width_px,
            plate=refusal.plate,
            told_as=refusal.told_as,
        )
        shown = _shown(refusal.image, refusal.corners_px)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.picture_path(entry.entry_id).write_bytes(as_jpeg(shown, widest_px=SHOWN_PX))
            # Written last: where an entry is, its picture is too.
            fresh = self._entry_path(entry.entry_id).with_suffix(".new")
            fresh.write_bytes(msgspec.json.encode(entry))
            fresh.replace(self._entry_path(entry.entry_id))
            self._delete(self._ids()[self.most :])
        except OSError as error:
            log.warning("%s: not written (%s). Look at the disk.", self.path, error.strerror)
            return False
        return True

    def keeping(self, told: Callable[[datetime], datetime]) -> OnRefused:
        """Writes each refusal under the moment that ``told`` makes of its own."""

        def keep(refusal: Refusal) -> None:
            self.keep(replace(refusal, seen_at=told(refusal.seen_at)))

        return keep

    def entries(self, most: int | None = None) -> list[TraceEntry]:
        """The entries, at most ``most``, newest first; damaged ones are left out."""
        found = []
        for entry_id in self._ids()[:most]:
            try:
                data = self._entry_path(entry_id).read_bytes()
                found.append(msgspec.json.decode(data, type=TraceEntry))
            except (OSError, msgspec.DecodeError) as error:
                log.warning("%s: left out (%s)", self._entry_path(entry_id), error)
        return found

    def picture_path(self, entry_id: str) -> Path:
        """The path of that entry's picture."""
        return self.path / f"{entry_id}.jpg"

    def delete_old(self, moment: datetime) -> None:
        """Delete the entries older than ``days`` at ``moment``."""
        oldest_at = moment - timedelta(days=self.days)
        self._delete([entry.entry_id for entry in self.entries() if entry.seen_at < oldest_at])

    def erase(self, names: Collection[str]) -> None:
        """Delete what was reported by messages of somebody who was erased."""
        self._delete([entry.entry_id for entry in self.entries() if entry.told_as in names])

    def _ids(self) -> list[str]:
        """Newest first."""
        return sorted((path.stem for path in self.path.glob("*.json")), reverse=True)

    def _entry_path(self, entry_id: str) -> Path:
        return self.path / f"{entry_id}.json"

    def _delete(self, entry_ids: list[str]) -> None:
        for entry_id in entry_ids:
            self._entry_path(entry_id).unlink(missing_ok=True)
            self.picture_path(entry_id).unlink(missing_ok=True)


def _shown(image: Image, corners_px: Corners | None) -> Image:
    """The part of ``image`` around the plate, with a frame around the plate."""
    if corners_px is None:
        return image
    height, width = image.shape[:2]
    x, y, plate_px = place_of(corners_px)
    across = min(width, max(LEAST_PX, round(AROUND_WIDTHS * plate_px)))
    down = min(height, round(across * 0.75))
    left = round(min(max(x - across / 2, 0), width - across))
    top = round(min(max(y - down / 2, 0), height - down))
    part = image[top : top + down, left : left + across].copy()
    quad = np.round(np.array(corners_px) - (left, top)).astype(np.int32)
    cv2.polylines(part, [quad], True, BOX_COLOUR, max(2, across // 160), cv2.LINE_AA)
    return part


def main(argv: list[str]) -> int:
    """List what a gate did not report, newest first, and where the pictures are."""
    terminal, typed = terminal_of(argv)
    parser = terminal.parser("python -m gate.passing.trace", "help.trace")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data_dir")
    asked = parser.parse_args(typed)
    words = read_words("gate")
    trace = Trace(asked.data / "trace", days=1, most=1)
    for entry in trace.entries():
        seen = entry.seen_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        why = words.say(f"reason.{entry.reason}", terminal.language, width_px=entry.width_px)
        picture = trace.picture_path(entry.entry_id)
        terminal.tell(f"{seen}  {entry.plate or '-'}  {why}  {picture}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
