"""An MQTT client that knows nothing of our messages, to try out a server as anybody could."""

import secrets
import threading
from collections.abc import Callable
from typing import Any, Self

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from shared.config import MqttSettings

CONNECT_WITHIN_S = 15.0


class PlainClient:
    """A connection with the client id that is asked for, else with one that nobody has."""

    def __init__(
        self,
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
        self._client = Client(CallbackAPIVersion.VERSION2, own_id, clean_session=True)
        self.username = settings.username if settings else ""
        if settings is not None:
            self._client.username_pw_set(settings.username, settings.password)
        self._client.max_inflight_messages_set(0)
        self._answered, self._subscribed = threading.Event(), threading.Event()
        self._on_message = on_message
        self.refusal: str | None = None
        """Why the server refused the log-in."""
        if last_will is not None:
            self._client.will_set(*last_will)
        self._client.on_connect = self._note_answer
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        if on_message is not None:
            self._client.on_message = self._pass_on

    def open(self, host: str, port: int, *, within_s: float = CONNECT_WITHIN_S) -> Self:
        """Connect. If the server refuses the log-in, ``refusal`` says why.

        Raises:
            OSError: nothing listens there.
        """
        self._client.connect(host, port, keepalive=30)
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
        self._client.on_connect = self._client.on_message = self._client.on_subscribe = None

    def _note_answer(
        self, _client: Client, _data: object, _flags: object, why: Any, _p: Any
    ) -> None:
        self.refusal = str(why) if why.is_failure else None
        self._answered.set()

    def _pass_on(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        assert self._on_message is not None
        self._on_message(message.topic, bytes(message.payload))
