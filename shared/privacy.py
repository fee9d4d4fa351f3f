"""Masks phone numbers and plates, alone and inside sentences. Pure."""

import re

from shared.phone import PHONE
from shared.plate import PROVINCES

_PLATE = re.compile(
    rf"(?:WJ)?[{''.join(PROVINCES)}使]"
    r"[A-Z0-9][·• ]?[A-Z0-9]{4,6}[A-Z0-9挂学警港澳领使应急]?"
)
_COUNTRY = re.compile(
    r"\+(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3})(?=[0-9]{6})"
)
"""The calling code of a country (ITU-T E.164), before enough digits to hide some of them."""
_NO_PLATES = ("无牌", "未识别")
"""What the gate says instead of a plate: nobody's data."""


def mask_phone(phone: str) -> str:
    """``13800138000`` as ``138****8000``, ``+85291234567`` as ``+852****4567``.

    Anything shorter is hidden completely.
    """
    if phone.startswith("+"):
        country = _COUNTRY.match(phone)
        return f"{country[0]}****{phone[-4:]}" if country else "****"
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


def mask_plate(plate: str) -> str:
    """``浙A88888`` as ``浙A·8**88``: place, first and last two characters stay readable."""
    if len(plate) < 7:
        return plate[:1] + "*" * max(len(plate) - 1, 0)
    return f"{plate[:2]}·{plate[2]}{'*' * (len(plate) - 5)}{plate[-2:]}"


def masked_plate(plate: str | None) -> str:
    """``plate`` with its middle hidden; a dash for a visitor without a car."""
    if plate is None:
        return "—"
    return plate if plate in _NO_PLATES else mask_plate(re.sub(r"[·• ]", "", plate))


def masked_text(text: str | None) -> str:
    """``text`` with every phone number and plate in it masked; empty for None."""
    hidden = PHONE.sub(lambda found: mask_phone(found.group()), text or "")
    return _PLATE.sub(lambda found: masked_plate(found.group()), hidden)
