"""Waits until the running MQTT server lets a new account in."""

import time

import msgspec

from broker.mqtt_server.accounts import Account
from broker.mqtt_server.plain_client import PlainClient, way_of
from shared.config import MqttSettings

WITHIN_S = 4.0
AGAIN_AFTER_S = 0.1


def await_account(account: Account, server: MqttSettings) -> None:
    """Return once the server lets ``account`` in; also after a while, or where no server is.

    Only for an account that nobody uses yet: its owner would be disconnected.
    """
    settings = msgspec.structs.replace(server, username=account.username, password=account.password)
    give_up_at_s = time.monotonic() + WITHIN_S
    while not _is_let_in(settings, account.client_id) and time.monotonic() < give_up_at_s:
        time.sleep(AGAIN_AFTER_S)


def _is_let_in(settings: MqttSettings, client_id: str | None) -> bool:
    """Whether the server lets us in; True where there is none to ask."""
    client = PlainClient(way_of(settings), settings, client_id=client_id)
    try:
        client.open(WITHIN_S)
    except OSError:
        return True
    finally:
        client.close()
    return client.refusal is None
