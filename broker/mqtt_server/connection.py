"""One client's connection to the embedded server: who is let in, and what they did not confirm."""

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Any

from amqtt.adapters import ReaderAdapter, WriterAdapter
from amqtt.errors import AMQTTError, MQTTError
from amqtt.mqtt.connack import NOT_AUTHORIZED, ConnackPacket
from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
from amqtt.mqtt.puback import PubackPacket
from amqtt.mqtt.pubcomp import PubcompPacket
from amqtt.mqtt.pubrec import PubrecPacket
from amqtt.mqtt.pubrel import PubrelPacket
from amqtt.session import OutgoingApplicationMessage, Session

from shared.codec import MAX_PAYLOAD_BYTES

log = logging.getLogger(__name__)

FIRST_PACKET_WITHIN_S = 10.0
SILENCES = 1.5
"""After so many of its keep-alive times without a word a client is gone (MQTT-3.1.2-24)."""
UNDER_WAY = 20
"""So many messages of better quality are sent to a client at once, as mosquitto does."""
WAITING = 2000
"""So many may wait for it, as in our mosquitto's settings; what comes then is lost."""


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


def let_wait(session: Session, message: OutgoingApplicationMessage) -> None:
    """Keep the message until its client takes it."""
    if session.retained_messages.qsize() >= WAITING:
        log.warning("lost: %d messages wait for %s already", WAITING, session.client_id)
        return
    session.retained_messages.put_nowait(message)


class Connection(BrokerProtocolHandler):
    """A connection that sends again what its client did not confirm (MQTT-4.4.0-1).

    amqtt's own forgets it after five seconds, and when the connection ends. It also waits for
    confirmations where others wait for it, and does not care whether a client is silent.
    """

    is_taken_over = False
    """Whether the same client connected anew and goes on with the session."""

    def attach(self, session: Session, reader: ReaderAdapter, writer: WriterAdapter) -> None:
        """See amqtt."""
        super().attach(session, _BoundedReader(reader), writer)
        self._under_way = set[asyncio.Task[None]]()

    def handle_read_timeout(self) -> None:
        """Disconnect a client that was silent for too long; its last will is published."""
        if self._reader_task is not None:
            self._reader_task.cancel()

    async def mqtt_publish(
        self,
        topic: str,
        data: bytes | bytearray,
        qos: int | None,
        retain: bool,
        ack_timeout: int | None = None,
    ) -> OutgoingApplicationMessage:
        """Send a message, or let it wait behind others.

        Raises:
            AMQTTError: the client is gone.
        """
        session = self._attached()
        message = OutgoingApplicationMessage(None, topic, qos, data, retain)
        if qos:
            let_wait(session, message)
            await self._send_waiting()
        else:
            await self._send_packet(message.build_publish_packet())
        return message

    async def handle_puback(self, puback: PubackPacket) -> None:
        """Forget what the client has."""
        await self._forget(puback.packet_id)

    async def handle_pubrec(self, pubrec: PubrecPacket) -> None:
        """Note that the client has it, and say so."""
        if message := self._attached().inflight_out.get(pubrec.packet_id):
            message.pubrec_packet = pubrec
        await self._send_packet(PubrelPacket.build(pubrec.packet_id))

    async def handle_pubcomp(self, pubcomp: PubcompPacket) -> None:
        """Forget what the client has."""
        await self._forget(pubcomp.packet_id)

    async def _retry_deliveries(self) -> None:
        """Send again what was under way when the last connection ended, in its order."""
        session = self._attached()
        for message in list(session.inflight_out.values()):
            await self._say(message)
        for received in list(session.inflight_in.values()):
            task = asyncio.create_task(self._handle_message_flow(received))
            self._under_way.add(task)  # or it might be forgotten
            task.add_done_callback(self._under_way.discard)
        await self._send_waiting()

    async def _forget(self, packet_id: int) -> None:
        self._attached().inflight_out.pop(packet_id, None)
        await self._send_waiting()

    async def _send_waiting(self) -> None:
        session, taken = self._attached(), []
        while not session.retained_messages.empty() and len(session.inflight_out) < UNDER_WAY:
            message = session.retained_messages.get_nowait()
            message.packet_id = session.next_packet_id
            session.inflight_out[message.packet_id] = message
            taken.append(message)
        for message in taken:
            await self._say(message)

    async def _say(self, message: OutgoingApplicationMessage) -> None:
        """Take the next step of a message's way to the client, perhaps once more."""
        if message.pubrec_packet is not None:
            await self._send_packet(PubrelPacket.build(message.packet_id))
            return
        packet = message.build_publish_packet(dup=message.publish_packet is not None)
        message.publish_packet = packet
        await self._send_packet(packet)

    def _attached(self) -> Session:
        if self.session is None:
            raise AMQTTError("the client is gone")
        return self.session


def connection_for(let_in: Callable[[Session], bool]) -> type[Connection]:
    """The connections of clients whom ``let_in`` lets in, and of nobody else.

    amqtt's own ends the session of the client id that is asked for before it looks at the
    password, and waits for ever for the first packet.
    """

    class Doorkeeper(Connection):
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
            if not let_in(session):
                log.warning("not authorised: %s as %s", session.username, session.client_id)
                await ConnackPacket.build(0, NOT_AUTHORIZED).to_stream(writer)
                raise MQTTError("refused")
            session.keep_alive = math.ceil(session.keep_alive * SILENCES)
            return handler, session

    return Doorkeeper
