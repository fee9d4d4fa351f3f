"""What a camera says and shows to a car, where its maker lets us. Pure.

The display is the board of lines that stands beside most barriers in China, on the camera's serial
port. Of its commands we know one: a text for a moment.
"""

from dataclasses import dataclass

SHOWN_S = 5
_ADDRESS = b"\x00\x64\xff\xff"
"""Any display, and the version of what is spoken to it."""
TEXT_FOR_A_MOMENT = 0x62
_FIRST_LINE, _AT_ONCE, _PACE, _LARGE_FONT, _AGAIN = 0, 0, 1, 3, 0
_RED = b"\xff\x00\x00\x00"
_MOST_BYTES = 60
_POLYNOMIAL = 0xA001


@dataclass(frozen=True, slots=True)
class Greeting:
    """A sentence that names nobody; empty: nothing is said."""

    text: str = ""
    is_spoken: bool = False
    is_shown: bool = False


SILENCE = Greeting()


def in_gbk(text: str) -> bytes:
    """``text`` as these cameras and displays take it."""
    return text.encode("gbk", "replace")[:_MOST_BYTES]


def display_frame(text: str) -> bytes:
    """The command that shows ``text`` for some seconds."""
    said = in_gbk(text)
    how = bytes((_FIRST_LINE, _AT_ONCE, _PACE, 0, SHOWN_S, 0, 1, _LARGE_FONT, _AGAIN))
    data = how + _RED + bytes(4) + bytes((len(said), 0)) + said
    frame = _ADDRESS + bytes((TEXT_FOR_A_MOMENT, len(data))) + data
    return frame + _sum_of(frame)


def _sum_of(frame: bytes) -> bytes:
    """The CRC-16 of Modbus, low byte first."""
    found = 0xFFFF
    for byte in frame:
        found ^= byte
        for _ in range(8):
            found = (found >> 1) ^ _POLYNOMIAL if found & 1 else found >> 1
    return found.to_bytes(2, "little")
