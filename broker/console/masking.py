"""Plates and phones as the console shows them. Pure."""

import re

from shared.privacy import mask_phone, mask_plate

_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_PLATE = re.compile(
    r"(?:WJ)?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]"
    r"[A-Z0-9][·• ]?[A-Z0-9]{4,6}[A-Z0-9挂学警港澳领使应急]?"
)
_NO_PLATES = ("无牌", "未识别")
"""What the gate says instead of a plate: nobody's data."""


def masked_plate(plate: str | None) -> str:
    """``plate`` with its middle hidden; a dash for a visitor without a car."""
    if plate is None:
        return "—"
    return plate if plate in _NO_PLATES else mask_plate(re.sub(r"[·• ]", "", plate))


def masked_text(text: str | None) -> str:
    """``text`` with every phone number and plate in it masked; empty for None."""
    hidden = _PHONE.sub(lambda found: mask_phone(found.group()), text or "")
    return _PLATE.sub(lambda found: masked_plate(found.group()), hidden)
