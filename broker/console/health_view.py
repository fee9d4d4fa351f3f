"""What the page of the site's health shows: every check, what to do, and what was measured."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broker.health.site_figures import Condition, Figures


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that was found, and what to do about it."""

    condition: Condition
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check, in the language that was asked for."""

    name: str
    title: str
    condition: Condition
    found: tuple[Remedy, ...] = ()
    at: datetime | None = None
    """When it was made; None: just now."""


@dataclass(frozen=True, slots=True)
class HealthView:
    """The site at one moment. ``checks`` are in the doctor's order."""

    checks: tuple[CheckLine, ...]
    figures: Figures

    def count(self, condition: Condition) -> int:
        """How many checks stand so."""
        return sum(check.condition == condition for check in self.checks)

    @property
    def to_do(self) -> tuple[tuple[CheckLine, Remedy], ...]:
        """What somebody should look at, red first."""
        found = [
            (check, remedy)
            for check in self.checks
            for remedy in check.found
            if remedy.condition in (Condition.WRONG, Condition.HINT)
        ]
        return tuple(sorted(found, key=lambda pair: pair[1].condition is not Condition.WRONG))

    @property
    def verdict(self) -> Condition:
        """One colour for all: what is not known is told beside it, and changes no other."""
        return self.to_do[0][1].condition if self.to_do else Condition.FINE

    def condition(self, *names: str) -> Condition:
        """The worst of these checks."""
        found = {check.condition for check in self.checks if check.name in names}
        return next((condition for condition in Condition if condition in found), Condition.UNKNOWN)


@dataclass(frozen=True, slots=True)
class HeadLine:
    """The journal's end, signed (链头)."""

    on: str
    seq: int
    text: str


class Health(Protocol):
    """What the hub tells the pages of its health. Several threads call it at once."""

    def view(self, language: str) -> HealthView:
        """Every check, and the figures."""

    def figures(self) -> Figures:
        """The figures alone."""

    def head(self) -> HeadLine | None:
        """The journal's end, signed now; None: it is empty, or something is not on the disk yet."""

    def public_key(self) -> str:
        """The key that tells whether this site signed a head."""
