"""A register as its reader sees it: heads and cells, the same for page, paper and file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from broker.console.register_view import Cell, RowsWanted, SheetHead, ShownRow
from broker.console.site_view import Person
from broker.console.who_sees import sees_whole
from broker.registers.columns import (
    FileReading,
    Mask,
    Parties,
    RegisterSheet,
    Scope,
    SheetColumn,
)
from broker.registers.days import days
from broker.registers.figures import FIGURES
from broker.registers.writer import Writer
from shared.privacy import mask_phone, masked_plate, masked_text

_MASKED: Mapping[Mask, Callable[[str], str]] = {
    Mask.PHONE: lambda text: mask_phone(text) if text.lstrip("+").isdigit() else text,
    Mask.PLATE: lambda text: masked_plate(text) if _is_plate(text) else text,
    Mask.FREE: masked_text,
}
OPERATOR: tuple[str, ...] = ("manager",)
"""An operator at the machine sees the rows that the manager sees."""


def _is_plate(text: str) -> bool:
    return len(text) >= 5 and any(char.isascii() and char.isalnum() for char in text)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and with what right."""

    person: Person | None
    """None: an operator, by a command."""
    is_whole: bool = False
    """Phones and plates in full, for a reason that is on record."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Their posts."""
        return self.person.roles if self.person else OPERATOR

    def may_see(self, register: RegisterSheet, parties: Parties) -> bool:
        """Whether a row that concerns ``parties`` is theirs to see."""
        scope = register.scope(self.roles)
        is_part = self.person is not None and self.person.staff_id in parties.people
        return scope is Scope.ALL or (scope is Scope.OWN and is_part)

    def cell(self, write: Writer, column: SheetColumn, row: Any, parties: Parties) -> Cell:
        """The cell as they may see it."""
        value = column.cell(write, row)
        if not isinstance(value, str):
            return value
        hide = _MASKED.get(column.mask) if value else None
        return value if hide is None or self._sees_whole(column.mask, parties) else hide(value)

    def _sees_whole(self, mask: Mask, parties: Parties) -> bool:
        if self.is_whole or self.person is None or mask is Mask.FREE:
            return self.is_whole
        return sees_whole(mask.value, self.person, parties.owner_id, parties.host_id)


def sheet_head(register: RegisterSheet, write: Writer) -> SheetHead:
    """What stands above its rows."""
    kinds = (figure for figure in FIGURES if figure.register.name == register.name and figure.kind)
    return SheetHead(
        name=register.name,
        title=write.say(f"title_{register.name}"),
        heads=tuple(write.say(head_of(column)) for column in register.columns),
        widths=tuple(column.width for column in register.columns),
        kinds=tuple((figure.kind or "", write.say(f"figure_{figure.name}")) for figure in kinds),
        is_signed=register.is_signed,
    )


def _is_wanted(wanted: RowsWanted, parties: Parties, kinds: Iterable[str]) -> bool:
    """Whether a row that concerns ``parties`` and counts as ``kinds`` is looked for."""
    if wanted.staff_id and wanted.staff_id not in parties.people:
        return False
    if wanted.hosts and parties.host_id not in wanted.hosts:
        return False
    return wanted.kinds.issubset(kinds)


def head_of(column: SheetColumn) -> str:
    """The sentence that names the column; a figure's is the figure's own."""
    return column.name if column.name.startswith("figure_") else f"column_{column.name}"


def shown_rows(
    register: RegisterSheet, asked: FileReading, write: Writer, reader: Reader, wanted: RowsWanted
) -> Iterator[ShownRow]:
    """The rows that they asked for and may see, in order."""
    for day in days(asked.db, asked.policy, asked.first, asked.last):
        for row in register.rows(day, asked):
            parties = register.parties(row)
            if not reader.may_see(register, parties):
                continue
            if not _is_wanted(wanted, parties, register.kinds(row) if wanted.kind else ()):
                continue
            cells = tuple(reader.cell(write, column, row, parties) for column in register.columns)
            if wanted.finds(cells):
                yield ShownRow(cells, day.on, parties.visit_id)
