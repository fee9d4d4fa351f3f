"""A site that is about to be started: its people, secrets, certificates and settings."""

import logging
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from msgspec import DecodeError

from broker.certificates.keeping import keep
from broker.journal.choices import chosen_in
from broker.journal.entries import FILE_NAME
from broker.launch import demo
from broker.launch.setup import Plan, Secrets, read_or_make_secrets, write_settings
from broker.launch.supervise import Program
from broker.private_file import write_private
from broker.site_file import SitePeople, first_people
from shared.clock import now
from shared.errors import OperatorError
from shared.sealed_file import sqlite3

log = logging.getLogger(__name__)

_COMMANDS = {
    "mqtt": ("broker", "mqtt"),
    "hub": ("broker", "hub"),
    "kiosk": ("kiosk",),
    "gate": ("gate",),
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A site that can be started."""

    plan: Plan
    people: SitePeople
    kept: Secrets
    paths: dict[str, Path]
    """Of its programs' settings."""

    def programs(self, called: str = "") -> list[Program]:
        """The site's programs, in the order in which they are started."""
        return [
            Program(
                called + name,
                [sys.executable, "-m", *_COMMANDS[name], "--config", str(path)],
            )
            for name, path in self.paths.items()
        ]


def prepare(plan: Plan) -> Prepared:
    """Make the secrets, certificates and settings that the site's programs need.

    Raises:
        OperatorError: the settings are wrong.
    """
    people = _people(plan)
    kept = read_or_make_secrets(plan, people)
    try:
        keep(plan.config, plan.site_name, now())
    except OSError as error:  # the pages are served without https, or with the old certificate
        log.warning("no new certificate: %s", error)
    return Prepared(plan, people, kept, write_settings(plan, kept))


def require_free(host: str, ports: Iterable[int]) -> None:
    """Refuse to start where somebody else listens.

    Raises:
        OperatorError: names the port.
    """
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise OperatorError(
                    "error.up_port", port=port, problem=error.strerror, other=port + 1000
                ) from error


def _people(plan: Plan) -> SitePeople:
    """Who works here: by the hub's file, or, at a new site, by ``site.toml``."""
    if plan.is_demo and not plan.people.exists():
        plan.people.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(plan.people, demo.site_toml(now()))
    try:
        chosen = chosen_in(plan.state / "hub" / FILE_NAME, now)
    except (sqlite3.DatabaseError, DecodeError):
        chosen = None  # the hub mends it
    return chosen.people if chosen else first_people(plan.people)[0]
