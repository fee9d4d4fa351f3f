"""amqtt's server as the embedded one needs it: who is sent what, and by which connection."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.mqtt.constants import QOS_0, QOS_1, QOS_2
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.session import OutgoingApplicationMessage, Session

from broker.mqtt_server.connection import let_wait

log = logging.getLogger(__name__)

_SENT_WITH = "yingbin.qos"
"""The quality of service of the message that a session brought last."""
_A_MOMENT_S = 0.01


class SiteBroker(Broker):
    """amqtt's server without some faults.

    It sends a client that connects the retained messages that *others* have subscribed to,
    publishes a last will on any topic, keeps the old connection of a client that connects again,
    sends all with the subscription's quality of service, and twice where two of one client's
    filters fit. It has no plugin for these.
    """

    async def _handle_message_delivery(
        self,
        client_session: Session,
        handler: BrokerProtocolHandler,
        wait_deliver: asyncio.Future[Any],
    ) -> bool:
        if message := wait_deliver.result():
            client_session.attributes[_SENT_WITH] = message.qos
        return bool(await super()._handle_message_delivery(client_session, handler, wait_deliver))

    async def _broadcast_message(
        self,
        session: Session | None,
        topic: str | None,
        data: bytes | bytearray | None,
        force_qos: int | None = None,
    ) -> None:
        if force_qos is None and session is not None:
            force_qos = session.attributes.get(_SENT_WITH)
        await super()._broadcast_message(session, topic, data, force_qos)

    async def _run_broadcast(self, running_tasks: deque[asyncio.Task[Any]]) -> None:
        """Send one message to everybody who may hear it, once, as well as both sides wished."""
        told = await self._broadcast_queue.get()
        topic, data = told["topic"], told["data"]
        for session, wished in self._hearers(topic):
            qos = min(wished, told.get("qos", wished))
            if not await self._topic_filtering(session, topic, Action.RECEIVE):
                continue
            if session.transitions.is_connected():
                if handler := self._get_handler(session):
                    telling = handler.mqtt_publish(topic, data, qos, retain=False)
                    running_tasks.append(asyncio.ensure_future(telling))
            elif qos and not session.clean_session:
                let_wait(session, OutgoingApplicationMessage(None, topic, qos, data, retain=False))

    def _hearers(self, topic: str) -> Iterable[tuple[Session, int]]:
        """Whose filters fit, each with the best quality of service of these (MQTT-3.3.5-1)."""
        found: dict[str, tuple[Session, int]] = {}
        for wanted, subscribers in self._subscriptions.items():
            if self._matches(topic, wanted):
                for session, qos in subscribers:
                    _, best = found.get(session.client_id, (session, qos))
                    found[session.client_id] = session, max(qos, best)
        return found.values()

    async def add_subscription(self, subscription: tuple[str, int], session: Session) -> int:
        """Let a subscription take the place of an older one to the same filter (MQTT-3.8.4-3)."""
        granted = int(await super().add_subscription(subscription, session))
        if granted in (QOS_0, QOS_1, QOS_2):
            self._subscriptions[subscription[0]] = [
                (one, granted if one.client_id == session.client_id else qos)
                for one, qos in self._subscriptions[subscription[0]]
            ]
        return granted

    async def _publish_session_retained_messages(self, session: Session) -> None:
        """What waited for the client is sent by its connection, as it begins."""

    async def _initialize_client_session(
        self, *connected: Any
    ) -> tuple[BrokerProtocolHandler, Session]:
        """Let a client that connects anew go on with its session (MQTT-3.1.4-2)."""
        new, session = await super()._initialize_client_session(*connected)
        known, old = self._sessions.get(session.client_id, (None, None))
        if known is session and session.transitions.is_connected():
            old.is_taken_over = True
            await old.handle_connection_closed()
            while session.transitions.is_connected():
                await asyncio.sleep(_A_MOMENT_S)
        return new, session

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
            retained, handler = self._retained_messages.get(topic), self._get_handler(session)
            if may_hear and retained and handler:  # the filter may be wider than what they may hear
                best = min(qos, retained.qos or 0)
                await handler.mqtt_publish(topic, retained.data, best, retain=True)

    async def _handle_disconnect(
        self,
        client_session: Session,
        handler: BrokerProtocolHandler,
        disconnect_waiter: asyncio.Future[Any],
    ) -> None:
        if handler.is_taken_over:  # the session's last will is the new connection's
            await self._stop_handler(handler)
            client_session.transitions.disconnect()
            return
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

    async def dismiss(self, let_in: Callable[[Session], bool]) -> None:
        """Disconnect whoever has no account any more."""
        for session, handler in list(self._sessions.values()):
            if session.transitions.is_connected() and not let_in(session):
                log.info("disconnected: %s has no account any more", session.username)
                await handler.handle_connection_closed()
