"""What a vendor's camera says of one car, in our words. Pure."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from shared.keys import LONGEST_PLATE
from shared.plate import PROVINCES, normalize

CHINA = timezone(timedelta(hours=8))
"""The time of a camera that names no zone."""
UNKNOWN = "unknown"
_NOTHING = {"", "unknown", "none", "null", "noplate", "0", "无", "无牌", "无牌车", "未识别"}
_LARGEST_S = 253_402_300_000
"""The last second that a datetime can tell, nearly."""
_MOST_OF_TEXT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorRead:
    """One result of a camera. ``plate`` is empty where it saw none."""

    vendor_id: str
    """The vendor's own name of this result: the same whenever it is sent again."""
    plate: str
    raw_plate: str = ""
    """As the vendor wrote it."""
    confidence: float = 0.0
    characters: tuple[float, ...] = ()
    candidates: tuple[str, ...] = ()
    colour: str = UNKNOWN
    way: str | None = None
    """``towards``, ``away``, ``left``, ``right``, ``up``, ``down``, or outright ``in``, ``out``."""
    taken_at: datetime | None = None
    """By the camera's clock."""
    camera: str = ""
    car: str = ""
    """What the vendor calls this car, over several results; empty: it does not say."""
    is_late: bool = False
    """The camera kept it while nobody listened."""
    is_doubtful: bool = False
    """The camera takes it for a picture of a plate."""
    has_turned_back: bool = False

    @property
    def key(self) -> str:
        """Of this result and no other: one name may stand for two cars in one picture."""
        named = "\0".join((self.camera, self.vendor_id, self.plate))
        return hashlib.blake2b(named.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Understood:
    """What a body says: cars, a sign of life, or nothing that concerns us."""

    reads: tuple[VendorRead, ...] = ()
    is_heartbeat: bool = False


def plate_of(value: object) -> tuple[str, str]:
    """The plate in its stored form, empty for none, and as it was written.

    Some firmware writes it in base64, in UTF-8 or GBK.
    """
    raw = text(value)
    written = _from_base64(raw) or raw
    plain = normalize(written)
    bare = re.sub(r"[\W_]", "", written).lower()
    is_none = bare in _NOTHING or not plain or len(plain) > LONGEST_PLATE
    return ("" if is_none else plain), written[:LONGEST_PLATE]


def plates_of(values: object, key: str) -> tuple[str, ...]:
    """The plates under ``key`` of each object in a list."""
    found = (plate_of(get(each, key))[0] for each in values) if isinstance(values, list) else ()
    return tuple(dict.fromkeys(plate for plate in found if plate))[:10]


def _from_base64(raw: str) -> str | None:
    if len(raw) < 8 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", raw):
        return None
    try:
        data = base64.b64decode(raw, validate=True)
    except ValueError:
        return None
    for coding in ("utf-8", "gb18030"):
        try:
            found = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if any(sign in PROVINCES for sign in found) or found == "_无_":
            return found
    return None


def get(tree: object, *keys: str) -> Any:
    """What stands under ``keys``, one within the other; None: nothing."""
    for key in keys:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def text(value: object) -> str:
    """A text or a number as text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()[:_MOST_OF_TEXT]


def number(value: object) -> float | None:
    """A number, or a text that is one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < 1e15 else None


def ratio(value: object, *, most: float = 1.0) -> float:
    """How sure the vendor is, from 0 to 1, where it counts up to ``most``; 0: it does not say.

    What is beyond ``most`` counts up to 255, as a byte does.
    """
    found = number(value)
    if found is None or found < 0:
        return 0.0
    return min(found / (most if found <= most else max(most, 255.0)), 1.0)


def by_seconds(value: object, micros: object = 0) -> datetime | None:
    """A moment in seconds since 1970, or in milliseconds."""
    seconds = number(value)
    if seconds is None or seconds <= 0:
        return None
    seconds = seconds / 1000 if seconds > 1e11 else seconds
    seconds += (number(micros) or 0.0) / 1e6
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LARGEST_S else None


def by_text(value: object) -> datetime | None:
    """A moment as ``2026-11-23 09:00:00.123``, ``20261123090000123`` or with a zone."""
    written = text(value)
    if digits := re.fullmatch(r"(\d{8})[ T]?(\d{6})\.?(\d{1,6})?", written):
        written = f"{digits[1]}T{digits[2]}.{(digits[3] or '0'):0<6}"
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
