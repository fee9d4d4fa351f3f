"""``yingbin backup``, ``restore`` and ``drill``: what was asked, and what is told."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from broker.backup.contents import CONFIG, check
from broker.backup.drill import drill
from broker.backup.erased_list import FILE_NAME as LIST_NAME
from broker.backup.erased_list import Listed, beside, merge_into, read_lists
from broker.backup.kept import backups_in
from broker.backup.making import make_backup, opened, scratch_in
from broker.backup.restoring import Lost, lost_by, open_epoch, put_in_place
from broker.backup.site_folders import (
    config_of,
    place_in,
    place_parser,
    settings_of,
)
from broker.journal.chain import Head
from broker.private_file import write_private
from broker.settings import HubSettings
from broker.site_key.key import FILE_NAME, SiteKey, key_in, make_key, read_key
from broker.site_key.sheet import in_groups, write_sheet
from shared.clock import now
from shared.command_line import Terminal
from shared.config import read_config
from shared.errors import OperatorError
from shared.in_use import holding
from shared.words import Sentence

TYPED = Path("-")
"""In place of the key's file: the key is read from the keyboard or a scanner."""

_SERVICES = ("mqtt.toml", "kiosk.toml", "gate.toml")
"""Not in a backup that the hub's own service made: it may not read them."""


def backup(terminal: Terminal, words: list[str]) -> int:
    """Make a backup, or print the key.

    Raises:
        OperatorError: there is no key, no folder for it, or the copy is not sound.
    """
    parser = place_parser(terminal, "yingbin backup", "help.backup")
    parser.add_argument("--to", type=Path, metavar="DIR", help=terminal.say("help.backup_to"))
    parser.add_argument("--print-key", action="store_true", help=terminal.say("help.print_key"))
    asked = parser.parse_args(words)
    settings = settings_of(asked)
    place = place_in(settings, asked)
    if asked.print_key:
        key = make_key(asked.key or place.key)
        terminal.tell(in_groups(key))
        sheet = write_sheet(place.config, settings.site_name, key, terminal.language)
        terminal.tell(Sentence("backup.sheet", path=sheet))
        return 0
    to = asked.to or _backup_dir(settings)
    done = make_backup(place, settings.site, _key(asked, terminal), to, now())
    terminal.tell(Sentence("backup.done", path=done, mb=f"{done.stat().st_size / 1e6:.1f}"))
    return 0


EraseAgain = Callable[[Path, Listed, SiteKey, datetime], int]
"""Erases the listed from the hub's file in a folder; how many they were."""


def restore(terminal: Terminal, words: list[str], erase_again: EraseAgain) -> int:
    """Put a backup in the place of the site's files, and tell what it lacks.

    Whoever was erased since is erased from it first.

    Raises:
        OperatorError: the hub is running, the key does not fit, or the backup is not sound.
            Nothing was changed then.
    """
    parser = place_parser(terminal, "yingbin restore", "help.restore")
    parser.add_argument("file", type=Path, metavar="FILE", help=terminal.say("help.restore_file"))
    parser.add_argument("--owner", help=terminal.say("help.setup_owner"))
    asked = parser.parse_args(words)
    key, at, config = _key(asked, terminal), now(), config_of(asked).parent
    with holding(config, "backup", "error.backup_busy"), scratch_in(config) as new:
        hub = opened(asked.file, key, new)
        restored = read_config(HubSettings, new / CONFIG / "hub.toml")
        place = place_in(restored, asked)
        with holding(place.hub, "hub", "error.hub_runs"):
            head = check(hub)
            lost = lost_by(place.hub, head)
            epoch = open_epoch(hub, asked.file.name, lost.epoch, at)
            lists = beside(asked.file.parent, restored.site), place.hub / LIST_NAME
            erased = erase_again(hub, read_lists(lists), key, at)
            merge_into(hub / LIST_NAME, lists, at)
            write_private(new / CONFIG / FILE_NAME, f"{key.text}\n")
            kept = put_in_place(new, place, at, asked.owner)
    for line in _told(head, epoch, lost, kept, erased):
        terminal.tell(line)
    if missing := [name for name in _SERVICES if not (config / name).exists()]:
        terminal.tell(Sentence("restore.settings", names=", ".join(missing)))
    return 0


def try_out(terminal: Terminal, words: list[str]) -> int:
    """Try a restore; 1 if the backup is not sound.

    Raises:
        OperatorError: there is no backup, or it cannot be opened.
    """
    parser = place_parser(terminal, "yingbin drill", "help.drill")
    which = terminal.say("help.drill_file")
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help=which)
    asked = parser.parse_args(words)
    file = asked.file or _newest(settings_of(asked))
    status = drill(file, _key(asked, terminal), now(), terminal.tell)
    if asked.key is None:
        terminal.tell(Sentence("drill.key"))
    return status


def _key(asked: Namespace, terminal: Terminal) -> SiteKey:
    """The key that was asked for, or the site's own."""
    if asked.key == TYPED:
        terminal.tell(Sentence("backup.type_key"))
        return key_in(sys.stdin.readline())
    return read_key(asked.key or config_of(asked).with_name(FILE_NAME))


def _backup_dir(settings: HubSettings) -> Path:
    if settings.backup_dir is None:
        raise OperatorError("error.backup_where")
    return Path(settings.backup_dir)


def _newest(settings: HubSettings) -> Path:
    folder = _backup_dir(settings)
    found = list(backups_in(folder, settings.site).values()) if folder.is_dir() else []
    if not found:
        raise OperatorError("error.backup_none", folder=folder)
    return found[-1]


def _told(head: Head, epoch: int, lost: Lost, kept: list[Path], erased: int) -> Iterator[str]:
    """What was restored, and what is lost."""
    at = f"{datetime.fromisoformat(head.on).astimezone():%Y-%m-%d %H:%M}"
    yield Sentence("restore.done", seq=head.seq, at=at, epoch=epoch)
    if lost.entries is None:
        yield Sentence("restore.after", at=at)
    elif lost.entries:
        yield Sentence("restore.lost", count=lost.entries, at=at)
    if erased:
        yield Sentence("restore.erased_again", count=erased)
    elif lost.erasures:
        yield Sentence("restore.erasures", count=lost.erasures)
    for folder in kept:
        yield Sentence("restore.kept", folder=folder)
    yield Sentence("restore.start")
