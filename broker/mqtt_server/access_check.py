"""Tries out at a running MQTT server who may publish and receive what (see ``access_matrix``)."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle

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
from broker.mqtt_server.plain_client import PlainClient, Way
from shared.config import MqttSettings
from shared.errors import OperatorError
from shared.topics import Party

ANSWER_WITHIN_S = 20.0
QUIET_S = 4.0
"""After so long without a message, those that are missing will not come; a busy machine is given as
long as it took until then."""
ALL_BEGUN_WITHIN_S = 90.0
GRACE_S = 0.7
"""How long to wait for messages that must not come."""


def try_out(
    accounts: Sequence[Account],
    *,
    site: str,
    ways: Sequence[Way],
    is_live: bool,
    watcher: Account | None = None,
) -> list[Breach]:
    """The breaches that show when all ``accounts`` publish and subscribe to everything.

    Then they come again, for what waits for them; go without a word, for their last wills; and come
    as each other. They take the ``ways`` to the server in turn. ``is_live``: people work with this
    server, so nothing is sent to other people's programs. ``watcher`` is an account that may hear
    what no account of ``accounts`` may.

    Raises:
        OperatorError: an account cannot log in, so nothing can be tried.
    """
    topics, began = topics_to_try(accounts, site=site), time.monotonic()
    trial = _Trial([*accounts, *([watcher] if watcher else [])], site, ways)
    said: set[tuple[str, str]] = set()
    with trial.connected(filters_to_try(topics, site=site)) as clients:
        for account, topic in _turns(accounts, topics, site, is_live):
            is_forbidden = not may(account, Access.WRITE, topic, site=site)
            payload = payload_of(account.username)
            clients[account.username].say(topic, payload, is_retained=is_forbidden)
            said.add((account.username, topic))
        patience_s = max(QUIET_S, time.monotonic() - began)
        _wait_until_all_came(expected(accounts, said, site=site), trial.heard, patience_s)
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
    return sorted(found | set(trial.borrowed_ids(accounts)))


class _Trial:
    """Connects the accounts, and keeps what they hear."""

    def __init__(self, accounts: list[Account], site: str, ways: Sequence[Way]) -> None:
        self._accounts, self._ways = (
            accounts,
            dict(zip(_names(accounts), cycle(ways), strict=False)),
        )
        self._will = will_topic(site)
        self.heard: set[Delivery] = set()

    @contextmanager
    def connected(self, asked: list[str]) -> Iterator[dict[str, PlainClient]]:
        """A client of each account, by user name, each with a will that it may not have."""
        with ExitStack() as opened:
            clients = {}
            for account in self._accounts:
                will = (self._will, payload_of(account.username))
                client = self._client(account, self._ear(account.username), will)
                clients[account.username] = client
                opened.callback(client.close)
                _refuse_refused(client)
            for client in clients.values():
                client.listen(asked, within_s=ANSWER_WITHIN_S)
            yield clients

    def borrowed_ids(self, accounts: Collection[Account]) -> Iterator[Breach]:
        """The accounts that throw another off by its client id, or are let in with it.

        Those that choose their ids are let in with any; so they try what they could guess.
        """
        bound = [account for account in accounts if account.client_id is not None]
        with ExitStack() as opened:
            owners = {account.username: self._client(account) for account in bound}
            for client in owners.values():
                opened.callback(client.close)
                _refuse_refused(client)
            let_in = [pair for pair in _pairs(accounts, bound) if self._is_let_in_as(*pair)]
            time.sleep(GRACE_S)
            for thief, owner in let_in:
                if thief.client_id is not None or owners[owner.username].was_thrown_off:
                    yield Breach(thief.username, "connect", owner.username, is_allowed=False)

    def _is_let_in_as(self, thief: Account, owner: Account) -> bool:
        wanted = owner.username if thief.client_id is None else owner.client_id
        client = self._client(thief, client_id=wanted)
        client.close()
        return client.refusal is None

    def _client(
        self,
        account: Account,
        ear: Callable[[str, bytes], None] | None = None,
        will: tuple[str, bytes] | None = None,
        client_id: str | None = None,
    ) -> PlainClient:
        settings = MqttSettings(username=account.username, password=account.password)
        own_id = client_id or account.client_id
        way = self._ways[account.username]
        return PlainClient(way, settings, ear, client_id=own_id, last_will=will).open()

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


def _names(accounts: Iterable[Account]) -> list[str]:
    return [account.username for account in accounts]


def _pairs(
    accounts: Collection[Account], owners: Sequence[Account]
) -> Iterator[tuple[Account, Account]]:
    """Each account with two others: a neighbour, and one that takes another way."""
    for place, thief in enumerate(accounts):
        for further in (1, 2):
            owner = owners[(place + further) % len(owners)]
            if owner != thief and not (thief.client_id is None and owner.can_be_guessed):
                yield thief, owner


def _turns(
    accounts: Collection[Account], topics: list[str], site: str, is_live: bool
) -> Iterator[tuple[Account, str]]:
    for account in accounts:
        for topic in sayings(account, topics, site=site, is_live=is_live):
            yield account, topic


def _refuse_refused(client: PlainClient) -> None:
    if client.refusal is not None:
        raise OperatorError("error.mqtt_refused", username=client.username, refusal=client.refusal)


def _wait_until_all_came(wanted: set[Delivery], heard: set[Delivery], patience_s: float) -> None:
    """Until all came, or nothing more does after everybody was heard once.

    Each says first what the server must refuse, which keeps a busy one for long.
    """
    speakers = {delivery.speaker for delivery in wanted}
    count, changed_at = -1, time.monotonic()
    give_up_at = changed_at + ALL_BEGUN_WITHIN_S
    while not wanted <= (came := heard.copy()):
        moment = time.monotonic()
        if len(came) != count:
            count, changed_at = len(came), moment
        has_begun = speakers <= {each.speaker for each in came} or moment > give_up_at
        if has_begun and moment - changed_at > patience_s:
            break
        time.sleep(0.05)
    time.sleep(GRACE_S)
