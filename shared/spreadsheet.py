"""Cells that a spreadsheet takes for what they are, not for a formula. Pure."""

from typing import TypeVar
from unicodedata import normalize

C = TypeVar("C")
_BEGINS_A_FORMULA = frozenset("=+-@")
"""Also where they are full-width, as a Chinese keyboard types them."""
_UNSEEN = "\ufeff\u200b"
"""Characters besides blanks that a spreadsheet may skip before it looks for a formula."""


def harmless(cell: C) -> C | str:
    """``cell``, with an apostrophe before what a spreadsheet would take for a formula."""
    if not isinstance(cell, str):
        return cell
    begins = normalize("NFKC", cell.lstrip().lstrip(_UNSEEN).lstrip()[:1])
    return f"'{cell}" if begins in _BEGINS_A_FORMULA or cell[:1] in ("\t", "\r", "\n") else cell
