"""Accounts for a trial that may do what a site's accounts may, and disturb nobody.

Whoever connected with an account's own client id would throw its owner off.
"""

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from broker.mqtt_server.accounts import Account, read_accounts, write_accounts
from broker.mqtt_server.admitted import await_account
from shared.config import MqttSettings

PREFIX = "yingbin-twin-"


@contextmanager
def twins(path: Path, of: Collection[Account], server: MqttSettings) -> Iterator[list[Account]]:
    """A twin of each account, in this order, which stand in the accounts file ``path`` meanwhile.

    Raises:
        OSError: the file cannot be written.
    """
    made = [
        msgspec.structs.replace(
            account,
            username=f"{PREFIX}{secrets.token_hex(8)}",
            password=secrets.token_urlsafe(18),
        ).with_own_id()
        for account in of
    ]
    write_accounts(path, (*without_twins(read_accounts(path)), *made))
    try:
        for twin in made:
            await_account(twin, server)
        yield made
    finally:
        write_accounts(path, without_twins(read_accounts(path)))


def without_twins(accounts: Collection[Account]) -> list[Account]:
    """``accounts`` without those that a trial made, which may have been killed."""
    return [account for account in accounts if not account.username.startswith(PREFIX)]
