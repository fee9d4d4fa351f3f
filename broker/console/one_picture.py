"""Makes one picture small and bare, from standard input to standard output: a process of its own.

    python -m broker.console.one_picture <in.jpg >out.jpg

A decoder is a C library that is given what strangers send. Whatever goes wrong in it, or takes too
much of the machine, ends this process and not the hub's. The pixels alone are written: no EXIF, no
place, no name of a phone.
"""

import resource
import sys
from contextlib import suppress

import cv2
import numpy as np

from shared.picture_header import size_px

LONGEST_PX = 1280
MOST_KEPT_BYTES = 400 << 10
QUALITIES = (82, 70, 55, 40)
"""Of JPEG: the first by which the picture is small enough."""
CPU_S, MEMORY_BYTES = 20, 2 << 30
_REDUCED = {
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
}
"""A JPEG is decoded at a part of its size, which takes a part of the memory."""


def small(content: bytes) -> bytes | None:
    """The picture upright, no longer than ``LONGEST_PX``, as a JPEG file; None: there is none."""
    size = size_px(content)
    if size is None:
        return None
    times = max(size) // LONGEST_PX
    how = next((flag for part, flag in _REDUCED.items() if part <= times), cv2.IMREAD_COLOR)
    image = cv2.imdecode(np.frombuffer(content, np.uint8), how)
    if image is None:
        return None
    height, width = image.shape[:2]
    if max(height, width) > LONGEST_PX:
        part = LONGEST_PX / max(height, width)
        wanted = (max(1, round(width * part)), max(1, round(height * part)))
        image = cv2.resize(image, wanted, interpolation=cv2.INTER_AREA)
    return _as_jpeg(image)


def _as_jpeg(image: cv2.typing.MatLike) -> bytes:
    written = b""
    for quality in QUALITIES:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        written = data.tobytes()
        if len(written) <= MOST_KEPT_BYTES:
            break
    return written


def _stay_within_limits() -> None:
    """Where the system lets us, no more of the machine than a phone's picture needs."""
    for what, most in ((resource.RLIMIT_CPU, CPU_S), (resource.RLIMIT_AS, MEMORY_BYTES)):
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))
    cv2.setNumThreads(1)


if __name__ == "__main__":
    _stay_within_limits()
    found = small(sys.stdin.buffer.read())
    if found is None:
        sys.exit(1)
    sys.stdout.buffer.write(found)
