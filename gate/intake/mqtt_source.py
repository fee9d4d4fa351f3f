"""Hears a vendor's cameras on their MQTT server; a message is confirmed once it is kept.

The session is the server's to remember: what comes while the gate is down is delivered afterwards.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from gate.camera.settings import CameraSettings
from gate.vendors.body import Body

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 30
TRY_AGAIN_S = 1.0


@contextmanager
def hearing(
    settings: CameraSettings, client_id: str, topics: tuple[str, ...], hear: Callable[[Body], bool]
) -> Iterator[None]:
    """Hand what comes on ``topics`` to ``hear`` inside the ``with`` block; none: do nothing."""
    if not topics:
        yield
        return
    stop = threading.Event()

    def connected(client: Client, _data: object, _flags: object, reason: Any, _p: Any) -> None:
        if reason.is_failure:
            log.warning("the cameras' MQTT server refused us: %s", reason)
            return
        log.info("connected to the cameras' MQTT server")
        client.subscribe([(topic, 1) for topic in topics])

    def took(client: Client, _data: object, raw: MQTTMessage) -> None:
        body = Body(bytes(raw.payload), f"/{raw.topic}")
        while not hear(body):  # nothing else may be confirmed before it
            if stop.wait(TRY_AGAIN_S):
                return
        client.ack(raw.mid, raw.qos)

    client = Client(CallbackAPIVersion.VERSION2, client_id, clean_session=False, manual_ack=True)
    client.username_pw_set(settings.mqtt_username or None, settings.mqtt_password or None)
    client.reconnect_delay_set(min_delay=1, max_delay=30)
    client.on_connect, client.on_message = connected, took
    client.connect_async(settings.mqtt_host, settings.mqtt_port, KEEP_ALIVE_S)
    client.loop_start()
    try:
        yield
    finally:
        stop.set()
        client.disconnect()
        client.loop_stop()
