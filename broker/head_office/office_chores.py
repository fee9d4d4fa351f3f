"""What ``yingbin head-office`` does besides running: each chore is one option."""

import argparse
import re
import secrets
from collections.abc import Callable, Mapping

import psycopg

from broker.head_office.document_store import DocumentStore, office_signer
from broker.head_office.drafts import read_draft
from broker.head_office.erasure_store import ErasureStore
from broker.head_office.journal_store import JournalStore
from broker.head_office.known_store import KnownStore, read_keys, with_new_key, write_keys
from broker.head_office.readers import ALL_SITES, ReaderStore
from broker.head_office.site_store import GroupSite, SiteStore
from shared.clock import now
from shared.command_line import Terminal
from shared.errors import OperatorError
from shared.phone import normalize_phone
from shared.words import Sentence

_SITE = re.compile(r"[a-z0-9_-]{1,64}")
_DID: Mapping[str, str] = {
    "unasked": "office.erasure_unasked",
    "waits": "office.erasure_waits",
    "nobody": "office.erasure_nobody",
    "later": "office.erasure_later",
    "done": "office.erasure_done",
}
"""What a site did about an erasure, by its state."""
Chore = Callable[[psycopg.Connection, argparse.Namespace, Terminal], int]


def _invite(connection: psycopg.Connection, asked: argparse.Namespace, terminal: Terminal) -> int:
    _require_site(asked.invite)
    DocumentStore(connection).trust(office_signer(asked.config))
    terminal.tell(SiteStore(connection).invite(asked.invite, now(), asked.company))
    terminal.tell(Sentence("office.invited", site=asked.invite))
    return 0


def _retire(connection: psycopg.Connection, asked: argparse.Namespace, terminal: Terminal) -> int:
    if not SiteStore(connection).retire(asked.retire, now()):
        raise OperatorError("error.no_office_site", site=asked.retire)
    terminal.tell(Sentence("office.retired", site=asked.retire))
    return 0


def _sites(connection: psycopg.Connection, _: argparse.Namespace, terminal: Terminal) -> int:
    for state in SiteStore(connection).sites():
        terminal.tell(_line(state))
    return 0


def _admit(connection: psycopg.Connection, asked: argparse.Namespace, terminal: Terminal) -> int:
    sites = _named_sites(asked.of)
    terminal.tell(ReaderStore(connection).admit(asked.admit, asked.role, sites, now()))
    terminal.tell(Sentence("office.admitted", name=asked.admit))
    return 0


def _dismiss(connection: psycopg.Connection, asked: argparse.Namespace, terminal: Terminal) -> int:
    if not ReaderStore(connection).dismiss(asked.dismiss, now()):
        raise OperatorError("error.no_office_reader", name=asked.dismiss)
    terminal.tell(Sentence("office.dismissed", name=asked.dismiss))
    return 0


def _recount(connection: psycopg.Connection, _: argparse.Namespace, terminal: Terminal) -> int:
    store = JournalStore(connection)
    for state in SiteStore(connection).sites():
        store.recount(state.site)
        terminal.tell(Sentence("office.recounted", site=state.site))
    return 0


def _publish(connection: psycopg.Connection, asked: argparse.Namespace, terminal: Terminal) -> int:
    draft, sites = read_draft(asked.publish), _named_sites(asked.of)
    store = DocumentStore(connection)
    for document in store.publish(draft, sites, office_signer(asked.config)):
        terminal.tell(
            Sentence(
                "office.published",
                name=document.name,
                version=document.version,
                site=document.site or ALL_SITES,
                at=f"{document.valid_from:%Y-%m-%d %H:%M %z}",
            )
        )
    return 0


def _erase(connection: psycopg.Connection, asked: argparse.Namespace, terminal: Terminal) -> int:
    phone = normalize_phone(asked.erase)
    store = ErasureStore(connection)
    erasure_id = store.order(phone, now(), office_signer(asked.config))
    terminal.tell(Sentence("office.erasure", erasure_id=erasure_id))
    return _tell_of_erasure(store, erasure_id, terminal)


def _erased(connection: psycopg.Connection, asked: argparse.Namespace, terminal: Terminal) -> int:
    return _tell_of_erasure(ErasureStore(connection), asked.erased, terminal)


def _tell_of_erasure(store: ErasureStore, erasure_id: str, terminal: Terminal) -> int:
    for line in store.done(erasure_id):
        done = Sentence(
            _DID[line.state],
            visits=line.visits,
            registrations=line.registrations,
            entries=line.entries,
            at=f"{line.at.astimezone():%Y-%m-%d %H:%M}" if line.at else "-",
        )
        terminal.tell(Sentence("office.erasure_line", site=line.site, done=done))
    return 0


def _give_keys(
    connection: psycopg.Connection, asked: argparse.Namespace, terminal: Terminal
) -> int:
    keys = read_keys(asked.config, now())
    if not keys or asked.group_key == "new":
        keys = with_new_key(keys, secrets.token_hex(32), now())
        write_keys(asked.config, keys)
    sites = KnownStore(connection).give(keys, office_signer(asked.config))
    terminal.tell(Sentence("office.keys_given", count=len(keys), sites=", ".join(sites) or "-"))
    return 0


CHORES: Mapping[str, Chore] = {
    "invite": _invite,
    "retire": _retire,
    "sites": _sites,
    "admit": _admit,
    "dismiss": _dismiss,
    "recount": _recount,
    "publish": _publish,
    "erase": _erase,
    "erased": _erased,
    "group_key": _give_keys,
}
"""By option."""


def _named_sites(of: str) -> tuple[str, ...]:
    """Their names, or ``ALL_SITES`` alone."""
    sites = tuple(filter(None, (name.strip() for name in of.split(","))))
    for site in sites:
        if sites != (ALL_SITES,):
            _require_site(site)
    return sites


def _require_site(name: str) -> None:
    if not _SITE.fullmatch(name):
        raise OperatorError("error.office_site_name", site=name)


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
