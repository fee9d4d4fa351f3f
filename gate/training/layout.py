"""Where each character stands on a plate, in mm; the drawings use one px for one mm."""

from dataclasses import dataclass

DOT = "·"
_MARGIN = 15.5
_DOT_SIZE = 10.0
_NARROWEST_GAP = 4.0
_GAP_AFTER = {
    "police": 1, "police_organ": 1, "embassy": 3, "embassy_old": 4, "consulate": 4,
    "armed_police_old": 4,
}  # fmt: skip
"""How many characters stand before the dot, where it is not two."""

_ALWAYS_RED = "警应急"
_RED_STARTS = {"armed_police": 2, "armed_police_old": 2, "military": 1}


@dataclass(frozen=True, slots=True)
class Look:
    """How one plate is made: ``shares`` are the width and height of each character of the standard
    size, ``gap_after`` how many stand before the gap, ``red`` how many of the first are red (and
    each of ``red_signs``). Smaller ones ``hang`` (0: from above, 1: stand below).
    """

    shares: tuple[tuple[float, float], ...]
    gap_after: int
    red: int
    red_signs: str = _ALWAYS_RED
    has_dot: bool = True
    hang: float = 0.5


def usual_look(text: str, kind: str) -> Look:
    """As the standard has it."""
    shares = ((1.0, 1.0),) * len(text)
    has_dot = not kind.startswith("nev")
    return Look(shares, _GAP_AFTER.get(kind, 2), _RED_STARTS.get(kind, 0), has_dot=has_dot)


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


def lay_out(
    text: str, kind: str, rows: int, size: tuple[int, int], look: Look | None = None
) -> list[Cell]:
    """The cells of a plate of ``size`` (width, height), the dot among them as ``DOT``."""
    look = look or usual_look(text, kind)
    return _two_rows(text, kind, size, look) if rows == 2 else _one_row(text, kind, size, look)


def _is_red(text: str, index: int, look: Look) -> bool:
    return text[index] in look.red_signs or index < look.red


def _one_row(text: str, kind: str, size: tuple[int, int], look: Look) -> list[Cell]:
    """GA 36: characters 45×90 mm, 43 wide on new-energy plates, 25 mm from above."""
    is_green = kind.startswith("nev")
    style = "green" if is_green else "ordinary"
    dot_gap = 40.0 if is_green else 22.0 if look.has_dot else 0.0
    widths = _widths(look, size[0] - 2 * _MARGIN - dot_gap)
    gap = (size[0] - 2 * _MARGIN - dot_gap - sum(widths)) / (len(text) - 1)
    cells = []
    x = _MARGIN
    for index, (char, width) in enumerate(zip(text, widths, strict=True)):
        height = 90.0 * look.shares[index][1]
        y = 25.0 + (90.0 - height) * look.hang
        cells.append(Cell(char, style, x, y, width, height, _is_red(text, index, look)))
        x += width + gap
        if index + 1 == look.gap_after:
            if not is_green and look.has_dot:
                dot_x = x + (dot_gap - gap - _DOT_SIZE) / 2
                cells.append(Cell(DOT, style, dot_x, 65.0, _DOT_SIZE, _DOT_SIZE, False))
            x += dot_gap
    return cells


def _widths(look: Look, room: float) -> list[float]:
    """How wide each character is, in mm; all narrower where they would not fit into ``room``."""
    usual = 45.0 if len(look.shares) <= 7 else 43.0
    widths = [usual * share for share, _ in look.shares]
    fitting = (room - _NARROWEST_GAP * (len(widths) - 1)) / sum(widths)
    return [width * min(1.0, fitting) for width in widths]


def _two_rows(text: str, kind: str, size: tuple[int, int], look: Look) -> list[Cell]:
    """GA 36, 440×220: above 80×60 mm, below 65×110 mm; other heights in proportion."""
    tall = size[1] / 220.0
    above = len(text) - 5 if kind != "embassy" else 3
    upper_width, upper_gap = (80.0, 60.0) if above == 2 else (70.0, 30.0)
    x = (size[0] - above * upper_width - (above - 1) * upper_gap) / 2
    cells = []
    for index in range(above):
        red = _is_red(text, index, look)
        cells.append(Cell(text[index], "wide_up", x, 15 * tall, upper_width, 60 * tall, red))
        x += upper_width + upper_gap
    if above == 2:
        cells.append(Cell(DOT, "wide_up", size[0] / 2 - 6, 39 * tall, 12.0, 12.0, False))
    width = 65.0
    below = len(text) - above
    gap = (size[0] - 55.0 - width * below) / (below - 1)
    for index in range(above, len(text)):
        x = 27.5 + (index - above) * (width + gap)
        red = _is_red(text, index, look)
        cells.append(Cell(text[index], "tall_down", x, 90 * tall, width, 110 * tall, red))
    return cells
