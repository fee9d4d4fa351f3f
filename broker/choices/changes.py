"""What holds after a site's changes, at any moment: the fold of their edits."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from broker.choices.rows import Row, Rows
from broker.local.questions import Edit, SettingsChange


class KeptChange(NamedTuple):
    """A change as the journal has it."""

    seq: int
    at: datetime
    """When it was entered."""
    change: SettingsChange

    @property
    def holds_from(self) -> datetime:
        """When it takes effect."""
        return self.change.valid_from or self.at


def rows_at(kept: Iterable[KeptChange], at: datetime) -> dict[Row, Any]:
    """The rows in force at ``at``; a change without a moment of its own holds at once."""
    rows: dict[Row, Any] = {}
    begun = (one for one in kept if one.change.valid_from is None or one.change.valid_from <= at)
    for one in sorted(begun, key=lambda one: (one.holds_from, one.seq)):
        rows.update({(edit.section, edit.row): edit.now for edit in one.change.edits})
    return {row: value for row, value in rows.items() if value is not None}


def next_after(kept: Iterable[KeptChange], at: datetime) -> datetime | None:
    """When the next planned change takes effect after ``at``; None: none is planned."""
    planned = (one.change.valid_from for one in kept)
    return min((moment for moment in planned if moment is not None and moment > at), default=None)


def edited(rows: Rows, edits: Iterable[Edit]) -> dict[Row, Any]:
    """``rows`` after the ``edits``."""
    after = {**rows, **{(edit.section, edit.row): edit.now for edit in edits}}
    return {row: value for row, value in after.items() if value is not None}


def between(before: Rows, after: Rows) -> tuple[Edit, ...]:
    """The edits that make ``after`` of ``before``."""
    names = dict.fromkeys([*before, *after])
    return tuple(
        Edit(*row, before.get(row), after.get(row))
        for row in names
        if before.get(row) != after.get(row)
    )


def reversed_edits(change: SettingsChange) -> tuple[Edit, ...]:
    """The edits that take ``change`` back."""
    return tuple(Edit(edit.section, edit.row, edit.now, edit.was) for edit in change.edits)


def last_on(kept: Sequence[KeptChange], row: Row) -> KeptChange | None:
    """The latest change of this row; None: there is none."""
    edits = (
        one
        for one in reversed(kept)
        if any((edit.section, edit.row) == row for edit in one.change.edits)
    )
    return next(edits, None)
