"""Pictures of a defect as phones and desks make them, and as nobody should; all drawn."""

import hashlib
import io
import struct
import zlib

from PIL import Image as Pillow

from broker.local.case_questions import CasePictured
from tests.fakes import NINE

MAKER = "A phone of 王先生"
"""What stands in the picture's own data, and must not stay there."""
WIDE, HIGH = 2000, 1500


def crack(width: int = WIDE, height: int = HIGH) -> Pillow.Image:
    """A grey wall whose left half is dark, so that one sees how it is turned."""
    wall = Pillow.new("RGB", (width, height), (200, 200, 200))
    wall.paste((40, 40, 40), (0, 0, width // 2, height))
    return wall


def saved(picture: Pillow.Image, form: str, **options: object) -> bytes:
    """The file of it."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def lying_down() -> bytes:
    """As a phone that is held upright saves it, with its place and its maker."""
    exif = Pillow.Exif()
    exif[0x0112], exif[0x010F] = 6, MAKER
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)
    turned = crack().transpose(Pillow.Transpose.ROTATE_90)
    return saved(turned, "JPEG", exif=exif, comment=MAKER.encode())


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A small PNG that says truly how large it is: 2.7 GB when decoded."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(9)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def brings(number: int, case_id: str = "k-1", staff_id: str | None = "li") -> CasePictured:
    """The message of a picture that is already small."""
    content = b"\xff\xd8\xff picture %d" % number
    return CasePictured(
        picture_id=f"p-{number}",
        case_id=case_id,
        asked_at=NINE,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        staff_id=staff_id,
    )
