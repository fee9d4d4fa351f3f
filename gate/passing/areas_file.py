"""Keeps the areas that a technician drew, in one file of the gate's folder."""

import logging
from pathlib import Path

import msgspec

from gate.passing.areas import Areas
from shared.replacing import replace_file

log = logging.getLogger(__name__)


class AreasFile:
    """``areas.json``: one thread keeps new areas, others ask for the current ones."""

    def __init__(self, path: Path) -> None:
        """Read ``path``. If it cannot be read, plates are read in the whole picture."""
        self._path = path
        self._current = _read(path)

    @property
    def current(self) -> Areas:
        """The areas in force."""
        return self._current

    def keep(self, areas: Areas) -> bool:
        """Use ``areas`` from now on; False, and no change, when the disk refuses."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, msgspec.json.encode(areas))
        except OSError as error:
            log.warning("%s: not written (%s). Look at the disk.", self._path, error.strerror)
            return False
        self._current = areas
        log.info("new areas: region %s, %d ignored", bool(areas.region), len(areas.ignored))
        return True


def _read(path: Path) -> Areas:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Areas)
    except FileNotFoundError:
        return Areas()
    except (OSError, msgspec.DecodeError) as error:
        log.warning("%s: %s. The whole picture is read; draw the areas again.", path, error)
        return Areas()
