"""What a register is: its rows, its columns, and who sees which of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from broker.console.register_view import Cell as Cell
from broker.registers.day_facts import Day
from broker.registers.writer import Writer
from broker.rules.policy import Policy
from shared.database import Database


class Mask(StrEnum):
    """What a cell may hold of somebody."""

    NONE = ""
    PHONE = "phone"
    PLATE = "plate"
    FREE = "free"
    """Text in which a phone or plate may stand."""


class Scope(StrEnum):
    """Which rows a post sees."""

    ALL = "all"
    OWN = "own"
    """Those in which the reader has a part."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column; its head is the sentence ``register.column_…``."""

    name: str
    cell: Callable[[Writer, Any], Cell]
    mask: Mask = Mask.NONE
    width: int = 10
    """In characters, on paper and in a table."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """The file that is read, and from which day to which."""

    db: Database
    policy: Policy
    first: date
    last: date
    now: datetime
    memo: dict[str, Any] = field(default_factory=dict)
    """What is read once for all days."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a row concerns."""

    owner_id: str | None = None
    host_id: str | None = None
    others: tuple[str | None, ...] = ()
    visit_id: str | None = None
    """The visit whose evidence tells more."""

    @property
    def people(self) -> frozenset[str]:
        """Everybody who has a part in it."""
        return frozenset(filter(None, (self.owner_id, self.host_id, *self.others)))


@dataclass(frozen=True, slots=True)
class RegisterSheet:
    """A register (登记本); its title is the sentence ``register.title_…``."""

    name: str
    rows: Callable[[Day, FileReading], Iterable[Any]]
    """Of one day, in their order."""
    columns: tuple[SheetColumn, ...]
    parties: Callable[[Any], Parties]
    seen_by: Mapping[str, Scope]
    """By post; no other post sees anything."""
    kinds: Callable[[Any], Iterable[str]] = lambda _row: ()
    """What a row counts as: by these rows are found and numbers are made."""
    shows_customers: bool = False
    """Reading it is a look-up (R3)."""
    is_signed: bool = False
    """The paper has a place for signatures."""

    def scope(self, roles: tuple[str, ...]) -> Scope | None:
        """Which rows somebody with these posts sees; None: none at all."""
        scopes = {self.seen_by[role] for role in roles if role in self.seen_by}
        return Scope.ALL if Scope.ALL in scopes else next(iter(scopes), None)
