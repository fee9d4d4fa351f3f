"""What ``yingbin read`` found, as JSON lines or as a table for people. Pure."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from gate.passing.vote import VotedPlate
from gate.reader.reading import PlateReading
from shared.words import Sentence

_WAYS = {"in": "read.came", "out": "read.left"}
PLATE_CELLS = 12
"""Room for the longest plate, 粤Z1234港 and a mark; a Chinese character takes two cells."""


@dataclass(frozen=True, kw_only=True)
class PlateFound:
    """One plate of a photo, as the JSON shows it; fields may be added."""

    plate: str
    kind: str | None
    colour: str
    confidence: float
    characters: tuple[float, ...]
    corners_px: tuple[tuple[float, float], ...]
    is_incomplete: bool

    @classmethod
    def from_reading(cls, reading: PlateReading) -> "PlateFound":
        """From the reading of a photo."""
        return PlateFound(
            plate=reading.plate,
            kind=reading.kind,
            colour=reading.colour,
            confidence=_rounded(reading.confidence),
            characters=tuple(_rounded(each) for each in reading.characters),
            corners_px=tuple(
                (round(float(x), 1), round(float(y), 1)) for x, y in reading.corners_px
            ),
            is_incomplete=reading.is_incomplete,
        )


@dataclass(frozen=True, kw_only=True)
class VehicleFound(PlateFound):
    """One vehicle that passed in a video."""

    seen_at_s: float
    reads: int
    is_uncertain: bool
    direction: str
    """``in``: it came nearer; ``out``: it moved away; ``unknown``: neither was seen."""
    has_moved: bool

    @classmethod
    def from_vote(cls, voted: VotedPlate, started_at: datetime) -> Self:
        """The vehicle of a video that began at ``started_at``."""
        return cls(
            **vars(PlateFound.from_reading(voted.sighting.reading)),
            seen_at_s=round((voted.sighting.frame.taken_at - started_at).total_seconds(), 2),
            reads=voted.reads,
            is_uncertain=voted.is_uncertain,
            direction=voted.direction.value,
            has_moved=voted.has_moved,
        )


@dataclass(frozen=True, slots=True)
class FileRead:
    """What was found in one file, best first."""

    file: str
    width_px: int
    height_px: int
    took_ms: float
    plates: tuple[PlateFound, ...]


@dataclass(frozen=True, slots=True)
class FileUnread:
    """Why one file could not be read."""

    file: str
    error: str


def as_json(found: FileRead | FileUnread) -> str:
    """One line of JSON, with Chinese characters as they are."""
    return json.dumps(asdict(found), ensure_ascii=False)


def as_rows(found: FileRead, language: str) -> str:
    """The file, and a row for each plate: text, colour, kind, confidence, remarks."""
    head = f"{found.file}  {found.width_px}×{found.height_px}  {found.took_ms:.0f} ms"
    rows = [_row(plate, language) for plate in found.plates]
    none = Sentence("read.no_plate").in_language(language)
    return "\n".join([head, *(rows or [f"    {none}"])])


def _row(found: PlateFound, language: str) -> str:
    kind = f"kind.{found.kind}" if found.kind else "read.no_kind"
    said = [
        Sentence(f"colour.{found.colour}"),
        Sentence(kind),
        Sentence("read.confidence", percent=f"{found.confidence:4.0%}"),
        *_remarks(found),
    ]
    colour, kind, *rest = (sentence.in_language(language) for sentence in said)
    cells = [_padded(found.plate, PLATE_CELLS), _padded(colour, 12), _padded(kind, 24), *rest]
    return "    " + "  ".join(cells)


def _remarks(found: PlateFound) -> Iterator[Sentence]:
    if found.is_incomplete:
        yield Sentence("read.incomplete")
    if not isinstance(found, VehicleFound):
        return
    yield Sentence("read.seen", second=f"{found.seen_at_s:g}", reads=found.reads)
    if found.is_uncertain:
        yield Sentence("read.uncertain")
    if found.direction in _WAYS:
        yield Sentence(_WAYS[found.direction])
    if not found.has_moved:
        yield Sentence("read.still")


def _padded(text: str, cells: int) -> str:
    """``text`` padded with spaces: a Chinese character is two cells wide on a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return text + " " * (cells - len(text) - wide)


def _rounded(ratio: float) -> float:
    return round(float(ratio), 4)
