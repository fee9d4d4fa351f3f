"""What people and programs were told and when: lines of a file that is recorded with the rest."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

NAME = "marks"


class Marks:
    """Notes, in the recorded folder, what was promised."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def put(self, *words: str) -> None:
        """Note it; the record has it in the order in which it happened."""
        os.write(self._file, f"{' '.join(words)}\n".encode())

    def close(self) -> None:
        """No more is noted."""
        os.close(self._file)


@dataclass(slots=True)
class Promises:
    """What is noted in the file up to some moment."""

    at: datetime | None = None
    posted: list[str] = field(default_factory=list)
    """What an edge program has on its disk, as it told whoever gave it the message."""
    received: list[str] = field(default_factory=list)
    """What the hub sent a receipt for."""
    told: list[str] = field(default_factory=list)
    """The alerts that the hub sent."""


def promises_in(folder: Path) -> Promises:
    """What the file in ``folder`` says."""
    found = Promises()
    for line in (folder / NAME).read_text(encoding="utf-8").splitlines():
        kind, value = line.split(" ", 1)
        if kind == "at":
            found.at = datetime.fromisoformat(value)
        else:
            getattr(found, kind).append(value)
    return found
