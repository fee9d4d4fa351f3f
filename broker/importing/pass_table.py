"""Takes known cars (通行证) out of a table: all of its rows or none; who is not in it stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from broker.choices.rows import PASSES, Rows
from broker.importing.customer_rows import Wrong
from broker.importing.table_file import Cells, rows_of
from broker.importing.table_heads import PASSES_FORM, is_example
from broker.local.questions import Edit
from broker.site_file import Pass
from shared.errors import BadValueError
from shared.ids import new_id
from shared.messages import PassKind
from shared.words import LANGUAGES, Sentence, read_words

DAYS = ("valid_from", "valid_to")


@dataclass(slots=True)
class PassTrial:
    """What would become of a table."""

    edits: list[Edit] = field(default_factory=list)
    fresh: int = 0
    changed: int = 0
    same: int = 0
    wrong: list[Wrong] = field(default_factory=list)


def passes_tried(file: Path, rows: Rows) -> PassTrial:
    """What the table ``file`` would change of ``rows``.

    Raises:
        OperatorError: the file cannot be read, or lacks a column that is needed.
    """
    trial, taken = PassTrial(), set[str]()
    known = {value["plate"]: row for (of, row), value in rows.items() if of == PASSES}
    for number, held in _read(file):
        if isinstance(held, Wrong):
            trial.wrong.append(held)
            continue
        if held.plate in taken:
            why = Sentence("import.pass_twice")
            trial.wrong.append(Wrong(number, "plate", held.plate, why))
            continue
        taken.add(held.plate)
        row = known.get(held.plate, held.id)
        was, now = rows.get((PASSES, row)), _value(held)
        trial.same += was == now
        trial.fresh += was is None
        trial.changed += was is not None and was != now
        if was != now:
            trial.edits.append(Edit(PASSES, row, was, now))
    return trial


def _read(file: Path) -> Iterator[tuple[int, Pass | Wrong]]:
    for number, cells in rows_of(file, PASSES_FORM):
        if not is_example(cells, PASSES_FORM):
            yield number, _pass(number, cells)


def _pass(number: int, cells: Cells) -> Pass | Wrong:
    """The pass of a row, or which of its cells cannot be taken, and why."""
    said = {name: text.strip() for name, text in cells.items() if text.strip()}
    if "plate" not in said:
        return Wrong(number, "plate", "", Sentence("import.pass_plate"))
    if "kind" in said:
        kind = _kinds().get(said["kind"].lower())
        if kind is None:
            return Wrong(number, "kind", said["kind"], Sentence("import.pass_kind"))
        said["kind"] = kind
    for name in DAYS:
        if name in said and not _is_day(said[name]):
            return Wrong(number, name, said[name], Sentence("import.pass_day"))
    try:
        return msgspec.convert({**said, "id": new_id()}, Pass)
    except msgspec.ValidationError as error:
        ours = error.__cause__
        values = ours.sentence.values if isinstance(ours, BadValueError) else {}
        column = str(values.get("field", "plate"))
        problem = values.get("problem")
        why = problem if isinstance(problem, Sentence) else Sentence("import.bad_value")
        return Wrong(number, column, said.get(column, ""), why)


def _value(held: Pass) -> dict[str, str]:
    """The row that the site's choices have of it."""
    plain = msgspec.to_builtins(held)
    usual = {"kind": PassKind.OTHER.value}
    return {
        name: value
        for name, value in plain.items()
        if name != "id" and value is not None and usual.get(name) != value
    }


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@cache
def _kinds() -> Mapping[str, str]:
    """What people call each kind, in any language."""
    words = read_words("shared")
    said = (words.say("import.pass_kinds", tag).split("|") for tag in LANGUAGES)
    named = {name: kind.value for names in said for name, kind in zip(names, PassKind, strict=True)}
    return named | {kind.value: kind.value for kind in PassKind}
