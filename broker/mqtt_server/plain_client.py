"""An MQTT client that knows nothing of our messages, to try out a server as anybody could."""

import secrets
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from shared.config import MqttSettings
from shared.trust import trusting

CONNECT_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Way:
    """A port of the MQTT server, and how it is spoken to there."""

    host: str
    port: int
    transport: Literal["tcp", "websockets"] = "tcp"
    trusting: ssl.SSLContext | None = None
    """What is trusted where the port speaks TLS; None: it does not."""

    @property
    def name(self) -> str:
        """As people call it."""
        plain, secure = ("mqtt", "mqtts") if self.transport == "tcp" else ("ws", "wss")
        return secure if self.trusting else plain


def way_of(settings: MqttSettings) -> Way:
    """The way that a program with these settings goes.

    Raises:
        OperatorError: there is no certificate in its file of the authority.
    """
    trusted = trusting(settings.ca_file) if settings.tls else None
    return Way(settings.host, settings.port, trusting=trusted)


class PlainClient:
    """A connection with the client id that is asked for, else with one that nobody has."""

    def __init__(
        self,
        way: Way,
        settings: MqttSettings | None,
        on_message: Callable[[str, bytes], None] | None = None,
        *,
        client_id: str | None = None,
        last_will: tuple[str, bytes] | None = None,
    ) -> None:
        """``settings`` None: no user name is given. ``on_message`` runs on the client's thread.

        ``last_will``: a topic and what the server shall say there once we are gone without a word.
        """
        own_id = client_id or f"probe-{secrets.token_hex(8)}"
        self._way = way
        self._client = Client(
            CallbackAPIVersion.VERSION2, own_id, clean_session=True, transport=way.transport
        )
        if way.trusting is not None:
            self._client.tls_set_context(way.trusting)
        self.username = settings.username if settings else ""
        if settings is not None:
            self._client.username_pw_set(settings.username, settings.password)
        self._client.max_inflight_messages_set(0)
        self._answered, self._subscribed = threading.Event(), threading.Event()
        self._on_message = on_message
        self.refusal: str | None = None
        """Why the server refused the log-in."""
        self.was_thrown_off = False
        """Whether the connection ended without our doing."""
        if last_will is not None:
            self._client.will_set(*last_will)
        self._client.on_connect = self._note_answer
        self._client.on_disconnect = self._note_end
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        if on_message is not None:
            self._client.on_message = self._pass_on

    def open(self, within_s: float = CONNECT_WITHIN_S) -> Self:
        """Connect. If the server refuses the log-in, ``refusal`` says why.

        Raises:
            OSError: nothing listens there.
        """
        self._client.connect(self._way.host, self._way.port, keepalive=30)
        self._client.loop_start()
        if not self._answered.wait(within_s):
            self.refusal = "no answer"
        return self

    def listen(self, filters: list[str], *, within_s: float) -> bool:
        """Subscribe at QoS 0, so that no message waits for another; whether the server answered."""
        self._subscribed.clear()
        self._client.subscribe([(topic_filter, 0) for topic_filter in filters])
        return self._subscribed.wait(within_s)

    def say(self, topic: str, payload: bytes, *, is_retained: bool = False) -> None:
        """Publish without waiting."""
        self._client.publish(topic, payload, qos=0, retain=is_retained)

    def drop(self) -> None:
        """Break off the connection without a word."""
        self._client.loop_stop()
        if (connection := self._client.socket()) is not None:
            connection.close()

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()
        self._client.on_connect = self._client.on_disconnect = None
        self._client.on_message = self._client.on_subscribe = None

    def _note_answer(
        self, _client: Client, _data: object, _flags: object, why: Any, _p: Any
    ) -> None:
        self.refusal = str(why) if why.is_failure else None
        self._answered.set()

    def _note_end(self, _client: Client, _data: object, _flags: object, why: Any, _p: Any) -> None:
        self.was_thrown_off |= why.is_failure and self.refusal is None

    def _pass_on(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        assert self._on_message is not None
        self._on_message(message.topic, bytes(message.payload))
