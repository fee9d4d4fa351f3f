"""``yingbin head-office``: runs it; ``--invite``, ``--retire``, ``--sites``: whom it takes."""

import re
from contextlib import closing
from pathlib import Path

import psycopg

from broker.head_office.office_settings import OfficeSettings
from broker.head_office.pg_schema import migrate_office
from broker.head_office.receiving import Stores, create_office
from broker.head_office.site_store import GroupSite, SiteStore
from shared.clock import now
from shared.command_line import Terminal
from shared.config import read_config
from shared.errors import OperatorError
from shared.log import start_logging
from shared.stop import told_to_stop
from shared.systemd import notify
from shared.web_server import WebServer, listen
from shared.words import Sentence

LARGEST_BODY_BYTES = 4 << 20
_SITE = re.compile(r"[a-z0-9_-]{1,64}")


def main(words: list[str], terminal: Terminal) -> int:
    """Run the head office, or say and change which sites it takes.

    Raises:
        OperatorError: the settings are wrong or the database is not there.
    """
    say, parser = terminal.say, terminal.parser("yingbin head-office", "help.head_office")
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help=say("help.office_config")
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--invite", metavar="SITE", help=say("help.office_invite"))
    what.add_argument("--retire", metavar="SITE", help=say("help.office_retire"))
    what.add_argument("--sites", action="store_true", help=say("help.office_sites"))
    asked = parser.parse_args(words)
    settings = read_config(OfficeSettings, asked.config)
    try:
        with closing(psycopg.connect(settings.database_url, autocommit=True)) as connection:
            migrate_office(connection)
            store = SiteStore(connection)
            if asked.invite:
                return _invite(store, asked.invite, terminal)
            if asked.retire:
                return _retire(store, asked.retire, terminal)
            if asked.sites:
                return _tell_sites(store, terminal)
    except psycopg.Error as error:
        raise OperatorError("error.database", problem=str(error).strip()) from error
    start_logging()
    return _run(settings)


def _run(settings: OfficeSettings) -> int:
    ended = told_to_stop()
    stores = Stores(settings.database_url)
    app = create_office(stores, now)
    listener = listen(settings.listen_host, settings.listen_port)
    server = WebServer(app, listener, settings, largest_body=LARGEST_BODY_BYTES)
    server.start()
    notify("READY=1")
    ended.wait()
    server.stop()
    stores.close()
    return 0


def _invite(store: SiteStore, site: str, terminal: Terminal) -> int:
    if not _SITE.fullmatch(site):
        raise OperatorError("error.office_site_name", site=site)
    terminal.tell(store.invite(site, now()))
    terminal.tell(Sentence("office.invited", site=site))
    return 0


def _retire(store: SiteStore, site: str, terminal: Terminal) -> int:
    if not store.retire(site, now()):
        raise OperatorError("error.no_office_site", site=site)
    terminal.tell(Sentence("office.retired", site=site))
    return 0


def _tell_sites(store: SiteStore, terminal: Terminal) -> int:
    for state in store.sites():
        terminal.tell(_line(state))
    return 0


def _line(state: GroupSite) -> Sentence:
    seen = state.last_seen_at
    return Sentence(
        "office.retired_line" if state.retired_at else "office.site_line",
        site=state.site,
        version=state.version or "-",
        seen=f"{seen.astimezone():%Y-%m-%d %H:%M:%S}" if seen else "-",
        stored=state.line.stored_through,
        waiting=state.waiting,
        epoch=state.line.epoch,
        alarms=state.alarms,
    )
