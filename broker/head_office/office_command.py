"""``yingbin head-office``: runs it, or does one chore: whom it takes, who reads, a count anew."""

import argparse
import resource
from contextlib import closing
from pathlib import Path

import psycopg

from broker.head_office.connections import Stores
from broker.head_office.office_app import create_office
from broker.head_office.office_chores import CHORES
from broker.head_office.office_settings import OfficeSettings
from broker.head_office.pg_schema import migrate_office
from broker.head_office.readers import ROLES
from shared.clock import now
from shared.command_line import Terminal
from shared.config import read_config
from shared.errors import OperatorError
from shared.log import start_logging
from shared.stop import told_to_stop
from shared.systemd import notify
from shared.web_server import WebServer, listen

LARGEST_BODY_BYTES = 4 << 20
BEAT_S = 5.0
MOST_CONNECTIONS = 5000
"""Each site keeps one open."""


def main(words: list[str], terminal: Terminal) -> int:
    """Run the head office, or do what was asked for.

    Raises:
        OperatorError: the settings are wrong or the database is not there.
    """
    asked = _asked(words, terminal)
    settings = read_config(OfficeSettings, asked.config)
    try:
        with closing(psycopg.connect(settings.database_url, autocommit=True)) as connection:
            migrate_office(connection)
            for name, chore in CHORES.items():
                if getattr(asked, name):
                    return chore(connection, asked, terminal)
    except psycopg.Error as error:
        raise OperatorError("error.database", problem=str(error).strip()) from error
    start_logging()
    return _run(settings)


def _asked(words: list[str], terminal: Terminal) -> argparse.Namespace:
    say, parser = terminal.say, terminal.parser("yingbin head-office", "help.head_office")
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help=say("help.office_config")
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--invite", metavar="SITE", help=say("help.office_invite"))
    what.add_argument("--retire", metavar="SITE", help=say("help.office_retire"))
    what.add_argument("--sites", action="store_true", help=say("help.office_sites"))
    what.add_argument("--admit", metavar="NAME", help=say("help.office_admit"))
    what.add_argument("--dismiss", metavar="NAME", help=say("help.office_dismiss"))
    what.add_argument("--publish", type=Path, metavar="FILE", help=say("help.office_publish"))
    what.add_argument("--erase", metavar="PHONE", help=say("help.office_erase"))
    what.add_argument("--erased", metavar="ID", help=say("help.office_erased"))
    what.add_argument("--group-key", choices=("give", "new"), help=say("help.office_group_key"))
    what.add_argument("--recount", action="store_true", help=say("help.office_recount"))
    roles = tuple(ROLES)
    parser.add_argument("--role", choices=roles, default=roles[0], help=say("help.office_role"))
    parser.add_argument("--company", metavar="NAME", default="", help=say("help.office_company"))
    parser.add_argument("--of", metavar="SITES", default="*", help=say("help.office_of"))
    return parser.parse_args(words)


def _run(settings: OfficeSettings) -> int:
    ended = told_to_stop()
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    stores = Stores(settings.database_url)
    app = create_office(stores, now)
    listener = listen(settings.listen_host, settings.listen_port)
    sizes = {"largest_body": LARGEST_BODY_BYTES, "most_connections": MOST_CONNECTIONS}
    server = WebServer(app, listener, settings, **sizes)
    server.start()
    notify("READY=1")
    while not ended.wait(BEAT_S):
        notify("WATCHDOG=1")
    server.stop()
    stores.close()
    return 0
