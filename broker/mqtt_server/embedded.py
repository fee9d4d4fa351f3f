"""The MQTT server for machines without mosquitto: amqtt, with the same accounts and access.

``broker/mqtt_server/run.py`` runs it as a child process. Nobody but this module, ``site_broker``
and ``connection`` imports amqtt.
"""

import asyncio
import hmac
import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import amqtt.broker
from amqtt.contexts import Action, BaseContext
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from broker.mqtt_server.accounts import Access, covers, filters, overlaps, read_accounts
from broker.mqtt_server.connection import connection_for
from broker.mqtt_server.log_limit import Sparing
from broker.mqtt_server.site_broker import SiteBroker
from shared.errors import OperatorError
from shared.tls_front import TlsFront

log = logging.getLogger(__name__)


class Accounts:
    """The accounts as they stand now, and what each may do."""

    def __init__(self, path: Path, site: str) -> None:
        self._path, self._site = path, site
        self.read()

    def read(self) -> None:
        """Take in the accounts file.

        Raises:
            OperatorError: it is missing or damaged; then everything stays as it was.
        """
        self._known = {account.username: account for account in read_accounts(self._path)}
        self._bound = {each.client_id for each in self._known.values() if each.client_id}
        self._allowed = {
            (name, access): filters(account, access, site=self._site)
            for name, account in self._known.items()
            for access in Access
        }

    def let_in(self, session: Session) -> bool:
        """Whether user name and password are an account's, and the client id is nobody else's."""
        account = self._known.get(session.username or "")
        given = (session.password or "").encode()
        if account is None or not hmac.compare_digest(account.password.encode(), given):
            return False
        wanted: str = session.client_id or ""
        if account.client_id is None:
            return wanted not in self._bound
        return wanted == account.client_id

    def allow(self, session: Session | None, access: Access, topic: str) -> bool:
        """Whether the session's account may do this."""
        name = (session.username if session else None) or ""
        return any(covers(allowed, topic) for allowed in self._allowed.get((name, access), []))

    def let_subscribe(self, session: Session | None, wanted: str) -> bool:
        """Whether the session's account may subscribe to the filter ``wanted``.

        Other people's programs ask for more than they may hear, as Home Assistant does: they get
        of it what they may, message by message.
        """
        account = self._known.get((session.username if session else None) or "")
        if account is None or not account.is_guest:
            return self.allow(session, Access.READ, wanted)
        theirs = self._allowed[account.username, Access.READ]
        return any(overlaps(allowed, wanted) for allowed in theirs)


class _SiteConfig:
    """The settings of both plugins."""

    @dataclass
    class Config:
        """Filled in by amqtt from its configuration."""

        accounts: Accounts


class SiteLogIn(_SiteConfig, BaseAuthPlugin):
    """Lets in accounts with the right password and client id, as the doorkeeper did before."""

    async def authenticate(self, *, session: Session) -> bool:
        """See amqtt."""
        accounts: Accounts = self.context.config.accounts
        return accounts.let_in(session)


class SiteAccess(_SiteConfig, BaseTopicPlugin):
    """Lets an account publish and receive what the topic table allows."""

    def __init__(self, context: BaseContext) -> None:
        super().__init__(context)
        self._refusals = Sparing()

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,
        action: Action | None = None,
    ) -> bool:
        """See amqtt."""
        access = Access.WRITE if action is Action.PUBLISH else Access.READ
        accounts: Accounts = self.context.config.accounts
        if action is Action.SUBSCRIBE:
            is_allowed = accounts.let_subscribe(session, topic or "")
        else:
            is_allowed = accounts.allow(session, access, topic or "")
        if not is_allowed and action is not Action.RECEIVE:
            name = (session.username if session else None) or ""
            for line in self._refusals.lines(f"denied {action} to {name}: {topic}"):
                log.warning("%s", line)
        return is_allowed


def _config(accounts: Accounts, host: str, ports: tuple[int, int]) -> dict[str, Any]:
    access = {"accounts": accounts}
    return {
        "listeners": {
            "default": {"type": "tcp", "bind": f"{host}:{ports[0]}"},
            "ws": {"type": "ws", "bind": f"{host}:{ports[1]}"},
        },
        "plugins": {f"{__name__}.SiteLogIn": access, f"{__name__}.SiteAccess": access},
    }


async def serve(
    accounts_file: Path,
    *,
    site: str,
    host: str,
    ports: tuple[int, int],
    fronts: Sequence[TlsFront] = (),
) -> None:
    """Serve MQTT on the first port and MQTT over WebSocket on the second, until SIGTERM.

    ``fronts`` speak TLS before them.
    """
    accounts = Accounts(accounts_file, site)
    amqtt.broker.BrokerProtocolHandler = connection_for(accounts.let_in)
    broker = SiteBroker(_config(accounts, host, ports))
    # It logs every packet, and each probe of its port as an error. A failed start raises.
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)
    logging.getLogger("transitions").setLevel(logging.WARNING)
    await broker.start()
    log.info("the embedded MQTT server is running")
    ended, changed = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_signal_handler(signal.SIGHUP, changed.set)
    beside = [asyncio.create_task(_follow(accounts, broker, changed))]
    beside += [asyncio.create_task(front.serve()) for front in fronts]
    await ended.wait()
    for task in beside:
        task.cancel()
    await broker.shutdown()


async def _follow(accounts: Accounts, broker: SiteBroker, changed: asyncio.Event) -> None:
    """Take in the accounts file whenever we are told that it changed."""
    while await changed.wait():
        changed.clear()
        try:
            accounts.read()
        except OperatorError as error:
            log.warning("%s", error)
            continue
        await broker.dismiss(accounts.let_in)
