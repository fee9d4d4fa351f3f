"""Phone numbers: whatever way one is written, it has one stored form. Pure.

A mainland mobile is stored as its 11 digits, as every file of ours has held it; every other number
in E.164 with its plus sign, so that a foreign number never equals a mainland one.
"""

import re
import unicodedata

from shared.errors import BadValueError

MOBILE = r"1[3-9][0-9]{9}"
"""The 11 digits of a mainland mobile."""
E164 = r"\+[1-9][0-9]{6,14}"
PHONE = re.compile(rf"(?<![0-9+]){MOBILE}(?![0-9])|{E164}(?![0-9])")
"""A number in its stored form, inside a text."""

_MAINLAND = "+86"
_DIALLED = re.compile(rf"(?:(?:\+|00)?86)?0?({MOBILE})")
"""A mainland mobile with everything that may be dialled before it."""
_TYPED = re.compile(r"[ (]*\+?[0-9 ()]*")


def normalize_phone(text: str) -> str:
    """The stored form of the number that ``text`` writes in any usual way.

    Without a country's code it is a number of the mainland: a mobile, or a fixed line with its
    area code.

    Raises:
        BadValueError: it is no number that can be called; the message is meant for who typed it.
    """
    if re.fullmatch(MOBILE, text):
        return text
    typed = "".join(map(_plain, unicodedata.normalize("NFKC", text))).strip()
    if not _TYPED.fullmatch(typed):
        raise BadValueError("error.phone")
    bare = re.sub("[^0-9+]", "", typed)
    if mobile := _DIALLED.fullmatch(bare):
        return mobile[1]
    number = _international(typed)
    mobile = _DIALLED.fullmatch(number)
    return mobile[1] if mobile else number


def _plain(sign: str) -> str:
    """A digit as ASCII, a dash, dot or blank as a blank; letters as they are."""
    if sign in "+()*#":  # a mask is no number
        return sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    category = unicodedata.category(sign)
    if category in ("Cf", "Cc", "Mn"):
        return ""
    return sign if category[0] in "LN" else " "


def _international(typed: str) -> str:
    """``typed`` in E.164."""
    # Not at the top: 60 ms and 6 MB, and most numbers are mainland mobiles.
    import phonenumbers as library

    try:
        number = library.parse(typed, "CN")
    except library.NumberParseException:
        raise BadValueError("error.phone") from None
    said = library.format_number(number, library.PhoneNumberFormat.E164)
    # Other countries' plans change more often than we are updated: their length must do.
    is_known = library.is_valid_number if said.startswith(_MAINLAND) else library.is_possible_number
    if not is_known(number):
        raise BadValueError("error.phone")
    return said
