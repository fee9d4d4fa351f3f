"""Tries out at a running MQTT server who may publish and receive what (see ``access_matrix``)."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack

from broker.mqtt_server.access_matrix import (
    SYSTEM_TOPIC,
    Breach,
    Delivery,
    breaches,
    expected,
    filters_to_try,
    payload_of,
    sayings,
    speaker_of,
    topics_to_try,
)
from broker.mqtt_server.accounts import Account
from broker.mqtt_server.plain_client import PlainClient
from shared.config import MqttSettings
from shared.errors import OperatorError

ANSWER_WITHIN_S = 20.0
QUIET_S = 4.0
"""After so long without a message, those that are missing will not come."""
GRACE_S = 0.7
"""How long to wait for messages that must not come."""


def try_out(
    accounts: Collection[Account],
    *,
    site: str,
    address: tuple[str, int],
    is_live: bool,
    watcher: Account | None = None,
) -> list[Breach]:
    """The breaches that show when all ``accounts`` publish and subscribe to everything.

    ``is_live``: people work with this server, so nothing is sent to other people's programs.
    ``watcher`` is an account that may hear what no account of ``accounts`` may.

    Raises:
        OperatorError: an account cannot log in, so nothing can be tried.
    """
    topics = topics_to_try(accounts, site=site)
    asked = filters_to_try(topics, site=site)
    heard: set[Delivery] = set()
    said: set[tuple[str, str]] = set()
    with ExitStack() as opened:
        clients = {}
        for account in [*accounts, *([watcher] if watcher else [])]:
            clients[account.username] = _client(account, address, _ear(account.username, heard))
            opened.callback(clients[account.username].close)
        for client in clients.values():
            client.listen(asked, within_s=ANSWER_WITHIN_S)
        for account, topic in _turns(accounts, topics, site, is_live):
            clients[account.username].say(topic, payload_of(account.username))
            said.add((account.username, topic))
        _wait_until_all_came(expected(accounts, said, site=site), heard)
        # Last, because amqtt disconnects whoever publishes there, who then hears nothing more.
        for client in clients.values():
            client.say(SYSTEM_TOPIC, payload_of(client.username))
        time.sleep(GRACE_S)
        came = heard.copy()
    return sorted(set(breaches(accounts, said, came, site=site)))


def _turns(
    accounts: Collection[Account], topics: list[str], site: str, is_live: bool
) -> Iterator[tuple[Account, str]]:
    for account in accounts:
        for topic in sayings(account, topics, site=site, is_live=is_live):
            yield account, topic


def _client(
    account: Account, address: tuple[str, int], ear: Callable[[str, bytes], None]
) -> PlainClient:
    settings = MqttSettings(
        host=address[0], port=address[1], username=account.username, password=account.password
    )
    client = PlainClient(settings, ear).open(*address)
    if client.refusal is not None:
        client.close()
        raise OperatorError("error.mqtt_refused", username=account.username, refusal=client.refusal)
    return client


def _ear(username: str, heard: set[Delivery]) -> Callable[[str, bytes], None]:
    """Keeps who heard whom on which topic; never a payload, which may hold a visitor's data."""

    def note(topic: str, payload: bytes) -> None:
        heard.add(Delivery(username, topic, speaker_of(payload)))

    return note


def _wait_until_all_came(wanted: set[Delivery], heard: set[Delivery]) -> None:
    count, changed_at = -1, time.monotonic()
    while not wanted <= heard.copy() and time.monotonic() - changed_at < QUIET_S:
        if len(heard) != count:
            count, changed_at = len(heard), time.monotonic()
        time.sleep(0.05)
    time.sleep(GRACE_S)
