"""Reads a picture's kind and size from its first bytes, before anything is decoded. Pure.

OpenCV decodes by content, whatever a file is called, and knows some twenty formats. Only these are
let in: others are rarely photos, and their size would not be known before they fill memory.
"""

import struct
from collections.abc import Callable

Size = tuple[int, int]
"""Width and height in px."""

_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers SOF0 to SOF15, which hold the size (ITU-T T.81, table B.1)."""
_JPEG_ALONE = frozenset({0x00, 0x01, 0xFF, *range(0xD0, 0xD9)})
"""What may follow 0xFF without a length: a stuffed or filling byte, TEM, RST0 to RST7, SOI."""
_OLD_BMP_BYTES = 12
"""The length of the header of OS/2 1.x, whose numbers are shorter."""
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_NUMBERS = {3: "H", 4: "I"}
"""The types SHORT and LONG (TIFF 6.0, section 2), as `struct` calls them."""

JPEG = b"\xff\xd8\xff"


def size_px(data: bytes) -> Size | None:
    """Width and height as the header says; None: no known picture, or the header is cut off."""
    for start, size_in in _FORMATS:
        if data.startswith(start):
            try:
                return size_in(data)
            except struct.error:
                return None
    return None


def _png(data: bytes) -> Size | None:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _bmp(data: bytes) -> Size | None:
    (header_bytes,) = struct.unpack_from("<I", data, 14)
    form = "<HH" if header_bytes == _OLD_BMP_BYTES else "<ii"
    width, height = struct.unpack_from(form, data, 18)
    return abs(width), abs(height)


def _gif(data: bytes) -> Size | None:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _jpeg(data: bytes) -> Size | None:
    """The size in the first frame header; fill bytes and stray bytes before a marker are normal."""
    place = 2
    while (place := data.find(b"\xff", place)) >= 0:
        marker, length = struct.unpack_from(">BH", data, place + 1)
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        place += 1 if marker in _JPEG_ALONE else 2 + length
    return None


def _webp(data: bytes) -> Size | None:
    """Lossy, lossless and extended WebP hold it in three ways (RFC 9649, sections 2.5 to 2.7)."""
    form = data[8:16]
    if form == b"WEBPVP8X":
        low_w, high_w, low_h, high_h = struct.unpack_from("<HBHB", data, 24)
        return (low_w | high_w << 16) + 1, (low_h | high_h << 16) + 1
    if form == b"WEBPVP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"WEBPVP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _tiff(data: bytes) -> Size | None:
    """The size in the first directory: the page that is shown."""
    order = "<" if data.startswith(b"II") else ">"
    (start,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, start)
    found: dict[int, int] = {}
    for entry in range(count):
        place = start + 2 + 12 * entry
        tag, kind = struct.unpack_from(f"{order}HH", data, place)
        if kind in _TIFF_NUMBERS:
            (found[tag],) = struct.unpack_from(order + _TIFF_NUMBERS[kind], data, place + 8)
    if _TIFF_WIDTH in found and _TIFF_HEIGHT in found:
        return found[_TIFF_WIDTH], found[_TIFF_HEIGHT]
    return None


_FORMATS: tuple[tuple[bytes, Callable[[bytes], Size | None]], ...] = (
    (JPEG, _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"BM", _bmp),
    (b"RIFF", _webp),
    (b"II*\0", _tiff),
    (b"MM\0*", _tiff),
    (b"GIF8", _gif),
)
