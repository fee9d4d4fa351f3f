"""The pictures of a defect that a form brought, each made small by a process of its own."""

import hashlib
import subprocess
import sys
import threading

from flask import request

from broker.console.parts import parts
from broker.local.case_questions import CasePictured
from broker.rules.case_classes import MOST_PICTURES_OF_VISITOR
from shared.ids import new_id
from shared.picture_header import size_px

MOST_AT_ONCE = 3
MOST_BYTES = 16 << 20
"""Of one picture: what the finest setting of a phone writes."""
MOST_PIXELS = 64_000_000
FORM_BYTES = MOST_AT_ONCE * MOST_BYTES + (64 << 10)
VISITORS_FORM_BYTES = MOST_PICTURES_OF_VISITOR * MOST_BYTES + (64 << 10)
WITHIN_S, WAITS_S = 15.0, 20.0
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
"""JPEG, PNG, WebP: what phones and desks have. Each further kind is one more decoder to attack."""
_COMMAND = (
    *("env", f"OPENCV_IO_MAX_IMAGE_PIXELS={MOST_PIXELS}", "OPENBLAS_NUM_THREADS=1"),
    *(sys.executable, "-m", "broker.console.one_picture"),
)
_one_at_a_time = threading.Lock()
"""A large picture takes hundreds of megabytes while it is decoded."""


class NoPictureError(Exception):
    """What came is not taken; ``key`` is of the sentence that says what to do."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def brought(most: int) -> tuple[bytes, ...]:
    """The pictures of the form that was sent, small and bare; none where none was chosen.

    Raises:
        NoPictureError: one is no picture, too large, or they are too many.
    """
    files = [file for file in request.files.getlist("picture") if file.filename]
    try:
        if len(files) > most:
            raise NoPictureError("case.picture_many")
        return tuple(made_small(file.read(MOST_BYTES + 1)) for file in files)
    finally:
        for file in files:
            file.close()  # a large one lies on the disk until then


def made_small(content: bytes) -> bytes:
    """The picture as a small JPEG file without anything else in it.

    Raises:
        NoPictureError: it is none that we take. What its header says is asked before it is decoded.
    """
    if len(content) > MOST_BYTES:
        raise NoPictureError("case.picture_large")
    size = size_px(content) if content.startswith(_STARTS) else None
    if size is None or not min(size):
        raise NoPictureError("case.picture_kind")
    if size[0] * size[1] > MOST_PIXELS:
        raise NoPictureError("case.picture_large")
    return _decoded(content)


def pictured(case_id: str, content: bytes, staff_id: str | None) -> CasePictured:
    """What the hub is told of a picture. ``staff_id``: who brings it; None: the visitor."""
    moment = parts().clock()
    return CasePictured(
        picture_id=new_id(moment),
        case_id=case_id,
        asked_at=moment,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        staff_id=staff_id,
    )


def _decoded(content: bytes) -> bytes:
    if not _one_at_a_time.acquire(timeout=WAITS_S):
        raise NoPictureError("case.picture_later")
    try:
        done = subprocess.run(
            _COMMAND,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoPictureError("case.picture_damaged") from error
    except OSError as error:
        raise NoPictureError("case.picture_later") from error
    finally:
        _one_at_a_time.release()
    if done.returncode or not done.stdout:
        raise NoPictureError("case.picture_damaged")
    return done.stdout
