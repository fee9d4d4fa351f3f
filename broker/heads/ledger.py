"""What became of the latest signed head: on which ways it has left, and which failed.

A small file beside the hub's; without it the head of the day leaves once more.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from shared.replacing import replace_file

FILE_NAME = "heads.json"


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """The latest day's."""

    on: str = ""
    """The day, ``2026-11-23``; empty: no head was ever signed."""
    seq: int = 0
    text: str = ""
    left: tuple[str, ...] = ()
    """The ways on which it has left."""
    failed: Mapping[str, str] = {}
    """What went wrong, by way."""


def read_ledger(folder: Path) -> Ledger:
    """The ledger in the hub's ``folder``; an empty one, if there is none that can be read."""
    try:
        return msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=Ledger)
    except (OSError, msgspec.DecodeError):
        return Ledger()


def write_ledger(folder: Path, ledger: Ledger) -> None:
    """Keep ``ledger``.

    Raises:
        OSError: the disk refuses it.
    """
    replace_file(folder / FILE_NAME, msgspec.json.encode(ledger))
