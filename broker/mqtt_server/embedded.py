"""The MQTT server for machines without mosquitto: amqtt, with the same accounts and access.

``broker/mqtt_server/run.py`` runs it as a child process. The only module that imports amqtt.
"""

import asyncio
import hmac
import logging
import math
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import amqtt.broker
from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import Action, BaseContext
from amqtt.errors import MQTTError
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from broker.mqtt_server.accounts import Access, covers, filters, overlaps, read_accounts
from broker.mqtt_server.log_limit import Sparing
from shared.codec import MAX_PAYLOAD_BYTES
from shared.errors import OperatorError
from shared.tls_front import TlsFront

log = logging.getLogger(__name__)

FIRST_PACKET_WITHIN_S = 10.0
SILENCES = 1.5
"""After so many of its keep-alive times without a word a client is gone (MQTT-3.1.2-24)."""


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


class _BoundedReader(ReaderAdapter):
    """Reads from a client, no more at once than a message may be long."""

    def __init__(self, reader: ReaderAdapter) -> None:
        self._reader = reader

    async def read(self, n: int = -1) -> bytes:
        """See amqtt.

        Raises:
            ValueError: a longer message comes; amqtt then closes the connection.
        """
        if n > MAX_PAYLOAD_BYTES:
            log.warning("disconnected: sends %d bytes, more than %d", n, MAX_PAYLOAD_BYTES)
            raise ValueError(n)
        return bytes(await self._reader.read(n))

    def feed_eof(self) -> None:
        """See amqtt."""
        self._reader.feed_eof()


def _doorkeeper(accounts: Accounts) -> type[BrokerProtocolHandler]:
    """The handler of a client's connection, which lets in nobody but ``accounts``.

    amqtt's own ends the session of the client id that is asked for before it looks at the password,
    waits for ever for the first packet, and does not care whether a client is silent.
    """

    class Doorkeeper(BrokerProtocolHandler):
        """One client's connection."""

        @classmethod
        async def init_from_connect(
            cls, reader: ReaderAdapter, writer: WriterAdapter, *others: Any, **more: Any
        ) -> tuple[BrokerProtocolHandler, Session]:
            """See amqtt."""
            reading = super().init_from_connect(_BoundedReader(reader), writer, *others, **more)
            try:
                handler, session = await asyncio.wait_for(reading, FIRST_PACKET_WITHIN_S)
            except (TimeoutError, ValueError) as error:
                raise MQTTError("no first packet") from error
            if not accounts.let_in(session):
                log.warning("not authorised: %s as %s", session.username, session.client_id)
                await ConnackPacket.build(0, NOT_AUTHORIZED).to_stream(writer)
                raise MQTTError("refused")
            session.keep_alive = math.ceil(session.keep_alive * SILENCES)
            return handler, session

        def attach(self, session: Session, reader: ReaderAdapter, writer: WriterAdapter) -> None:
            """See amqtt."""
            super().attach(session, _BoundedReader(reader), writer)

        def handle_read_timeout(self) -> None:
            """Disconnect a client that was silent for too long; its last will is published."""
            if self._reader_task is not None:
                self._reader_task.cancel()

    return Doorkeeper


class _SiteBroker(Broker):
    """amqtt's server without three faults.

    It sends a client that connects the retained messages that *others* have subscribed to,
    publishes a last will on any topic, and keeps the old connection of a client that connects
    again. It has no plugin for these.
    """

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        wanted, qos = subscription
        subscribers = self._subscriptions.get(wanted, [])
        if not any(subscriber.client_id == session.client_id for subscriber, _ in subscribers):
            return
        for topic in list(self._retained_messages):
            may_hear = self._matches(topic, wanted) and await self._topic_filtering(
                session, topic, Action.RECEIVE
            )
            if may_hear:  # one by one: the filter may be wider than what they may hear
                await super()._publish_retained_messages_for_subscription((topic, qos), session)

    async def _handle_disconnect(
        self,
        client_session: Session,
        handler: BrokerProtocolHandler,
        disconnect_waiter: asyncio.Future[Any],
    ) -> None:
        if client_session.will_flag and not await self._topic_filtering(
            client_session, client_session.will_topic or "", Action.PUBLISH
        ):
            client_session.will_flag = False
        await super()._handle_disconnect(client_session, handler, disconnect_waiter)

    async def _delete_session(self, client_id: str) -> None:
        """End the session of a client that connects anew, and its old connection (MQTT-3.1.4-2)."""
        session, handler = self._sessions.get(client_id, (None, None))
        if session is not None and session.transitions.is_connected():
            await handler.handle_connection_closed()
        await super()._delete_session(client_id)

    async def dismiss(self, accounts: Accounts) -> None:
        """Disconnect whoever has no account any more."""
        for session, handler in list(self._sessions.values()):
            if session.transitions.is_connected() and not accounts.let_in(session):
                log.info("disconnected: %s has no account any more", session.username)
                await handler.handle_connection_closed()


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
    amqtt.broker.BrokerProtocolHandler = _doorkeeper(accounts)
    broker = _SiteBroker(_config(accounts, host, ports))
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


async def _follow(accounts: Accounts, broker: _SiteBroker, changed: asyncio.Event) -> None:
    """Take in the accounts file whenever we are told that it changed."""
    while await changed.wait():
        changed.clear()
        try:
            accounts.read()
        except OperatorError as error:
            log.warning("%s", error)
            continue
        await broker.dismiss(accounts)
