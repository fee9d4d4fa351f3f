"""What the fields of a message must be to each other: checked in a message, told by its schema."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol


class Rule(Protocol):
    """What must be true of every message of a type."""

    def broken_by(self, message: object) -> str | None:
        """What is wrong with ``message``, in English; None: nothing."""

    def schema(self) -> dict[str, Any]:
        """The same in JSON Schema."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Whoever sends one of ``fields`` must send ``needed`` too."""

    fields: tuple[str, ...]
    needed: str
    problem: str

    def broken_by(self, message: object) -> str | None:
        """``problem``, if it lacks what it needs."""
        if getattr(message, self.needed) is not None:
            return None
        return self.problem if any(_said(message, self.fields)) else None

    def schema(self) -> dict[str, Any]:
        """An ``if`` with its ``then``."""
        return {"if": {"anyOf": [_has(name) for name in self.fields]}, "then": _has(self.needed)}


@dataclass(frozen=True, slots=True)
class ExactlyOne:
    """Exactly one of ``fields`` is said."""

    fields: tuple[str, ...]
    problem: str

    def broken_by(self, message: object) -> str | None:
        """``problem``, if none is or several are."""
        return None if sum(_said(message, self.fields)) == 1 else self.problem

    def schema(self) -> dict[str, Any]:
        """``oneOf`` the fields."""
        return {"oneOf": [_has(name) for name in self.fields]}


def _said(message: object, fields: Iterable[str]) -> list[bool]:
    return [getattr(message, name) is not None for name in fields]


def _has(name: str) -> dict[str, Any]:
    """The schema of an object that says ``name``, which is a string as every moment and id."""
    return {"required": [name], "properties": {name: {"type": "string"}}}
