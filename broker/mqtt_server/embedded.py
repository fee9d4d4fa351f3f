"""The MQTT server for machines without mosquitto: amqtt, with the same accounts and access.

``broker/mqtt_server/run.py`` runs it as a child process. The only module that imports amqtt.
"""

import asyncio
import hmac
import logging
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amqtt.broker import Broker
from amqtt.contexts import Action, BaseContext
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from broker.mqtt_server.accounts import Access, Account, covers, filters, read_accounts
from broker.mqtt_server.log_limit import Sparing

log = logging.getLogger(__name__)


class _SiteConfig:
    """The settings of both plugins."""

    @dataclass
    class Config:
        """Filled in by amqtt from its configuration."""

        accounts_file: str = ""
        site: str = ""


def _accounts(context: BaseContext) -> dict[str, Account]:
    path: str = context.config.accounts_file
    return {account.username: account for account in read_accounts(Path(path))}


class SiteLogIn(_SiteConfig, BaseAuthPlugin):
    """Lets in accounts with the right password, and nobody else."""

    def __init__(self, context: BaseContext) -> None:
        super().__init__(context)
        self._accounts = _accounts(context)

    async def authenticate(self, *, session: Session) -> bool:
        """See amqtt."""
        account = self._accounts.get(session.username or "")
        given = (session.password or "").encode()
        is_right = account is not None and hmac.compare_digest(account.password.encode(), given)
        if not is_right:
            log.warning("wrong user name or password: %s", session.username)
        return is_right


class SiteAccess(_SiteConfig, BaseTopicPlugin):
    """Lets an account publish and receive what the topic table allows."""

    def __init__(self, context: BaseContext) -> None:
        super().__init__(context)
        site: str = context.config.site
        self._refusals = Sparing()
        self._allowed = {
            (name, access): filters(account, access, site=site)
            for name, account in _accounts(context).items()
            for access in Access
        }

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,
        action: Action | None = None,
    ) -> bool:
        """See amqtt."""
        access = Access.WRITE if action is Action.PUBLISH else Access.READ
        name = (session.username if session else None) or ""
        allowed = self._allowed.get((name, access), [])
        is_allowed = any(covers(topic_filter, topic or "") for topic_filter in allowed)
        if not is_allowed and action is not Action.RECEIVE:
            for line in self._refusals.lines(f"denied {action} to {name}: {topic}"):
                log.warning("%s", line)
        return is_allowed


class _SiteBroker(Broker):
    """amqtt's server without two leaks.

    It sends a client that connects the retained messages that *others* have subscribed to, and
    publishes a last will on any topic. It has no plugin for either.
    """

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        subscribers = self._subscriptions.get(subscription[0], [])
        if any(subscriber.client_id == session.client_id for subscriber, _ in subscribers):
            await super()._publish_retained_messages_for_subscription(subscription, session)

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


async def serve(accounts_file: Path, *, site: str, host: str, ports: tuple[int, int]) -> None:
    """Serve MQTT on the first port and MQTT over WebSocket on the second, until SIGTERM."""
    access = {"accounts_file": str(accounts_file), "site": site}
    broker = _SiteBroker(
        {
            "listeners": {
                "default": {"type": "tcp", "bind": f"{host}:{ports[0]}"},
                "ws": {"type": "ws", "bind": f"{host}:{ports[1]}"},
            },
            "plugins": {
                f"{__name__}.SiteLogIn": access,
                f"{__name__}.SiteAccess": access,
            },
        }
    )
    # It logs every packet, and each probe of its port as an error. A failed start raises.
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)
    logging.getLogger("transitions").setLevel(logging.WARNING)
    await broker.start()
    log.info("the embedded MQTT server is running")
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    await broker.shutdown()
