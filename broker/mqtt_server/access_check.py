"""Tries out at a running MQTT server who may publish and receive what (see ``access_matrix``)."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import pairwise

from broker.mqtt_server.access_matrix import (
    SYSTEM_TOPIC,
    Breach,
    Delivery,
    breaches,
    expected,
    filters_to_try,
    may,
    payload_of,
    sayings,
    speaker_of,
    topics_to_try,
    will_topic,
)
from broker.mqtt_server.accounts import Access, Account
from broker.mqtt_server.plain_client import PlainClient
from shared.config import MqttSettings
from shared.errors import OperatorError
from shared.topics import Party

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

    Then they come again, for what waits for them; go without a word, for their last wills; and come
    as each other. ``is_live``: people work with this server, so nothing is sent to other people's
    programs. ``watcher`` is an account that may hear what no account of ``accounts`` may.

    Raises:
        OperatorError: an account cannot log in, so nothing can be tried.
    """
    topics = topics_to_try(accounts, site=site)
    trial = _Trial([*accounts, *([watcher] if watcher else [])], site, address)
    said: set[tuple[str, str]] = set()
    with trial.connected(filters_to_try(topics, site=site)) as clients:
        for account, topic in _turns(accounts, topics, site, is_live):
            is_forbidden = not may(account, Access.WRITE, topic, site=site)
            payload = payload_of(account.username)
            clients[account.username].say(topic, payload, is_retained=is_forbidden)
            said.add((account.username, topic))
        _wait_until_all_came(expected(accounts, said, site=site), trial.heard)
        # Last, because amqtt disconnects whoever publishes there, who then hears nothing more.
        for client in clients.values():
            client.say(SYSTEM_TOPIC, payload_of(client.username))
        time.sleep(GRACE_S)
    with trial.connected(filters_to_try(topics, site=site)) as clients:
        time.sleep(GRACE_S)
        _clear(breaches(accounts, said, trial.heard.copy(), site=site), clients)
        time.sleep(GRACE_S)
        _break_off(accounts, clients)
    found = set(breaches(accounts, said, trial.heard.copy(), site=site))
    return sorted(found | set(_borrowed_ids(accounts, address)))


class _Trial:
    """Connects the accounts, and keeps what they hear."""

    def __init__(self, accounts: list[Account], site: str, address: tuple[str, int]) -> None:
        self._accounts, self._address = accounts, address
        self._will = will_topic(site)
        self.heard: set[Delivery] = set()

    @contextmanager
    def connected(self, asked: list[str]) -> Iterator[dict[str, PlainClient]]:
        """A client of each account, by user name, each with a will that it may not have."""
        with ExitStack() as opened:
            clients = {}
            for account in self._accounts:
                will = (self._will, payload_of(account.username))
                client = _client(account, self._address, self._ear(account.username), will)
                clients[account.username] = client
                opened.callback(client.close)
            for client in clients.values():
                client.listen(asked, within_s=ANSWER_WITHIN_S)
            yield clients

    def _ear(self, username: str) -> Callable[[str, bytes], None]:
        """Keeps who heard whom on which topic; never a payload, which may hold visitors' data."""

        def note(topic: str, payload: bytes) -> None:
            self.heard.add(Delivery(username, topic, speaker_of(payload)))

        return note


def _break_off(accounts: Collection[Account], clients: Mapping[str, PlainClient]) -> None:
    """Let all go without a word but those who hear the last wills."""
    for account in accounts:
        if account.party not in (Party.HUB, Party.MONITOR):
            clients[account.username].drop()
    time.sleep(GRACE_S)


def _clear(found: Iterable[Breach], clients: Mapping[str, PlainClient]) -> None:
    """Take back what the server has wrongly kept for those who come later."""
    for breach in set(found):
        if breach.access == "write" and not breach.is_allowed:
            clients[breach.username].say(breach.topic, b"", is_retained=True)


def _borrowed_ids(accounts: Collection[Account], address: tuple[str, int]) -> Iterator[Breach]:
    """The accounts that are let in with the client id of another."""
    bound = [account for account in accounts if account.client_id is not None]
    for account, other in pairwise([*bound, *bound[:1]]):
        client = PlainClient(_settings(account, address), client_id=other.client_id)
        client.open(*address)
        client.close()
        if client.refusal is None and account != other:
            yield Breach(account.username, "connect", str(other.client_id), is_allowed=False)


def _turns(
    accounts: Collection[Account], topics: list[str], site: str, is_live: bool
) -> Iterator[tuple[Account, str]]:
    for account in accounts:
        for topic in sayings(account, topics, site=site, is_live=is_live):
            yield account, topic


def _client(
    account: Account,
    address: tuple[str, int],
    ear: Callable[[str, bytes], None],
    will: tuple[str, bytes],
) -> PlainClient:
    settings = _settings(account, address)
    client = PlainClient(settings, ear, client_id=account.client_id, last_will=will).open(*address)
    if client.refusal is not None:
        client.close()
        raise OperatorError("error.mqtt_refused", username=account.username, refusal=client.refusal)
    return client


def _settings(account: Account, address: tuple[str, int]) -> MqttSettings:
    return MqttSettings(
        host=address[0], port=address[1], username=account.username, password=account.password
    )


def _wait_until_all_came(wanted: set[Delivery], heard: set[Delivery]) -> None:
    count, changed_at = -1, time.monotonic()
    while not wanted <= heard.copy() and time.monotonic() - changed_at < QUIET_S:
        if len(heard) != count:
            count, changed_at = len(heard), time.monotonic()
        time.sleep(0.05)
    time.sleep(GRACE_S)
