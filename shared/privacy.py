"""How people's data is shown: masked wherever the need to see it is not shown. Pure."""

import re

from shared.errors import OperatorError


def mask_phone(phone: str) -> str:
    """``13800138000`` as ``138****8000``; anything shorter is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


def mask_plate(plate: str) -> str:
    """``浙A88888`` as ``浙A·8**88``: place, first and last two characters stay readable."""
    if len(plate) < 7:
        return plate[:1] + "*" * max(len(plate) - 1, 0)
    return f"{plate[:2]}·{plate[2]}{'*' * (len(plate) - 5)}{plate[-2:]}"


def normalize_phone(text: str) -> str:
    """A mainland mobile number as 11 digits, from any usual spelling (+86, spaces, dashes).

    Raises:
        OperatorError: it is not one; the message is meant for the visitor.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) in (13, 15):  # +86… and 0086…
        digits = digits.removeprefix("00").removeprefix("86")
    if not re.fullmatch(r"1[3-9]\d{9}", digits, re.ASCII):
        raise OperatorError("error.phone")
    return digits
