"""Masks phone numbers and plates, and brings phone numbers into one form. Pure."""

import re

from shared.errors import OperatorError
from shared.plate import PROVINCES

PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
"""A mobile number inside a text."""
_PLATE = re.compile(
    rf"(?:WJ)?[{''.join(PROVINCES)}使]"
    r"[A-Z0-9][·• ]?[A-Z0-9]{4,6}[A-Z0-9挂学警港澳领使应急]?"
)
_NO_PLATES = ("无牌", "未识别")
"""What the gate says instead of a plate: nobody's data."""


def mask_phone(phone: str) -> str:
    """``13800138000`` as ``138****8000``; anything shorter is hidden completely."""
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


def normalize_phone(text: str) -> str:
    """A mainland mobile number as 11 digits, from any usual spelling (+86, spaces, dashes).

    Raises:
        OperatorError: it is no such number; the message is meant for the visitor.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) in (13, 15):  # +86… and 0086…
        digits = digits.removeprefix("00").removeprefix("86")
    if not re.fullmatch(r"1[3-9]\d{9}", digits, re.ASCII):
        raise OperatorError("error.phone")
    return digits
