"""``yingbin export``: a register of the hub's file as an Excel or CSV file."""

import argparse
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from datetime import date
from functools import partial
from pathlib import Path

from broker.choices.rows import SiteChoices
from broker.console.register_view import (
    FIRST_DAY,
    LAST_DAY,
    Cell,
    RowsWanted,
    SheetHead,
    ShownRow,
)
from broker.heads.signed_now import config_folder
from broker.journal.choices import chosen_in
from broker.journal.entries import open_read_only
from broker.local.local_socket import ask
from broker.local.questions import RegisterExported
from broker.registers.all_registers import REGISTERS
from broker.registers.columns import FileReading
from broker.registers.csv_file import write_csv
from broker.registers.sheets import Reader, sheet_head, shown_rows
from broker.registers.writer import Writer
from broker.registers.xlsx_file import write_xlsx
from broker.settings import HubSettings, first_policy, hub_file, hub_parser
from broker.site_file import first_people
from broker.wording.decisions import Teller
from shared.clock import now
from shared.command_line import Terminal
from shared.config import read_config
from shared.database import Database
from shared.errors import OperatorError
from shared.ids import new_id
from shared.words import DEFAULT_LANGUAGE, Sentence

FORMATS = {"xlsx": write_xlsx, "csv": write_csv}
Say = Callable[..., str]
TELL_EVERY_S = 1.0


def main(words: list[str], terminal: Terminal) -> int:
    """Write the file, and tell where it lies.

    Raises:
        OperatorError: there is no such file, the hub that must note it does not run, or the disk
            takes nothing.
    """
    parser = _parser(terminal)
    asked = parser.parse_args(words)
    hub = hub_file(config=asked.config, data=asked.data)
    people, policy = chosen_in(hub, now) or _first_chosen(asked)
    teller = Teller(people.names(), policy, _language(terminal), people.words)
    moment = now()
    first, last = _days(asked, teller.policy.local(moment).date())
    if problem := _problem(asked, first, last):
        parser.error(problem.in_language(terminal.language))
    kind, path = _target(asked, first, last)
    if asked.unmask:
        ask(hub.parent, _noted(asked, first, last))
    with closing(open_read_only(hub)) as connection:
        reading = FileReading(Database(connection), teller.policy, first, last, moment)
        write, register = Writer(teller, moment), REGISTERS[asked.register]
        rows = shown_rows(register, reading, write, Reader(None, asked.unmask), RowsWanted())
        shown = _telling(rows, reading, terminal, time.monotonic)
        count = _written(path, FORMATS[kind], sheet_head(register, write), shown)
    terminal.tell(Sentence("export.done", path=path, count=count))
    return 0


def _parser(terminal: Terminal) -> argparse.ArgumentParser:
    say, parser = terminal.say, hub_parser(terminal, "yingbin export", "help.export")
    parser.add_argument(
        "register",
        choices=REGISTERS,
        metavar="REGISTER",
        help=say("help.export_register", names=" ".join(REGISTERS)),
    )
    days = {
        "on": ("--on", "help.export_on"),
        "first": ("--from", "help.export_first"),
        "last": ("--to", "help.export_last"),
    }
    day = partial(_day, say=say)
    for name, (option, explained) in days.items():
        parser.add_argument(option, dest=name, type=day, metavar="DATE", help=say(explained))
    parser.add_argument("--format", choices=FORMATS, help=say("help.export_format"))
    parser.add_argument("--out", type=Path, metavar="FILE", help=say("help.export_out"))
    parser.add_argument("--unmask", action="store_true", help=say("help.export_unmask"))
    parser.add_argument("--reason", metavar="TEXT", help=say("help.export_reason"))
    return parser


def _day(text: str, say: Say) -> date:
    """A day like ``2026-11-23``, of those that the pages know too.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if FIRST_DAY <= day <= LAST_DAY:
            return day
    said = say("error.export_day", text=text, first=FIRST_DAY, last=LAST_DAY)
    raise argparse.ArgumentTypeError(said)


def _first_chosen(asked: Namespace) -> SiteChoices:
    """What a site begins with whose hub has not started yet."""
    folder = config_folder(config=asked.config, data=asked.data)
    settings = read_config(HubSettings, asked.config or folder / "hub.toml")
    people, _ = first_people(Path(settings.site_file))
    return SiteChoices(people, first_policy(settings)[0])


def _language(terminal: Terminal) -> str:
    """A register is Chinese, wherever the command is typed, unless it is asked for otherwise."""
    return terminal.asked or DEFAULT_LANGUAGE


def _days(asked: Namespace, today: date) -> tuple[date, date]:
    """The first and the last day; today, if nothing is said."""
    first, last = asked.first or asked.on, asked.last or asked.on
    first = first or last or today
    return first, last or max(today, first)


def _problem(asked: Namespace, first: date, last: date) -> Sentence | None:
    """What is wrong with what was typed."""
    if asked.on and (asked.first or asked.last):
        return Sentence("error.export_on")
    if asked.unmask != bool((asked.reason or "").strip()):
        return Sentence("error.export_reason")
    if first > last:
        return Sentence("error.export_days", first=first, last=last)
    return None


def _target(asked: Namespace, first: date, last: date) -> tuple[str, Path]:
    """The format, and where the file shall lie."""
    suffix = asked.out.suffix.lower().lstrip(".") if asked.out else ""
    kind = asked.format or (suffix if suffix in FORMATS else "xlsx")
    days = f"{first}" if first == last else f"{first}_{last}"
    return kind, asked.out or Path(f"{asked.register}_{days}.{kind}")


def _noted(asked: Namespace, first: date, last: date) -> RegisterExported:
    return RegisterExported(
        request_id=new_id(),
        asked_at=now(),
        register=asked.register,
        first=first,
        last=last,
        reason=asked.reason.strip(),
    )


def _telling(
    rows: Iterable[ShownRow], asked: FileReading, terminal: Terminal, clock_s: Callable[[], float]
) -> Iterator[tuple[Cell, ...]]:
    """The rows, while it is told now and then which day it is at."""
    told_s, of = clock_s(), (asked.last - asked.first).days + 1
    for count, row in enumerate(rows, 1):
        if clock_s() - told_s >= TELL_EVERY_S:
            told_s, done = clock_s(), (row.on - asked.first).days
            terminal.warn(Sentence("export.progress", on=row.on, done=done, of=of, rows=count))
        yield row.cells


def _written(
    path: Path,
    write: Callable[[Path, SheetHead, Iterable[tuple[Cell, ...]]], int],
    head: SheetHead,
    rows: Iterable[tuple[Cell, ...]],
) -> int:
    """Write a new file, which takes the place of an old one once it is whole; only ours to read."""
    if not path.name or _is_something_else(path):
        raise OperatorError("error.export_target", path=path)
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        count = write(fresh, head, rows)
        fresh.replace(path)
    except OSError as error:
        raise OperatorError("error.export_file", path=path, problem=error) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return count


def _is_something_else(path: Path) -> bool:
    """Whether a folder or a device lies there, which a file must not replace."""
    with suppress(OSError):
        return path.exists() and not path.is_file()
    return False
