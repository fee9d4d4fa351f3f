"""``yingbin import``: customers out of a table, tried first; all of them or none; taken back."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path

from broker.choices.changes import rows_at
from broker.choices.rows import STAFF
from broker.importing.customer_rows import RowReader
from broker.importing.pass_table import passes_tried
from broker.importing.plan_table import import_plans
from broker.importing.site_toml import SUFFIX, customers_of, edits_of
from broker.importing.table_file import rows_of
from broker.importing.table_heads import FORMS, template
from broker.importing.trial import Conflict, TableTrial, owners_of, tried
from broker.journal.choices import changes_in, chosen_in
from broker.journal.entries import open_read_only
from broker.journal.past import latest_state
from broker.leaving.who_left import staff_here
from broker.local.local_socket import ask
from broker.local.questions import (
    CustomersImported,
    CustomersPart,
    Edit,
    ImportTakenBack,
    ListedCustomer,
    SettingsChange,
)
from broker.settings import hub_file, hub_parser
from broker.store.listed_customers import START
from shared.clock import now
from shared.command_line import Terminal
from shared.database import Database
from shared.errors import OperatorError
from shared.ids import new_id
from shared.privacy import mask_phone
from shared.words import Sentence

PART = 100
"""Rows that the hub enters at a time: an alert waits for no more than these."""
TOLD_EVERY = 5_000
SHOWN = 200


def main(words: list[str], terminal: Terminal) -> int:
    """Try the table and enter it, take one back, or write the empty form.

    Raises:
        OperatorError: the table cannot be read, no hub is running, or it refuses.
    """
    if "--template" in words:
        return _template(words, terminal)
    asked = _parser(terminal).parse_args(words)
    path = hub_file(config=asked.config, data=asked.data)
    if asked.kind == "undo":
        back = ImportTakenBack(import_id=asked.what, asked_at=now(), by=asked.by)
        ask(path.parent, back)
        terminal.tell(Sentence("import.taken_back", import_id=asked.what))
        return 0
    file = Path(asked.what)
    if take := _OTHERS.get(asked.kind):
        return take(path, file, terminal, asked)
    import_id = f"{START}{new_id()}"
    trial, names = tried_at(path, file, import_id)
    _tell(terminal, trial, names, is_json=asked.json)
    if trial.wrong or (trial.conflicts and not asked.without_conflicts):
        terminal.warn(Sentence("import.nothing_entered"))
        return 1
    if asked.dry_run or not trial.fresh:
        terminal.tell(Sentence("import.trial" if asked.dry_run else "import.nothing_new"))
        return 0
    _enter(path.parent, import_id, trial.fresh, asked.source or file.name, terminal, asked)
    return 0


def _people(path: Path, file: Path, terminal: Terminal, asked: argparse.Namespace) -> int:
    """Take the people of a ``site.toml``; whom it does not name stays."""
    if file.suffix != SUFFIX:
        raise OperatorError("error.import_people", path=file)
    moment = now()
    with closing(open_read_only(path)) as db:
        edits = edits_of(file, rows_at(changes_in(db), moment))
    for edit in (edit for edit in edits if edit.section == STAFF):
        terminal.tell(Sentence("import.person", staff_id=edit.row))
    if not edits or asked.dry_run:
        terminal.tell(Sentence("import.trial" if edits else "import.nothing_new"))
        return 0
    _choose(path.parent, edits, moment, f"import {file.name}")
    terminal.tell(Sentence("settings.imported", count=len(edits)))
    return 0


def _passes(path: Path, file: Path, terminal: Terminal, asked: argparse.Namespace) -> int:
    """Take the known cars of a table: all of its rows or none; what it does not name stays."""
    moment = now()
    with closing(open_read_only(path)) as db:
        trial = passes_tried(file, rows_at(changes_in(db), moment))
    for wrong in trial.wrong[:SHOWN]:
        terminal.tell(wrong.sentence)
    counts = {"fresh": trial.fresh, "changed": trial.changed, "same": trial.same}
    terminal.tell(Sentence("import.passes_would", **counts, wrong=len(trial.wrong)))
    if trial.wrong:
        terminal.warn(Sentence("import.nothing_entered"))
        return 1
    if asked.dry_run or not trial.edits:
        terminal.tell(Sentence("import.trial" if asked.dry_run else "import.nothing_new"))
        return 0
    source = asked.source or f"import {file.name}"
    _choose(path.parent, tuple(trial.edits), moment, source, by=asked.by)
    terminal.tell(Sentence("settings.imported", count=len(trial.edits)))
    return 0


def _choose(
    folder: Path, edits: tuple[Edit, ...], at: datetime, source: str, by: str | None = None
) -> None:
    """Let the hub take all of it as one change of the settings."""
    change_id = new_id(at)
    ask(folder, SettingsChange(change_id=change_id, asked_at=at, edits=edits, by=by, source=source))


_OTHERS = {"people": _people, "passes": _passes, "plans": import_plans}
"""The kinds that are no customers, and what takes them."""


def tried_at(path: Path, file: Path, import_id: str) -> tuple[TableTrial, dict[str, str]]:
    """What would become of the table ``file`` at the site of the hub's file, and people's names."""
    moment, chosen = now(), chosen_in(path, now)
    if chosen is None:
        raise OperatorError("error.import_nobody")
    with closing(open_read_only(path)) as connection:
        db = Database(connection)
        state = latest_state(db)
        here = staff_here(chosen.people, state)
        consultants = tuple(person for person in here if "consultant" in person.roles)
        ids = frozenset(person.id for person in consultants)
        owners = owners_of(db, chosen.policy, moment, ids)
    names = dict(chosen.people.names())
    if file.suffix == SUFFIX:
        return tried(customers_of(file, import_id, chosen.policy), owners), names
    reader = RowReader(consultants, chosen.policy, moment)
    return tried((reader.read(import_id, *row) for row in rows_of(file)), owners), names


def _enter(
    folder: Path,
    import_id: str,
    customers: Sequence[ListedCustomer],
    source: str,
    terminal: Terminal,
    asked: argparse.Namespace,
) -> None:
    """Enter all of them, or, if anything fails, none."""
    entered = 0
    try:
        for part in _parts(customers):
            ask(folder, CustomersPart(import_id=import_id, asked_at=now(), customers=part))
            entered += len(part)
            if entered % TOLD_EVERY < PART or entered == len(customers):
                _progress(terminal, entered, len(customers), is_json=asked.json)
        done = CustomersImported(
            import_id=import_id, asked_at=now(), count=entered, source=source, by=asked.by
        )
        ask(folder, done)
    except (OperatorError, KeyboardInterrupt):
        ask(folder, ImportTakenBack(import_id=import_id, asked_at=now()))
        raise
    terminal.tell(Sentence("import.done", count=entered, import_id=import_id))


def _parts(customers: Sequence[ListedCustomer]) -> Iterator[tuple[ListedCustomer, ...]]:
    left = iter(customers)
    while part := tuple(islice(left, PART)):
        yield part


def _tell(terminal: Terminal, trial: TableTrial, names: dict[str, str], *, is_json: bool) -> None:
    """What would happen: numbers, and each row that would not be entered."""
    counts = {
        "fresh": len(trial.fresh),
        "known": len(trial.known),
        "conflicts": len(trial.conflicts),
        "wrong": len(trial.wrong),
    }
    shares = [
        Sentence("leaving.gets", staff_id=names.get(who, who), count=count)
        for who, count in sorted(Counter(each.consultant_id for each in trial.fresh).items())
    ]
    lines = [
        *(wrong.sentence for wrong in trial.wrong),
        *(_of_conflict(each, names) for each in trial.conflicts),
    ]
    if is_json:
        said = {
            name: [line.in_language(terminal.language) for line in told[:SHOWN]]
            for name, told in (("lines", lines), ("shares", shares))
        }
        terminal.tell(json.dumps({"trial": counts, **said}, ensure_ascii=False))
        return
    for line in lines[:SHOWN]:
        terminal.tell(line)
    if len(lines) > SHOWN:
        terminal.tell(Sentence("settings.and_more", count=len(lines) - SHOWN))
    terminal.tell(Sentence("import.would", **counts))
    for share in shares:
        terminal.tell(share)


def _of_conflict(conflict: Conflict, names: dict[str, str]) -> Sentence:
    customer = conflict.customer
    who = mask_phone(customer.phone) if customer.phone else " ".join(customer.plates)
    owner = names.get(conflict.owner_id, conflict.owner_id)
    row = customer.registration_id.rpartition("-")[2]
    return Sentence("import.conflict", row=row, who=who, owner=owner)


def _progress(terminal: Terminal, entered: int, count: int, *, is_json: bool) -> None:
    if is_json:
        terminal.tell(json.dumps({"entered": entered, "of": count}))
    else:
        terminal.tell(Sentence("import.progress", entered=entered, count=count))


def _template(words: list[str], terminal: Terminal) -> int:
    parser = terminal.parser("yingbin import", "help.import")
    parser.add_argument("kind", choices=[*FORMS])
    parser.add_argument("--template", type=Path, metavar="FILE", required=True)
    asked = parser.parse_args(words)
    text = template(terminal.language, FORMS[asked.kind])
    asked.template.write_text(text, encoding="utf-8", newline="")
    terminal.tell(Sentence("import.template", path=asked.template))
    return 0


def _parser(terminal: Terminal) -> argparse.ArgumentParser:
    say = terminal.say
    parser = hub_parser(terminal, "yingbin import", "help.import")
    kinds = ["customers", "people", "passes", "plans", "undo"]
    parser.add_argument("kind", choices=kinds, help=say("help.import_kind"))
    parser.add_argument("what", metavar="FILE|ID", help=say("help.import_what"))
    parser.add_argument("--dry-run", action="store_true", help=say("help.dry_run"))
    parser.add_argument(
        "--without-conflicts", action="store_true", help=say("help.import_conflicts")
    )
    parser.add_argument("--by", metavar="ID", help=say("help.import_by"))
    parser.add_argument("--source", metavar="NAME", help=say("help.import_source"))
    parser.add_argument("--json", action="store_true", help=say("help.json"))
    return parser
