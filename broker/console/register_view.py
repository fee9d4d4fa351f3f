"""What the pages show of a register: its heads and rows, masked for their reader. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.privacy import mask_phone, masked_plate

Cell = str | int
"""Text, or a number that can be added up."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""The days that can be asked for."""
WHOLE_PHONE, WHOLE_PLATE = 11, 7
"""Characters from which on something typed is a whole phone or plate."""


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows somebody looks for; None: all."""

    text: str | None = None
    """A part of any cell as it is shown: what a mask hides is not compared."""
    staff_id: str | None = None
    """Rows in which this colleague has a part."""
    kind: str | None = None
    """Rows that count as this: ``natural``, ``passed_over`` …; ``natural,new``: as both."""
    host_id: str | None = None
    """What this colleague did: their receptions and turns, not those that only concern them.
    ``li,wang``: what either did."""

    @property
    def kinds(self) -> frozenset[str]:
        """All that a row has to count as."""
        return frozenset(self.kind.split(",")) if self.kind else frozenset()

    @property
    def hosts(self) -> frozenset[str]:
        """Of whom one has to have done it."""
        return frozenset(self.host_id.split(",")) if self.host_id else frozenset()

    def finds(self, cells: tuple[Cell, ...]) -> bool:
        """Whether a row with these cells has the text."""
        if not self.text:
            return True
        pieces = {folded(self.text), *map(folded, masks_of(self.text))}
        return any(piece in folded(str(cell)) for cell in cells for piece in pieces)


def masks_of(text: str) -> Iterator[str]:
    """How a phone or plate that was typed whole looks behind its mask."""
    bare = "".join(text.split()).upper().replace("·", "")
    if len(bare) >= WHOLE_PHONE and bare.lstrip("+").isdigit():
        yield mask_phone(bare)
    elif len(bare) >= WHOLE_PLATE and not bare.isascii() and "*" not in bare:
        yield masked_plate(bare)


def folded(text: str) -> str:
    """``text`` without what nobody types."""
    return "".join(text.split()).casefold().replace("·", "")


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where a page of rows begins: so many rows after the beginning of a day."""

    on: date
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class SheetAsked:
    """A register, from a day to another."""

    name: str
    first: date
    last: date
    wanted: RowsWanted = RowsWanted()
    begins: PagePlace | None = None
    """None: with the first row."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row, as it may be seen."""

    cells: tuple[Cell, ...]
    on: date
    """The day to which it belongs."""
    visit_id: str | None = None
    """The visit whose page tells more."""


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What stands above the rows, on the page as on paper."""

    name: str
    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    """In characters."""
    kinds: tuple[tuple[str, str], ...] = ()
    """What rows may be chosen by, and its name."""
    is_signed: bool = False
    """The paper has a place for signatures."""


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A page of a register."""

    head: SheetHead
    rows: tuple[ShownRow, ...]
    next: PagePlace | None = None
    """Where the following page begins; None: this is the last."""


@dataclass(frozen=True, slots=True)
class OfferedRegister:
    """A register that somebody may open."""

    name: str
    title: str
