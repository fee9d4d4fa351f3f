"""``yingbin settings``: what the site chose as a file that people read, and such a file taken."""

import argparse
import json
import os
from contextlib import closing
from errno import ENOENT
from pathlib import Path

from broker.choices.changes import between, rows_at
from broker.choices.readable_file import merged, rows_in, written
from broker.choices.rows import PINS
from broker.journal.choices import changes_in
from broker.journal.entries import open_read_only
from broker.local.local_socket import ask
from broker.local.questions import SettingsChange
from broker.private_file import write_private
from broker.settings import hub_file, hub_parser
from shared.clock import now
from shared.command_line import Terminal
from shared.errors import OperatorError
from shared.ids import new_id
from shared.words import Sentence

SHOWN = 20


def main(words: list[str], terminal: Terminal) -> int:
    """Write the settings to a file, or take them from one.

    Raises:
        OperatorError: the file cannot be read, a value cannot hold, or no hub is running.
    """
    asked = _parser(terminal).parse_args(words)
    path = hub_file(config=asked.config, data=asked.data)
    with closing(open_read_only(path)) as db:
        rows = rows_at(changes_in(db), now())
    if asked.act == "export":
        text = written({row: rows[row] for row in rows if row[0] != PINS or asked.with_pins})
        if asked.file is None:
            terminal.tell(text)
        else:
            write_private(asked.file, text)
            terminal.tell(Sentence("settings.exported", path=asked.file, count=len(rows)))
        return 0
    if asked.file is None:
        raise OperatorError("error.settings_which_file")
    if not asked.file.exists():
        raise OperatorError("error.config_unread", path=asked.file, problem=os.strerror(ENOENT))
    wanted = merged(rows, rows_in(asked.file))
    edits = between(rows, wanted)
    for edit in edits[:SHOWN]:
        terminal.tell(f"{edit.section}.{edit.row}: {_shown(edit.was)} → {_shown(edit.now)}")
    if len(edits) > SHOWN:
        terminal.tell(Sentence("settings.and_more", count=len(edits) - SHOWN))
    if not edits or asked.dry_run:
        terminal.tell(Sentence("settings.dry_run" if edits else "settings.as_it_is"))
        return 0
    moment = now()
    change = SettingsChange(
        change_id=new_id(moment), asked_at=moment, edits=edits, source=asked.file.name
    )
    ask(path.parent, change)
    terminal.tell(Sentence("settings.imported", count=len(edits)))
    return 0


def _shown(value: object) -> str:
    return "—" if value is None else json.dumps(value, ensure_ascii=False)


def _parser(terminal: Terminal) -> argparse.ArgumentParser:
    say = terminal.say
    parser = hub_parser(terminal, "yingbin settings", "help.settings")
    parser.add_argument("act", choices=["export", "import"])
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help=say("help.settings_file")
    )
    parser.add_argument("--with-pins", action="store_true", help=say("help.settings_pins"))
    parser.add_argument("--dry-run", action="store_true", help=say("help.dry_run"))
    return parser
