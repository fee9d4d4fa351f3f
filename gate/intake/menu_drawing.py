"""Draws a vendor's menu as a technician sees it, with what to fill in: our own drawing. Pure.

Its words are one sentence of the catalogue: the way to the page in the first line, then a line for
each field, ``name = value``; a line without a value is a button.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

WIDTH, ROW, TOP, LEFT = 860, 50, 64, 200
"""Of the drawing, a field, the bar above, and the column beside."""
ON, OFF = "✓", "—"
_NAME_X, _BOX_X, _TEXT_PX = LEFT + 56, LEFT + 220, 16
_BOX_WIDTH = WIDTH - _BOX_X - 24
_CHARACTERS = 42
"""So many fit into a box; a longer value is set narrower."""
_BUTTON_WIDTH = 180


@dataclass(frozen=True, slots=True)
class Menu:
    """A page of a vendor's menu: the way there, and its fields or buttons with their values."""

    way: tuple[str, ...]
    fields: tuple[tuple[str, str | None], ...]


def menu_of(said: str) -> Menu:
    """The menu that a sentence of the catalogue describes."""
    way, *lines = said.splitlines()
    return Menu(tuple(part.strip() for part in way.split("›")), tuple(map(_field, lines)))


def _field(line: str) -> tuple[str, str | None]:
    name, sign, value = line.partition(" = ")
    return name.strip(), value.strip() if sign else None


def drawn(menu: Menu, title: str) -> bytes:
    """The menu as a picture (SVG) that stands by itself."""
    height = TOP + ROW * (max(len(menu.fields), len(menu.way)) + 1)
    picture = ET.Element("svg", _of_svg(WIDTH, height))
    ET.SubElement(picture, "title").text = title
    _box(picture, 1, 1, WIDTH - 2, height - 2)
    _line(picture, 1, TOP, WIDTH - 1, TOP)
    _line(picture, LEFT, TOP, LEFT, height - 1)
    _say(picture, 24, TOP // 2 + 6, title, weight="bold")
    for place, name in enumerate(menu.way):
        y, is_there = TOP + ROW * (place + 1), place == len(menu.way) - 1
        if is_there:
            _box(picture, 10, y - 26, LEFT - 20, 38)
        _say(picture, 22 + 10 * place, y, name, weight="bold" if is_there else "normal")
    for place, (name, value) in enumerate(menu.fields):
        _draw_field(picture, place + 1, name, value)
    return ET.tostring(picture, encoding="unicode").encode()


def _of_svg(width: int, height: int) -> dict[str, str]:
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width} {height}",
        "font-family": "sans-serif",
        "font-size": str(_TEXT_PX),
        "fill": "black",
        "stroke-width": "1.5",
    }


def _draw_field(picture: ET.Element, number: int, name: str, value: str | None) -> None:
    y = TOP + ROW * number
    circle = {"cx": str(LEFT + 30), "cy": str(y - 6), "r": "13", "fill": "black"}
    ET.SubElement(picture, "circle", circle)
    _say(picture, LEFT + 30, y - 1, str(number), fill="white", anchor="middle")
    if value is None:
        _box(picture, _NAME_X, y - 26, _BUTTON_WIDTH, 38, round_px=8)
        _say(picture, _NAME_X + _BUTTON_WIDTH / 2, y, name, anchor="middle")
        return
    _say(picture, _NAME_X, y, name)
    if value in (ON, OFF):
        _box(picture, _BOX_X, y - 20, 26, 26)
        if value == ON:
            _say(picture, _BOX_X + 13, y - 1, ON, anchor="middle", weight="bold")
        return
    _box(picture, _BOX_X, y - 26, _BOX_WIDTH, 38)
    is_long = len(value) > _CHARACTERS
    _say(picture, _BOX_X + 12, y, value, fits_px=_BOX_WIDTH - 24 if is_long else None)


def _box(
    picture: ET.Element, x: float, y: float, width: float, height: float, *, round_px: int = 3
) -> None:
    shape = {"x": x, "y": y, "width": width, "height": height, "rx": round_px}
    drawn_so = {"fill": "white", "stroke": "black"}
    ET.SubElement(picture, "rect", {key: str(each) for key, each in shape.items()} | drawn_so)


def _line(picture: ET.Element, x1: float, y1: float, x2: float, y2: float) -> None:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    line = {key: str(each) for key, each in ends.items()} | {"stroke": "black"}
    ET.SubElement(picture, "line", line)


def _say(picture: ET.Element, x: float, y: float, text: str, **how: object) -> None:
    """``how``: ``weight``, ``fill``, ``anchor``; ``fits_px``: no wider than this."""
    said = {"x": str(x), "y": str(y), "font-weight": str(how.get("weight", "normal"))}
    said |= {"text-anchor": str(how.get("anchor", "start")), "fill": str(how.get("fill", "black"))}
    if how.get("fits_px"):
        said |= {"textLength": str(how["fits_px"]), "lengthAdjust": "spacingAndGlyphs"}
    ET.SubElement(picture, "text", said).text = text
