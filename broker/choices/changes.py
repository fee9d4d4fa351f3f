"""What holds after a site's changes, at any moment: the fold of their edits."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from broker.choices.rows import PASSES, Row, Rows, is_known
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
    """The rows in force at ``at``; a change without a moment of its own holds at once.

    What the group lets sites choose holds where the site chose nothing; what it binds, everywhere.
    A field of a later release is none here.
    """
    begun, own = _begun(kept, at), dict[Row, Any]()
    for one in begun:
        if one.change.document is None:
            own.update({(edit.section, edit.row): edit.now for edit in one.change.edits})
    given = _given(begun)
    offered = {row: edit.now for row, edit in given.items() if edit.may_differ}
    bound = {row: edit.now for row, edit in given.items() if not edit.may_differ}
    rows = _one_pass_a_car([offered, own, bound])
    return {row: value for row, value in rows.items() if value is not None and is_known(row)}


def _one_pass_a_car(layers: Sequence[Rows]) -> dict[Row, Any]:
    """The rows of all layers, the last first; a car has the pass that its last layer gives it."""
    rows = dict[Row, Any]()
    for layer in layers:
        plates = {_plate(row, value) for row, value in layer.items()} - {None}
        rows = {row: value for row, value in rows.items() if _plate(row, value) not in plates}
        rows |= layer
    return rows


def _plate(row: Row, value: Any) -> str | None:
    """The car of a pass; None: it is something else."""
    is_pass = row[0] == PASSES and isinstance(value, dict)
    return str(value.get("plate")) if is_pass else None


def given_at(kept: Iterable[KeptChange], at: datetime) -> dict[Row, Edit]:
    """What the group's documents say of each row at ``at``."""
    return _given(_begun(kept, at))


def own_rows(kept: Iterable[KeptChange]) -> set[Row]:
    """The rows of which the site itself ever chose something."""
    changes = (one.change for one in kept if one.change.document is None)
    return {(edit.section, edit.row) for change in changes for edit in change.edits}


def _begun(kept: Iterable[KeptChange], at: datetime) -> list[KeptChange]:
    """The changes that have taken effect, in the order in which they did."""
    begun = (one for one in kept if one.change.valid_from is None or one.change.valid_from <= at)
    return sorted(begun, key=lambda one: (one.holds_from, one.seq))


def documents_from(kept: Iterable[KeptChange], at: datetime) -> list[KeptChange]:
    """The group's documents in force at ``at``, and those that are planned then."""
    changes = [*kept]
    planned = [one for one in changes if one.change.document and one.holds_from > at]
    return [*_latest(_begun(changes, at)), *planned]


def _given(begun: Iterable[KeptChange]) -> dict[Row, Edit]:
    """Of two documents about one row, the one that came later; nothing of a later release."""
    edits = (edit for one in _latest(begun) for edit in one.change.edits)
    return {row: edit for edit in edits if is_known(row := (edit.section, edit.row))}


def _latest(begun: Iterable[KeptChange]) -> list[KeptChange]:
    """The latest version of each document."""
    latest = dict[str, tuple[int, KeptChange]]()
    for one in begun:
        if (document := one.change.document) is None:
            continue
        version, _ = latest.get(document.name, (0, None))
        if version < document.version:
            latest.pop(document.name, None)
            latest[document.name] = document.version, one
    return [one for _, one in latest.values()]


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
