"""Which pictures a manager may bring (图片): by what they hold, not by what they are called. Pure.

A drawing (SVG) may hold scripts and fetch what is elsewhere, so only what draws is let in.
"""

import hashlib
import re
from xml.etree import ElementTree

MOST_BYTES = 2 << 20
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWS = frozenset(
    {
        *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("text", "tspan", "defs", "linearGradient", "radialGradient", "stop", "clipPath"),
        *("mask", "use", "symbol", "title", "desc"),
    }
)
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet", re.IGNORECASE)
"""What could let the drawing grow without end, or bring something along."""
_OUTSIDE = re.compile(r"url\s*\((?!\s*['\"]?#)|javascript:|@import|expression\s*\(", re.IGNORECASE)


def kind_of(content: bytes) -> str | None:
    """The ending of such a file's name; None: it is no picture that may be shown."""
    if len(content) > MOST_BYTES:
        return None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if content.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    return ".svg" if _only_draws(content) else None


def name_of(purpose: str, content: bytes, kind: str) -> str:
    """A name that the content alone has, so that no browser shows an older picture."""
    return f"{purpose}-{hashlib.sha256(content).hexdigest()[:12]}{kind}"


def _only_draws(content: bytes) -> bool:
    if b"<svg" not in content or _DECLARES.search(content):
        return False
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):
        return False
    return root.tag == f"{_SVG}svg" and all(map(_is_harmless, root.iter()))


def _is_harmless(element: ElementTree.Element) -> bool:
    tag = str(element.tag)
    if not tag.startswith(_SVG) or tag.removeprefix(_SVG) not in _DRAWS:
        return False
    for key, value in element.attrib.items():
        name = key.rpartition("}")[2].lower()
        if name.startswith("on") or _OUTSIDE.search(value):
            return False
        if name == "href" and not value.startswith("#"):
            return False
    return True
