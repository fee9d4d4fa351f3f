"""Takes accounts in and out of the running mosquitto: who is taken out is disconnected at once."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from broker.mqtt_server.accounts import Account
from broker.mqtt_server.mosquitto import CONTROL, client, role
from broker.mqtt_server.plain_client import PlainClient, Way
from shared.config import MqttSettings

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 5.0
SHUT_FOR_S = 15 * 60.0
"""How long an account stays out that came with another's client id. The plugin refuses that for all
accounts but those that choose their ids; of these it lets the first attempt in. Only the id of an
account of an older release can be guessed."""


class _Response(msgspec.Struct, frozen=True):
    """The plugin's answer to one command."""

    command: str
    error: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    """The plugin's answer."""

    responses: tuple[_Response, ...]


class LiveAccounts:
    """The accounts as the running mosquitto knows them. Belongs to one thread, but for its ear."""

    def __init__(
        self, known: Sequence[Account], ruler: Account, *, site: str, address: tuple[str, int]
    ) -> None:
        self._wanted = tuple(known)
        self._known = {account.username: account for account in known}
        self._ruler, self._site, self._address = ruler, site, address
        self._shut: dict[str, float] = {}

    def take_in(self, wanted: Sequence[Account] | None) -> bool:
        """Let mosquitto know these accounts and no others; None: those that were wanted before.

        False: it did not do all of it.
        """
        self._wanted = self._wanted if wanted is None else tuple(wanted)
        shut = [name for name, until_s in self._shut.items() if time.monotonic() < until_s]
        after = {each.username: each for each in self._wanted if each.username not in shut}
        if after == self._known:
            return True
        gone = [each for name, each in self._known.items() if after.get(name) != each]
        new = [each for name, each in after.items() if self._known.get(name) != each]
        if not self._rule([*_take_out(gone), *_put_in(new, self._site)]):
            return False
        self._known = after
        return True

    def note_connection(self, client_id: str, username: str) -> None:
        """Hear who connected, on any thread: who came as somebody else is shut out for a while."""
        owner = self._known.get(client_id)
        if owner is not None and owner.client_id == client_id and username != client_id:
            log.warning("%s came as %s: it is shut out for a while", username, client_id)
            self._shut[username] = time.monotonic() + SHUT_FOR_S

    def _rule(self, commands: list[dict[str, Any]]) -> bool:
        """Send the plugin these commands; whether it carried them all out."""
        answered, answers = threading.Event(), list[bytes]()

        def hear(_topic: str, payload: bytes) -> None:
            answers.append(payload)
            answered.set()

        own = self._ruler
        settings = MqttSettings(username=own.username, password=own.password)
        ruler = PlainClient(Way(*self._address), settings, hear, client_id=own.client_id)
        try:
            ruler.open()
            ruler.listen([f"{CONTROL}/response"], within_s=ANSWER_WITHIN_S)
            ruler.say(CONTROL, msgspec.json.encode({"commands": commands}))
            answered.wait(ANSWER_WITHIN_S)
            told = msgspec.json.decode(answers[0], type=_Answer) if answers else None
        except (OSError, msgspec.DecodeError):
            return False
        finally:
            ruler.close()
        return told is not None and all(each.error is None for each in told.responses)


def _take_out(accounts: Sequence[Account]) -> Iterator[dict[str, Any]]:
    for account in accounts:
        yield {"command": "deleteClient", "username": account.username}
        yield {"command": "deleteRole", "rolename": account.username}


def _put_in(accounts: Sequence[Account], site: str) -> Iterator[dict[str, Any]]:
    for account in accounts:
        yield {"command": "createRole", **role(account, site=site)}
        yield {"command": "createClient", **client(account), "password": account.password}
