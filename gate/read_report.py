"""What ``yingbin read`` found, as JSON lines or as a table for people. Pure."""

import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self

from gate.passing.vote import VotedPlate
from gate.reader.reading import PlateReading

COLOUR_NAMES = {
    "blue": "蓝",
    "yellow": "黄",
    "green": "绿",
    "yellow_green": "黄绿",
    "white": "白",
    "black": "黑",
}
_WAYS = {"in": "驶入 came", "out": "驶离 left"}
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
    return json.dumps(asdict(found), ensure_ascii=False) + "\n"


def as_rows(found: FileRead) -> str:
    """The file, and a row for each plate: text, colour, kind, confidence (可信度), where."""
    head = f"{found.file}  {found.width_px}×{found.height_px}  {found.took_ms:.0f} ms\n"
    if not found.plates:
        return head + "    未发现车牌 no plate\n"
    return head + "".join(_row(plate) for plate in found.plates)


def _row(found: PlateFound) -> str:
    colour = COLOUR_NAMES.get(found.colour, "")
    cells = [
        _padded(found.plate, PLATE_CELLS),
        _padded(f"{colour} {found.colour}", 18),
        _padded(found.kind or "不合规则 no known kind", 23),
        f"可信度 {found.confidence:4.0%}",
        *_remarks(found),
    ]
    return "    " + "  ".join(cells) + "\n"


def _remarks(found: PlateFound) -> list[str]:
    remarks = ["缺字 incomplete"] if found.is_incomplete else []
    if isinstance(found, VehicleFound):
        remarks.append(f"第 {found.seen_at_s:g} 秒 s, {found.reads} 帧 reads")
        remarks += ["待核对 uncertain"] if found.is_uncertain else []
        remarks += [_WAYS[found.direction]] if found.direction in _WAYS else []
        remarks += [] if found.has_moved else ["静止 not moving"]
    return remarks


def _padded(text: str, cells: int) -> str:
    """``text`` padded with spaces: a Chinese character is two cells wide on a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return text + " " * (cells - len(text) - wide)


def _rounded(ratio: float) -> float:
    return round(float(ratio), 4)
