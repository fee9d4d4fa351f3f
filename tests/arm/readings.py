"""Compares what two machines read in the same photos."""

import json
import math
from itertools import chain
from typing import Any, NamedTuple

CONFIDENCE = 0.005
CORNER_PX = 3.0
"""How far machines may differ: OpenCV resizes by other instructions, to the next grey level."""


class Apart(NamedTuple):
    """How far two machines differ in the plates that they both read."""

    plates: int
    confidence: float
    corner_px: float

    @property
    def is_close(self) -> bool:
        """Whether it is the same to whoever reads plates."""
        is_little = self.confidence <= CONFIDENCE and self.corner_px <= CORNER_PX
        return self.plates > 0 and is_little


def apart(ours: str, theirs: str) -> Apart | None:
    """How far two outputs of ``yingbin read --json`` differ; None if they tell of other plates."""
    pairs = list(zip(_plates(ours), _plates(theirs), strict=False))
    if _named(ours) != _named(theirs):
        return None
    corners = (zip(a["corners_px"], b["corners_px"], strict=True) for a, b in pairs)
    return Apart(
        plates=len(pairs),
        confidence=max((abs(a["confidence"] - b["confidence"]) for a, b in pairs), default=0.0),
        corner_px=max((math.dist(*both) for both in chain.from_iterable(corners)), default=0.0),
    )


def _named(output: str) -> list[tuple[str, list[str]]]:
    """Each photo with the numbers on its plates; a photo that was not read has a reason."""
    photos = [json.loads(line) for line in output.splitlines()]
    return [
        (photo["file"], [plate["plate"] for plate in photo.get("plates", [])]) for photo in photos
    ]


def _plates(output: str) -> list[dict[str, Any]]:
    return [plate for line in output.splitlines() for plate in json.loads(line).get("plates", [])]
