"""``yingbin update``: what was asked, and what is told."""

import os
import platform
import signal
from argparse import ArgumentParser
from pathlib import Path

from broker.updating.changing import Update, go_on, take
from broker.updating.going_back import go_back
from broker.updating.installation import USUAL_ROOT, Installation
from broker.updating.removable import mounted_media, newest_release
from broker.updating.signature import trusted_keys
from broker.updating.unit_files import USUAL_FOLDER
from shared.command_line import Terminal
from shared.errors import OperatorError
from shared.in_use import holding

USUAL_CONFIG = Path("/etc/yingbin")
_EVERYBODY_READS = 0o022
"""The services run as another user than who installs."""
_ANY = Path()
"""In place of a folder: whatever is plugged in."""


def update(terminal: Terminal, words: list[str]) -> int:
    """Change to another release; 1: it did not work and was taken back.

    Raises:
        OperatorError: it cannot be taken; the site runs as before.
    """
    asked = _parser(terminal).parse_args(words)
    installation = Installation(asked.root)
    wanted = Update(installation, asked.config, terminal.tell, asked.units)
    if not asked.root.is_dir():
        raise OperatorError("error.not_installed", folder=asked.root)
    os.umask(_EVERYBODY_READS)
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # a lost connection must not stop it half-way
    with holding(asked.root, "update", "error.update_busy"):
        if asked.go_on or installation.trial is not None:
            return go_on(wanted)
        if asked.back:
            return go_back(wanted, restores=asked.restore)
        keys = trusted_keys(asked.release_key, asked.config)
        file = asked.file
        if asked.usb is not None:
            folders = mounted_media() if asked.usb == _ANY else (asked.usb,)
            file = newest_release(folders, keys, platform.machine())
        return take(wanted, file, keys)


def _parser(terminal: Terminal) -> ArgumentParser:
    say, parser = terminal.say, terminal.parser("yingbin update", "help.update")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", metavar="FILE", help=say("help.update_file"))
    what.add_argument(
        "--usb", type=Path, nargs="?", const=_ANY, metavar="DIR", help=say("help.update_usb")
    )
    what.add_argument("--back", action="store_true", help=say("help.update_back"))
    what.add_argument("--go-on", action="store_true", help=say("help.update_go_on"))
    parser.add_argument("--restore", action="store_true", help=say("help.update_restore"))
    parser.add_argument(
        "--config", type=Path, default=USUAL_CONFIG, metavar="DIR", help=say("help.update_config")
    )
    parser.add_argument("--release-key", type=Path, metavar="FILE", help=say("help.release_key"))
    parser.add_argument(
        "--root", type=Path, default=USUAL_ROOT, metavar="DIR", help=say("help.update_root")
    )
    parser.add_argument(
        "--units", type=Path, default=USUAL_FOLDER, metavar="DIR", help=say("help.update_units")
    )
    return parser
