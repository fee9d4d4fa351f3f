"""Where each character stands on a plate, in mm; the drawings use one px for one mm."""

from dataclasses import dataclass

DOT = "·"
_MARGIN = 15.5
_DOT_SIZE = 10.0
_GAP_AFTER = {
    "police": 1, "police_organ": 1, "embassy": 3, "embassy_old": 4, "consulate": 4,
}  # fmt: skip
"""How many characters stand before the dot, where it is not two."""

_ALWAYS_RED = "警应急"
_RED_STARTS = {"armed_police": 2, "military": 1}


@dataclass(frozen=True, slots=True)
class Cell:
    """One character's place; ``style`` names the shape of letters to use."""

    char: str
    style: str
    x: float
    y: float
    width: float
    height: float
    is_red: bool

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle: x, y."""
        return self.x + self.width / 2, self.y + self.height / 2


def lay_out(text: str, kind: str, rows: int, size: tuple[int, int]) -> list[Cell]:
    """The cells of a plate of ``size`` (width, height), the dot among them as ``DOT``."""
    if rows == 2:
        return _two_rows(text, kind, size)
    return _one_row(text, kind, size)


def _is_red(text: str, index: int, kind: str) -> bool:
    return text[index] in _ALWAYS_RED or index < _RED_STARTS.get(kind, 0)


def _one_row(text: str, kind: str, size: tuple[int, int]) -> list[Cell]:
    """GA 36: characters 45×90 mm, 43 wide on new-energy plates, 25 mm from above."""
    is_green = kind.startswith("nev")
    style = "green" if is_green else "ordinary"
    width = 45.0 if len(text) <= 7 else 43.0
    dot_gap = 40.0 if is_green else 22.0
    gap = (size[0] - 2 * _MARGIN - dot_gap - width * len(text)) / (len(text) - 1)
    cells = []
    x = _MARGIN
    for index, char in enumerate(text):
        cells.append(Cell(char, style, x, 25.0, width, 90.0, _is_red(text, index, kind)))
        x += width + gap
        if index + 1 == _GAP_AFTER.get(kind, 2):
            if not is_green:
                dot_x = x + (dot_gap - gap - _DOT_SIZE) / 2
                cells.append(Cell(DOT, style, dot_x, 65.0, _DOT_SIZE, _DOT_SIZE, False))
            x += dot_gap
    return cells


def _two_rows(text: str, kind: str, size: tuple[int, int]) -> list[Cell]:
    """GA 36, 440×220: above 80×60 mm, below 65×110 mm; other heights in proportion."""
    tall = size[1] / 220.0
    above = len(text) - 5 if kind != "embassy" else 3
    upper_width, upper_gap = (80.0, 60.0) if above == 2 else (70.0, 30.0)
    x = (size[0] - above * upper_width - (above - 1) * upper_gap) / 2
    cells = []
    for index in range(above):
        red = _is_red(text, index, kind)
        cells.append(Cell(text[index], "wide_up", x, 15 * tall, upper_width, 60 * tall, red))
        x += upper_width + upper_gap
    if above == 2:
        cells.append(Cell(DOT, "wide_up", size[0] / 2 - 6, 39 * tall, 12.0, 12.0, False))
    width = 65.0
    below = len(text) - above
    gap = (size[0] - 55.0 - width * below) / (below - 1)
    for index in range(above, len(text)):
        x = 27.5 + (index - above) * (width + gap)
        red = _is_red(text, index, kind)
        cells.append(Cell(text[index], "tall_down", x, 90 * tall, width, 110 * tall, red))
    return cells
